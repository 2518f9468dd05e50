/** Two runs of the same programs. */
import assert from 'node:assert/strict'
import { join, resolve } from 'node:path'
import { compareFiles } from '../../../src/engine/jobs/comparison.ts'
import { type CompareOptions, compareRecordings } from '../../../src/session/compare/compare.ts'
import { listDifferences } from '../../../src/session/compare/list-differences.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { eventsOf } from '../../decode/expected.ts'
import { recordingOf } from '../../support/recording.ts'

const FOLDER = resolve(import.meta.dirname, '../../fixtures/recordings')
const OPTIONS: CompareOptions = { normalizeIds: true, ignoreMessages: 'kind:heartbeat' }

/** What differs in a second run: clocks and counters that go on; then a value to change, and where it is found. */
const EQUAL: Readonly<
  Record<
    string,
    {
      readonly ignore?: readonly string[]
      readonly change: readonly [from: string, to: string]
      readonly path: string
      /** How often it differs. */
      readonly times?: number
    }
  >
> = {
  faye: { ignore: ['$[*].data.n'], change: ['403::Forbidden', '403::Forbade'], path: '$[0].error' },
  graphqlws: { ignore: ['$..at'], change: ['"add":5', '"add":6'], path: '$.payload.data.add' },
  mcp: { change: ['counted 3', 'counted 4'], path: '$.result.content[0].text' },
  mqtt: { ignore: ['$.c'], change: ['hi ✓', 'hi ✗'], path: '$' },
  nats: { change: ['{"sum":3}', '{"sum":4}'], path: '$.sum' },
  primus: { change: ['{"last":1}', '{"last":2}'], path: '$.last' },
  rpcws: { ignore: ['$.params[0]', '$..at'], change: ['"result":42', '"result":43'], path: '$.result' },
  socketio: { ignore: ['$[1].n', '$[1].id'], change: ['430[42]', '430[43]'], path: '$[0]' },
  'sockjs-ws': { change: ['echo one', 'echo two'], path: '$' },
  // The recording has the body of the first of three requests only, which stands for all of them.
  'sockjs-xhr-streaming': { change: ['["one"]', '["two"]'], path: '$', times: 3 },
  trpc: { change: ['"data":3', '"data":4'], path: '$.result.data' },
}

/** Runs that did not do the same. */
const DIFFERENT: Readonly<Record<string, { ignore: readonly string[]; counts: object }>> = {
  // Two answers came in another order.
  actioncable: { ignore: ['$.message.n'], counts: { moved: 1 } },
  // One tick less, and a broadcast more.
  nes: { ignore: ['$.message.n'], counts: { moved: 1, extra: 1 } },
  // Two messages were still in the queue before the first run.
  stomp: { ignore: [], counts: { missing: 4 } },
  // One tick more.
  wamp: { ignore: ['$[4]'], counts: { extra: 1 } },
  // The server asked for an acknowledgment earlier.
  xmpp: { ignore: [], counts: { moved: 1, changed: 1 } },
  // The room still had the document of the first run.
  ywebsocket: { ignore: [], counts: { changed: 3, missing: 4, extra: 4 } },
}

async function pairOf(name: string) {
  const [a, b] = [`${name}.rtsession`, `pairs/${name}.b.rtsession`]
  return { a: await eventsOf(join(FOLDER, a)), b: await eventsOf(join(FOLDER, b)) }
}

async function differences(
  a: readonly RealtimeEvent[],
  b: readonly RealtimeEvent[],
  options: CompareOptions,
) {
  const recordings = { a: recordingOf(a), b: recordingOf(b) }
  const comparison = await compareRecordings(recordings.a, recordings.b, options)
  const found = Object.entries(comparison.counts).filter(([name, count]) => name !== 'same' && count > 0)
  const list = await listDifferences(comparison, recordings, { ...options, limit: 100 })
  return { counts: Object.fromEntries(found), list }
}

/** The events with a text in the first body or message that has it replaced by another. */
function withChange(
  events: readonly RealtimeEvent[],
  [from, to]: readonly [string, string],
): readonly RealtimeEvent[] {
  let isChanged = false
  const changed = events.map((event): RealtimeEvent => {
    if (isChanged) return event
    if (event.type === 'message') {
      const bytes = Buffer.from(event.payload)
      const at = bytes.indexOf(from)
      if (at < 0) return event
      isChanged = true
      const payload = Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(to),
        bytes.subarray(at + Buffer.byteLength(from)),
      ])
      return { ...event, payload }
    }
    if (event.type !== 'connect' || typeof event.body !== 'string' || !event.body.includes(from)) return event
    isChanged = true
    return { ...event, body: event.body.replace(from, to) }
  })
  assert.ok(isChanged, from)
  return changed
}

describe('two runs of the same programs', () => {
  for (const [name, { ignore = [], change, path, times = 1 }] of Object.entries(EQUAL)) {
    it(`are the same apart from ids and heartbeats: ${name}`, async () => {
      const { a, b } = await pairOf(name)
      assert.deepEqual((await differences(a, b, { ...OPTIONS, ignore })).counts, {})
      assert.deepEqual((await differences(b, a, { ...OPTIONS, ignore })).counts, {})
    })

    it(`are the same if both are read as files, each for itself: ${name}`, async () => {
      const paths = { a: join(FOLDER, `${name}.rtsession`), b: join(FOLDER, `pairs/${name}.b.rtsession`) }
      const { normalizeIds = false, ignoreMessages = '' } = OPTIONS
      const compared = await compareFiles(paths, { ignore, ignoreMessages, normalizeIds, tolerance: null })
      assert.ok(compared.same, JSON.stringify(compared.counts))
    })

    it(`differ in one changed value, which is named: ${name}`, async () => {
      const { a, b } = await pairOf(name)
      const { counts, list } = await differences(a, withChange(b, change), { ...OPTIONS, ignore })
      assert.deepEqual(counts, { changed: times })
      assert.deepEqual(
        list.map(({ kind, changes = [] }) => [kind, ...changes.map((each) => each.path)]),
        Array.from({ length: times }, () => ['changed', path]),
      )
    })
  }

  for (const [name, { ignore, counts }] of Object.entries(DIFFERENT))
    it(`differ in what they did: ${name}`, async () => {
      const { a, b } = await pairOf(name)
      assert.deepEqual((await differences(a, b, { ...OPTIONS, ignore })).counts, counts)
    })

  it('differ in every id if ids are compared', async () => {
    const { a, b } = await pairOf('graphqlws')
    const { counts } = await differences(a, b, { ignoreMessages: 'kind:heartbeat', ignore: ['$..at'] })
    assert.ok(Number(counts.changed) > 20, JSON.stringify(counts))
  })

  it('are the same if heartbeats came earlier, also without ignoring them', async () => {
    const { a } = await pairOf('socketio')
    const isPing = (event: RealtimeEvent) =>
      event.type === 'message' && Buffer.from(event.payload).toString() === '2'
    const at = a.findIndex(isPing)
    const earlier = [
      ...a.slice(0, at - 4),
      ...a.slice(at, at + 1),
      ...a.slice(at - 4, at),
      ...a.slice(at + 1),
    ]
    assert.deepEqual((await differences(a, earlier, {})).counts, {})
    const others = a.findIndex((event) => event.type === 'message' && event.payload.length > 20)
    const moved = [...a.slice(0, at), ...a.slice(at + 1)].toSpliced(others + 1, 0, ...a.slice(at, at + 1))
    assert.deepEqual((await differences(a, moved, {})).counts, {})
  })

  it('differ if an answer has the id of another request', async () => {
    const { a, b } = await pairOf('socketio')
    const options = { ...OPTIONS, ignore: ['$[1].n', '$[1].id'] }
    const { counts, list } = await differences(a, withChange(b, ['431[{', '430[{']), options)
    assert.deepEqual(counts, { changed: 1 })
    assert.deepEqual(list[0]?.changes, [{ path: 'request id', before: 1, after: 0 }])
  })
})
