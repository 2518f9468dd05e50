import assert from 'node:assert/strict'
import type { EventDetail, EventPreview } from '../../../src/shared/protocol.ts'
import { Previews } from '../../../webview/state/events/previews.ts'
import { DEFAULT_LAYOUT, LayoutStore, parseLayout } from '../../../webview/state/layout.ts'
import { FIRST_BYTES, MOST_BYTES, Selection } from '../../../webview/state/selection.ts'

/** Reads that the test ends. */
function controlled<T, A extends unknown[]>() {
  const calls: { args: A; resolve: (value: T) => void; reject: (error: Error) => void }[] = []
  const read = (...args: A) =>
    new Promise<T>((resolve, reject) => {
      calls.push({ args, resolve, reject })
    })
  return { calls, read }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))
const saying = (text: string): EventPreview => ({ payloadName: '', text })
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

describe('previews', () => {
  it('are read for one range at a time, and then for the latest request only', async () => {
    const { calls, read } = controlled<readonly EventPreview[], [readonly number[]]>()
    let changes = 0
    const previews = new Previews(read, () => changes++)
    previews.want([1, 2])
    previews.want([5, 6])
    previews.want([2, 9])
    assert.equal(calls.length, 1)
    calls[0]?.resolve([saying('one'), saying('two')])
    await settled()
    assert.deepEqual(
      calls.map(({ args }) => args[0]),
      [[1, 2], [9]],
    )
    assert.equal(previews.get(2)?.text, 'two')
    assert.equal(changes, 1)
  })

  it('that arrive with their events are not read', () => {
    const { calls, read } = controlled<readonly EventPreview[], [readonly number[]]>()
    const previews = new Previews(read, () => {})
    previews.put(7, [saying('seven'), saying('eight')])
    previews.want([7, 8])
    assert.equal(previews.get(8)?.text, 'eight')
    assert.equal(calls.length, 0)
  })

  it('are read again once more is decoded, and shown as they were until then', async () => {
    const { calls, read } = controlled<readonly EventPreview[], [readonly number[]]>()
    const previews = new Previews(read, () => {})
    previews.put(7, [{ ...saying('seven'), isPending: true }, saying('eight')])
    previews.want([7, 8])
    previews.refresh(false)
    assert.equal(previews.get(7)?.text, 'seven')
    // More is decoded while the page reads.
    previews.refresh(false)
    calls[0]?.resolve([{ ...saying('still seven'), isPending: true }])
    await settled()
    calls[1]?.resolve([saying('sum')])
    await settled()
    assert.equal(previews.get(7)?.text, 'sum')
    previews.refresh(false)
    assert.deepEqual(
      calls.map(({ args }) => args[0]),
      [[7], [7]],
    )
    previews.refresh(true)
    assert.deepEqual(calls[2]?.args[0], [7, 8])
  })

  it('leave a row blank if a read fails, and read it when it is requested again', async () => {
    const { calls, read } = controlled<readonly EventPreview[], [readonly number[]]>()
    const previews = new Previews(read, () => {})
    previews.want([1])
    calls[0]?.reject(new Error('gone'))
    await settled()
    assert.equal(previews.get(1), undefined)
    assert.equal(calls.length, 1)
    previews.want([1])
    assert.equal(calls.length, 2)
  })

  it('are limited, and drop the least recently used first', async () => {
    const previews = new Previews(
      async (indexes) => indexes.map((index) => saying(String(index))),
      () => {},
    )
    for (let from = 0; from < 5000; from += 200) {
      previews.want([0, ...range(from + 1, from + 200)])
      await settled()
    }
    assert.equal(previews.get(0)?.text, '0')
    assert.equal(previews.get(1), undefined)
    assert.equal(previews.get(4999)?.text, '4999')
  })

  it('of a session that was cleared are not kept', async () => {
    const { calls, read } = controlled<readonly EventPreview[], [readonly number[]]>()
    const previews = new Previews(read, () => {})
    previews.want([1])
    previews.clear()
    calls[0]?.resolve([saying('old')])
    await settled()
    assert.equal(previews.get(1), undefined)
  })
})

describe('the selected event', () => {
  const detail = (index: number): EventDetail => ({
    index,
    fields: {},
    payload: undefined,
    size: 0,
    dropped: false,
  })

  it('is read where a held arrow key stops, not on the way', async () => {
    const { calls, read } = controlled<EventDetail, [number, number]>()
    const selection = new Selection(read)
    for (const index of [1, 2, 3, 4]) selection.select(index)
    await settled()
    calls[0]?.resolve(detail(1))
    await settled()
    assert.deepEqual(selection.current.value, { index: 4, detail: undefined, failure: undefined })
    calls[1]?.resolve(detail(4))
    await settled()
    assert.deepEqual(
      calls.map(({ args }) => args),
      [
        [1, FIRST_BYTES],
        [4, FIRST_BYTES],
      ],
    )
    assert.deepEqual(selection.current.value, { index: 4, detail: detail(4), failure: undefined })
  })

  it('loads more up to a bound', async () => {
    const { calls, read } = controlled<EventDetail, [number, number]>()
    const selection = new Selection(read)
    selection.select(3)
    calls[0]?.resolve(detail(3))
    await settled()
    selection.loadMore()
    assert.deepEqual(calls[1]?.args, [3, MOST_BYTES])
  })

  it('says why it cannot be read', async () => {
    const selection = new Selection(() => Promise.reject(new Error('The spool is gone.')))
    selection.select(3)
    await settled()
    assert.equal(selection.current.value?.failure, 'The spool is gone.')
  })

  it('stays cleared when its answer comes late', async () => {
    const { calls, read } = controlled<EventDetail, [number, number]>()
    const selection = new Selection(read)
    selection.select(3)
    selection.clear()
    calls[0]?.resolve(detail(3))
    await settled()
    assert.equal(selection.current.value, undefined)
  })
})

describe('the layout kept over reloads', () => {
  it('is restored', () => {
    const layout = {
      beside: 0.5,
      below: 0.3,
      tab: 'hex',
      json: 'text',
      heartbeats: 'hidden',
      wrap: false,
      columns: { type: 200 },
      time: 'clock',
      details: false,
      chosen: { size: false },
      paths: ['$.price'],
      folded: true,
      timeline: 200,
    } as const
    assert.deepEqual(parseLayout(structuredClone(layout)), layout)
  })

  it('uses its defaults for invalid values', () => {
    assert.deepEqual(parseLayout(undefined), DEFAULT_LAYOUT)
    assert.deepEqual(parseLayout({ beside: 7, below: 'x', tab: 5, columns: 3, time: 4 }), DEFAULT_LAYOUT)
  })

  it('removes the messages that an older version kept, because they may contain secrets', () => {
    const saved: unknown[] = []
    new LayoutStore({
      loadState: () => ({ tab: 'hex', history: ['{"token":"s3cret"}'] }),
      saveState: (state) => saved.push(state),
    })
    assert.deepEqual(saved, [{ ...DEFAULT_LAYOUT, tab: 'hex' }])
  })
})
