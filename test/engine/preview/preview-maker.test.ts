import assert from 'node:assert/strict'
import { Capture } from '../../../src/capture/capture.ts'
import { ConnectionStarts } from '../../../src/engine/connection-starts.ts'
import { SessionDecoding } from '../../../src/engine/decoding/session-decoding.ts'
import { Pairs } from '../../../src/engine/pairs/pairs.ts'
import { PreviewMaker } from '../../../src/engine/preview/preview-maker.ts'
import type { Direction } from '../../../src/shared/event.ts'
import { SETTINGS } from '../../../src/vscode/settings/settings.ts'
import { processorTime } from '../../support/linear.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

const WISH = { generation: 1, find: [], paths: [], replyKeys: SETTINGS['realtimeInspector.replyKeys'] }

const captures: Capture[] = []

async function closeAll(): Promise<void> {
  for (const capture of captures.splice(0)) await capture.close()
  removeTempDirs()
}

function makerOf(
  messages: readonly (readonly [time: number, direction: Direction, text: string, connection?: number])[],
) {
  const log = new Capture({ directory: tempDir(), clock: { startedAt: new Date(0) } })
  captures.push(log)
  for (const [time, direction, text, connection = 1] of messages)
    log.append({
      type: 'message',
      ...{ connection, time, direction },
      opcode: 'text',
      frames: 1,
      compressed: false,
      payload: Buffer.from(text),
    })
  const decoding = new SessionDecoding(log, new ConnectionStarts())
  const maker = new PreviewMaker(log, decoding, new Pairs(log, decoding))
  maker.wish = WISH
  const latencies = () => maker.of(messages.map((_, i) => i)).map(({ latency }) => latency)
  return { maker, latencies }
}

describe('the latency of answers', () => {
  afterEach(closeAll)

  it('is the time since the message with the same id in the other direction', () => {
    const { latencies } = makerOf([
      [0, 'out', '{"id":1}'],
      [5, 'out', '{"id":2}'],
      [12, 'in', '{"id":2}'],
      [40, 'in', '{"id":"1"}'],
      [50, 'in', '{"id":3}'],
    ])
    assert.deepEqual(latencies(), [undefined, undefined, 7, 40, undefined])
  })

  it('is known by any of the fields, and by those that the user names', () => {
    const { maker, latencies } = makerOf([
      [0, 'in', '{"id":"a","meta":{"cid":7}}'],
      [3, 'out', '{"replyTo":"a"}'],
      [9, 'out', '{"meta":{"cid":7}}'],
    ])
    assert.deepEqual(latencies(), [undefined, 3, undefined])
    maker.wish = { ...WISH, replyKeys: ['meta.cid'] }
    assert.deepEqual(latencies(), [undefined, undefined, 9])
    maker.wish = { ...WISH, replyKeys: [] }
    assert.deepEqual(latencies(), [undefined, undefined, undefined])
  })

  it('is that of the first answer only, on the same connection', () => {
    const { latencies } = makerOf([
      [0, 'out', '{"id":1}'],
      [4, 'in', '{"id":1}', 2],
      [6, 'in', '{"id":1}'],
      [9, 'in', '{"id":1}'],
    ])
    assert.deepEqual(latencies(), [undefined, undefined, 6, undefined])
  })

  it('does not take an answer for a request', () => {
    const { latencies } = makerOf([
      [0, 'out', '{"id":1}'],
      [2, 'in', '{"id":1}'],
      [5, 'out', '{"id":1}'],
      [9, 'in', '{"id":1}'],
    ])
    assert.deepEqual(latencies(), [undefined, 2, undefined, 4])
  })

  it('is found in a flood in little time', () => {
    const flood = Array.from({ length: 20_000 }, (_, i) => [i, 'in', `{"id":${i}}`] as const)
    const { maker } = makerOf([[0, 'out', '{"id":19999}'], ...flood])
    const taken = processorTime(() => {
      const last = maker.of(Array.from({ length: 64 }, (_, i) => 20_000 - i))
      assert.equal(last.filter(({ latency }) => latency !== undefined).length, 0)
    })
    assert.ok(taken < 10_000, `${taken} ms`)
  })
})

describe('a preview', () => {
  afterEach(closeAll)

  const long = `{"text":"${'x'.repeat(5000)} Needle in ${'y'.repeat(500)}","price":102.5,"deep":{"a":[1,"two"]}}`

  it('is the part of a long payload that is looked for', () => {
    const { maker } = makerOf([[0, 'in', long]])
    assert.match(maker.of([0])[0]?.text ?? '', /^\{"text":"xxx/)
    maker.wish = { ...WISH, find: ['needle'] }
    const { text = '' } = maker.of([0])[0] ?? {}
    assert.match(text, /^…x{59} Needle in y+…$/)
    maker.wish = { ...WISH, find: ['nowhere'] }
    assert.match(maker.of([0])[0]?.text ?? '', /^\{"text":"xxx/)
  })

  it('has the values at paths, and nothing for a path that is not valid or leads nowhere', () => {
    const { maker } = makerOf([[0, 'in', long]])
    maker.wish = { ...WISH, paths: ['$.price', '$.deep.a[1]', '$.deep', '$.none', '$..['] }
    assert.deepEqual(maker.of([0])[0]?.values, ['102.5', 'two', '{"a":[1,"two"]}', '', ''])
  })

  it('says by which wish it was made', () => {
    const { maker } = makerOf([])
    assert.equal(maker.generation, 1)
    maker.wish = { ...WISH, generation: 7 }
    assert.equal(maker.generation, 7)
  })
})
