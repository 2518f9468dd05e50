import assert from 'node:assert/strict'
import type { ExcerptPlan } from '../../src/shared/protocol/excerpts.ts'
import { LiveEngine } from '../support/live-engine.ts'

const PLAN: ExcerptPlan = {
  ...{ filter: 'type:message', connection: null, at: { from: 1 } },
  ...{ max: 10, maxText: 40, maxTotal: 10_000, mask: [] },
}

describe('excerpts of events', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })

  afterEach(() => live.close())

  const list = async (plan: Partial<ExcerptPlan> = {}) =>
    await live.engine.handlers.excerpts({ ...PLAN, ...plan })

  it('come in pages, from the first or from the last', async () => {
    const { id, peer } = await live.open()
    for (const n of [1, 2, 3, 4, 5]) peer.send(`${n}`)
    await live.until(() => live.engine.status().events === 7)
    const first = await list({ max: 2 })
    assert.deepEqual(
      first.events.map(({ number, text }) => [number, text]),
      [
        [3, '1'],
        [4, '2'],
      ],
    )
    assert.deepEqual([first.next, first.matches], [5, 5])
    const rest = await list({ at: { from: first.next ?? 0 } })
    assert.deepEqual(
      rest.events.map(({ text }) => text),
      ['3', '4', '5'],
    )
    assert.equal(rest.next, null)
    const last = await list({ at: { before: null }, max: 2 })
    assert.deepEqual(
      last.events.map(({ text }) => text),
      ['4', '5'],
    )
    assert.equal(last.next, 6)
    const before = await list({ at: { before: last.next }, max: 9 })
    assert.deepEqual(
      before.events.map(({ text }) => text),
      ['1', '2', '3'],
    )
    assert.equal(before.next, null)
    assert.equal((await list({ connection: id + 1 })).matches, 0)
    await assert.rejects(async () => await list({ filter: 'size:>' }), { code: 'BAD_FILTER' })
  })

  it('are bounded, and say what they leave out', async () => {
    const { peer } = await live.open()
    peer.send('ä'.repeat(100))
    peer.send(Buffer.alloc(100, 0xff))
    for (let n = 0; n < 30; n++) peer.send(`${'x'.repeat(39)}${n}`)
    await live.until(() => live.engine.status().events === 34)
    const { events, next } = await list({ maxTotal: 2000, max: 100 })
    const [text, binary] = events
    assert.deepEqual([text?.text, text?.size, text?.notShown], ['ä'.repeat(40), 200, 120])
    assert.deepEqual([binary?.base64, binary?.notShown], [Buffer.alloc(30, 0xff).toString('base64'), 70])
    assert.ok(JSON.stringify(events).length < 2200)
    assert.equal(next, (events.at(-1)?.number ?? 0) + 1)
    const one = await list({ maxTotal: 1 })
    assert.equal(one.events.length, 1)
  })

  it('mask secrets of events, and in payloads what is named or looks like one', async () => {
    const { peer } = await live.open()
    peer.send('{"pin":"1234","n":1}')
    peer.send(`{"password":"open sesame"}`)
    peer.send(`${'x'.repeat(30)} Bearer abcdefghijklmnopqrstuvwxyz0123456789`)
    await live.until(() => live.engine.status().events === 5)
    const { events } = await list({ filter: '', mask: ['pin'], maxText: 60 })
    const json = JSON.stringify(events)
    for (const secret of ['hush', '1234', 'sesame', 'abcdefgh'])
      assert.ok(!json.includes(secret), `${secret}: ${json}`)
    assert.deepEqual(
      events.slice(2).map(({ masked }) => masked),
      [true, true, true],
    )
    await assert.rejects(async () => await list({ mask: ['$['] }), { code: 'BAD_MASK' })
  })
})

describe('waiting for an event', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })

  afterEach(() => live.close())

  const wait = async (
    filter: string,
    connection: number | null,
    more: { from?: number; timeout?: number } = {},
  ) =>
    await live.engine.handlers.awaitEvent({
      filter,
      connection,
      from: 1,
      timeout: 60_000,
      ticket: filter,
      ...more,
    })

  it('finds one that is there or comes', async () => {
    const { id, peer } = await live.open()
    peer.send('{"n":1}')
    assert.deepEqual(await wait('$.n == 1', id), { end: 'found', found: 3, next: 4 })
    const later = wait('$.n == 1', id, { from: 4 })
    const other = wait('/n.:2/', null)
    peer.send('{"n":2}')
    peer.send('{"n":1}')
    assert.deepEqual(await later, { end: 'found', found: 5, next: 6 })
    assert.equal((await other).found, 4)
  })

  it('finds none before the first one that it may find, also by the gap between events', async () => {
    const { id, peer } = await live.open()
    for (const n of [1, 2, 3]) peer.send(`${n}`)
    await live.until(() => live.engine.status().events === 5)
    assert.equal((await wait('gap:>=0', id)).found, 2)
    assert.equal((await wait('gap:>=0', id, { from: 4 })).found, 4)
  })

  it('ends with the connection, at its time, if it is canceled, and with the session', async () => {
    const { id, peer } = await live.open()
    assert.equal((await wait('nothing', id, { timeout: 1 })).end, 'timeout')
    const canceled = wait('never', id)
    live.engine.handlers.cancelAwait({ ticket: 'never' })
    assert.equal((await canceled).end, 'cancelled')
    await assert.rejects(async () => await wait('size:>', id), { code: 'BAD_FILTER' })
    const cleared = wait('cleared', id)
    live.engine.handlers.clear(null)
    await assert.rejects(async () => await cleared, { code: 'CANCELLED' })
    const ended = wait('ended', id)
    peer.close()
    await live.engine.handlers.disconnect({ id })
    assert.equal((await ended).end, 'ended')
    assert.equal((await wait('ended', 99)).end, 'ended')
  })

  it('is limited in number', async () => {
    const { id } = await live.open()
    const waits = Array.from({ length: 100 }, (_, n) =>
      live.engine.handlers.awaitEvent({
        filter: 'x',
        connection: id,
        from: 1,
        timeout: 60_000,
        ticket: `${n}`,
      }),
    )
    await assert.rejects(async () => await wait('x', id), { code: 'TOO_MANY' })
    await live.engine.handlers.disconnect({ id })
    assert.ok((await Promise.all(waits)).every(({ end }) => end === 'ended'))
  })
})
