import assert from 'node:assert/strict'
import { type CompareOptions, compareRecordings } from '../../../src/session/compare/compare.ts'
import { ROW_STATUSES } from '../../../src/session/compare/comparison.ts'
import { listDifferences } from '../../../src/session/compare/list-differences.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { Failure } from '../../../src/shared/failure.ts'
import { conversation, message, opened, recordingOf } from '../../support/recording.ts'
import { seededRandom } from '../../support/splits.ts'

type Events = readonly RealtimeEvent[]

/** All counts that are not zero, except for `same`. */
async function differences(a: Events, b: Events, options: CompareOptions = {}) {
  const { counts, same } = await compareRecordings(recordingOf(a), recordingOf(b), options)
  const found = Object.entries(counts).filter(([name, count]) => name !== 'same' && count > 0)
  assert.equal(same, found.length === 0)
  return Object.fromEntries(found)
}

async function changes(before: unknown, after: unknown, ignore: readonly string[] = []) {
  const [a, b] = [recordingOf(conversation([before])), recordingOf(conversation([after]))]
  const comparison = await compareRecordings(a, b, { ignore })
  const [first] = await listDifferences(comparison, { a, b }, { limit: 10, ignore })
  return first?.changes
}

describe('comparing two sessions', () => {
  it('lists more differences than a call can have arguments', async () => {
    const b = recordingOf(conversation(Array.from({ length: 150_000 }, (_, index) => index)))
    const none = recordingOf(opened())
    const comparison = await compareRecordings(none, b)
    const found = await listDifferences(comparison, { a: none, b }, { limit: 150_000 })
    assert.equal(found.length, 150_000)
  })

  it('finds a session equal to itself, and to itself recorded at another time and place', async () => {
    const contents = ['hello', { a: 1 }, Buffer.from([0xff, 0])]
    assert.deepEqual(await differences(conversation(contents), conversation(contents)), {})
    const later = [
      ...opened(4, 1000, 'wss://other.example/feed?token=x'),
      ...contents.map((content, index) => message(2000 + 50 * index, content, { connection: 4 })),
    ]
    assert.deepEqual(await differences(conversation(contents), later), {})
  })

  it('compares JSON as JSON: the order of members and white space do not matter, digits do', async () => {
    const json = (text: string) => conversation([text])
    assert.deepEqual(await differences(json('{"a":1,"b":[1,2]}'), json('{ "b": [1, 2], "a": 1 }')), {})
    assert.deepEqual(await differences(json('{"a":1}'), json('{"a":"1"}')), { changed: 1 })
    const [big, bigger] = ['{"id":12345678901234567890}', '{"id":12345678901234567891}']
    assert.deepEqual(await differences(json(big), json(big)), {})
    assert.deepEqual(await differences(json(big), json(bigger)), { changed: 1 })
    assert.deepEqual(await differences(json('{"a":1.0}'), json('{"a":1}')), {})
  })

  it('distinguishes missing, extra, changed and moved messages', async () => {
    const all = ['one', 'two', 'three', 'four', 'five']
    const compare = (other: readonly unknown[]) => differences(conversation(all), conversation(other))
    assert.deepEqual(await compare(['one', 'three', 'four', 'five']), { missing: 1 })
    assert.deepEqual(await compare(['one', 'two', 'new', 'three', 'four', 'five']), { extra: 1 })
    assert.deepEqual(await compare(['one', 'two', 'drei', 'four', 'five']), { changed: 1 })
    assert.deepEqual(await compare(['two', 'three', 'four', 'one', 'five']), { moved: 1 })
    assert.deepEqual(await compare([]), { missing: 5 })
    assert.deepEqual(await compare(['two', 'three', 'four', 'one']), { moved: 1, missing: 1 })
  })

  it('compares one connection with one if requested, with the event numbers of the recordings', async () => {
    const a = [...opened(1), ...opened(2, 5), message(10, 'one', { connection: 2 }), message(20, 'other')]
    const b = [
      ...opened(3),
      ...opened(7, 5),
      message(10, 'another', { connection: 3 }),
      message(20, 'two', { connection: 7 }),
    ]
    const connections = { a: 2, b: 7 }
    assert.deepEqual(await differences(a, b, { connections }), { changed: 1 })
    const compared = await compareRecordings(recordingOf(a), recordingOf(b), { connections })
    assert.deepEqual(
      compared.connections.map((each) => [each.a?.id, each.b?.id]),
      [[2, 7]],
    )
    const [lane] = compared.connections[0]?.lanes ?? []
    assert.deepEqual([lane?.a[0], lane?.b[0]], [4, 5])
  })

  /** The status of each row, by the positions of its messages on both sides. */
  async function rows(before: readonly unknown[], after: readonly unknown[]) {
    const comparison = await compareRecordings(
      recordingOf(conversation(before)),
      recordingOf(conversation(after)),
    )
    const lane = comparison.connections[0]?.lanes.find(({ direction }) => direction === 'in')
    const place = (event: number | undefined) => (event === undefined || event < 0 ? '' : String(event - 2))
    return [...(lane?.status ?? [])].flatMap((status, row) => {
      const name = ROW_STATUSES[status]
      return name === 'same' ? [] : [`${name} ${place(lane?.a[row])}→${place(lane?.b[row])}`]
    })
  }

  it('reports a changed message among equal ones as changed, in its place', async () => {
    const ticks = (count: number) => Array.from({ length: count }, () => 'tick')
    const changed = (count: number, places: readonly number[]) =>
      ticks(count).map((tick, place) => (places.includes(place) ? `tock ${place}` : tick))
    for (const places of [[0], [1], [4], [9], [2, 7], [0, 3, 4, 9]]) {
      const expected = places.map((place) => `changed ${place}→${place}`)
      assert.deepEqual(await rows(ticks(10), changed(10, places)), expected)
      assert.deepEqual(await rows(changed(10, places), ticks(10)), expected)
    }
    assert.deepEqual(await rows(ticks(5), changed(4, [1])), ['changed 1→1', 'missing 2→'])
    assert.deepEqual(await rows(ticks(4), changed(5, [1])), ['extra →1'])
    assert.deepEqual(await rows(ticks(5), ticks(4)), ['missing 4→'])
    const beats = ['tick', 'tock', 'tick', 'tock', 'tick', 'tock']
    assert.deepEqual(await rows(beats, beats.with(2, 'x').with(3, 'y')), ['changed 2→2', 'changed 3→3'])
    assert.deepEqual(await rows(['a', ...beats], ['b', ...beats.with(2, 'x'), 'c']), [
      'changed 0→0',
      'changed 3→3',
      'extra →7',
    ])
  })

  it('reports a single message in the place of another as changed, whatever its type', async () => {
    const [tick, fault] = [{ type: 'tick' }, { type: 'error', text: 'no' }]
    assert.deepEqual(await rows([tick, tick, tick, tick], [tick, fault, tick, tick]), ['changed 1→1'])
  })

  it('pairs a changed message with the one most like it', async () => {
    const tick = (symbol: string, price: number) => ({ type: 'tick', symbol, price })
    const before = [tick('A', 1), tick('B', 2), tick('C', 3)]
    const after = [{ type: 'notice', text: 'new' }, tick('A', 4), tick('B', 5), tick('C', 6)]
    assert.deepEqual(await differences(conversation(before), conversation(after)), { changed: 3, extra: 1 })
    const ends = [tick('B', 9), tick('C', 9)]
    const { connections } = await compareRecordings(
      recordingOf(conversation(before)),
      recordingOf(conversation(ends)),
    )
    const [lane] = connections[0]?.lanes ?? []
    assert.deepEqual(
      [[...(lane?.a ?? [])], [...(lane?.b ?? [])]],
      [
        [2, 3, 4],
        [-1, 2, 3],
      ],
    )
  })

  it('does not compare values at ignored JSONPaths', async () => {
    const at = (time: number) =>
      conversation([
        {
          time,
          list: [
            { id: time, n: 1 },
            { id: 2, n: 2 },
          ],
        },
      ])
    assert.deepEqual(await differences(at(1), at(2)), { changed: 1 })
    assert.deepEqual(await differences(at(1), at(2), { ignore: ['$.time'] }), { changed: 1 })
    assert.deepEqual(await differences(at(1), at(2), { ignore: ['$.time', '$.list[*].id'] }), {})
    assert.deepEqual(await differences(at(1), at(2), { ignore: ['$..id', '$..time'] }), {})
    assert.deepEqual(await differences(at(1), at(2), { ignore: ['$'] }), {})
    const item = (items: unknown[]) => conversation([items])
    assert.deepEqual(await differences(item([1, 2, 3]), item([1, 3]), { ignore: ['$[?@ == 2]'] }), {})
    const [many, others] = [0, 1].map((first) => Array.from({ length: 150_000 }, (_, i) => first + i))
    assert.deepEqual(
      await differences(conversation([many]), conversation([others]), { ignore: ['$[*]'] }),
      {},
    )
  })

  it('refuses an invalid JSONPath with a sentence', async () => {
    await assert.rejects(
      differences([], [], { ignore: ['$.['] }),
      (thrown) =>
        thrown instanceof Failure && thrown.code === 'BAD_JSONPATH' && /\$\.\[/.test(thrown.message),
    )
    const deep = `$[?${'('.repeat(100_000)}@.a${')'.repeat(100_000)}]`
    await assert.rejects(
      differences([], [], { ignore: [deep] }),
      (thrown) => thrown instanceof Failure && thrown.message.length < 400,
    )
  })

  it('compares text that only looks like JSON, deep JSON, and bytes byte by byte', async () => {
    for (const content of [
      '{"a":',
      '[1,]',
      `${'['.repeat(9000)}${']'.repeat(9000)}`,
      Buffer.from([0xff, 0xfe]),
    ]) {
      assert.deepEqual(await differences(conversation([content]), conversation([content])), {})
      assert.deepEqual(await differences(conversation([content]), conversation(['x'])), {
        ...(typeof content === 'string' ? { changed: 1 } : { missing: 1, extra: 1 }),
      })
    }
  })

  it('compares opcode and event type, and not the event id', async () => {
    const sse = (event: string, id: string) => [...opened(), message(5, 'x', { event, id })]
    assert.deepEqual(await differences(sse('a', '1'), sse('a', '2')), {})
    assert.notDeepEqual(await differences(sse('a', '1'), sse('b', '1')), {})
    const opcode = (name: 'text' | 'binary') => [...opened(), message(5, 'x', { opcode: name })]
    assert.notDeepEqual(await differences(opcode('text'), opcode('binary')), {})
  })

  it('compares each direction in its own order, or both in their common order', async () => {
    const [sent, got] = [message(5, 'sent', { direction: 'out' }), message(6, 'got')]
    const [a, b] = [
      [...opened(), sent, got],
      [...opened(), { ...got, time: 4 }, sent],
    ]
    assert.deepEqual(await differences(a, b), {})
    assert.deepEqual(await differences(a, b, { strictOrder: true }), { moved: 1 })
    assert.deepEqual(await differences([...opened(), sent], opened(), { direction: 'in' }), {})
    assert.deepEqual(await differences([...opened(), sent], opened(), { direction: 'out' }), { missing: 1 })
  })

  it('reports a stall once, and a drift as it grows, above the tolerance', async () => {
    const at = (times: readonly number[]) => [
      ...opened(),
      ...times.map((time, index) => message(time, `m${index}`)),
    ]
    const steady = at([10, 20, 30, 40])
    const timed = (times: readonly number[], tolerance: number) =>
      differences(steady, at(times), { timingTolerance: tolerance })
    assert.deepEqual(await timed([10, 20, 30, 40], 0), {})
    assert.deepEqual(await timed([10, 120, 130, 140], 50), { late: 1 })
    assert.deepEqual(await timed([10, 120, 130, 140], 100), {})
    assert.deepEqual(await timed([10, 120, 120, 120], 50), { late: 1 })
    assert.deepEqual(await timed([10, 19, 29, 39], 0.5), { early: 1 })
    assert.deepEqual(await timed([10, 80, 150, 220], 50), { late: 3 })
    assert.deepEqual(await differences(steady, at([10, 920, 930, 940])), {})
    const [slow, twice] = [at([100, 200, 300, 400]), at([150, 200, 350, 400])]
    assert.deepEqual(await differences(slow, twice, { timingTolerance: 20 }), { late: 2 })
  })

  it('measures times from the open of the attempt, so that a longer outage makes nothing late', async () => {
    const outage = (back: number): RealtimeEvent[] => [
      ...opened(),
      message(10, 'a'),
      { type: 'reconnect', connection: 1, time: 11, attempt: 1, delay: 5, reason: 'lost' },
      ...opened(1, back),
      message(back + 10, 'b'),
    ]
    assert.deepEqual(await differences(outage(50), outage(5000), { timingTolerance: 5 }), {})
  })

  it('matches connections by transport and path, then by order, and reports those without a partner', async () => {
    const on = (connection: number, path: string, content: string) => [
      ...opened(connection, connection, `ws://h:${8000 + connection}${path}`),
      message(20 + connection, content, { connection }),
    ]
    assert.deepEqual(
      await differences(
        [...on(1, '/a', 'x'), ...on(2, '/b', 'y')],
        [...on(1, '/b', 'y'), ...on(2, '/a', 'x')],
      ),
      {},
    )
    assert.deepEqual(await differences(on(1, '/a', 'x'), on(1, '/moved', 'x')), {})
    assert.deepEqual(await differences([...on(1, '/a', 'x'), ...on(2, '/b', 'y')], on(1, '/b', 'y')), {
      missing: 1,
      missingConnections: 1,
    })
    assert.deepEqual(await differences([], on(1, '/b', 'y')), { extra: 1, extraConnections: 1 })
  })

  it('compares the lifecycle of the connection: status, close, errors, reconnects', async () => {
    const close = (code: number): RealtimeEvent => ({
      type: 'close',
      connection: 1,
      time: 99,
      code,
      by: 'server',
    })
    const a = [...conversation(['x']), close(1000)]
    const b: RealtimeEvent[] = [
      ...conversation(['x']),
      { type: 'reconnect', connection: 1, time: 50, attempt: 1, delay: 5, reason: 'lost' },
      close(1001),
    ]
    const { connections } = await compareRecordings(recordingOf(a), recordingOf(b))
    assert.deepEqual(connections[0]?.lifecycle, [
      { field: 'close', before: '1000 by server', after: '1001 by server' },
      { field: 'reconnects', before: '0', after: '1' },
    ])
    assert.deepEqual(await differences(a, b, { messagesOnly: true }), {})
  })

  it('returns aligned pairs as columns of event numbers', async () => {
    const comparison = await compareRecordings(
      recordingOf(conversation(['a', 'b', 'c'])),
      recordingOf(conversation(['a', 'c', 'd'])),
    )
    const lane = comparison.connections[0]?.lanes.find(({ direction }) => direction === 'in')
    assert.deepEqual([...(lane?.a ?? [])], [2, 3, 4, -1])
    assert.deepEqual([...(lane?.b ?? [])], [2, -1, 3, 4])
    assert.deepEqual(
      [...(lane?.status ?? [])].map((status) => ROW_STATUSES[status]),
      ['same', 'missing', 'same', 'extra'],
    )
  })

  it('ends with 100,000 messages a side, and finds the single change', async () => {
    const random = seededRandom(7)
    const contents = Array.from({ length: 100_000 }, (_, n) => `{"n":${n},"v":${Math.floor(random() * 10)}}`)
    const other = contents.slice()
    other.splice(5000, 1)
    other.splice(60_000, 0, '{"type":"new"}')
    other[80_000] = other[80_000]?.replace('"v"', '"w"') ?? ''
    const [moved] = other.splice(20_000, 1)
    other.splice(90_000, 0, moved ?? '')
    assert.deepEqual(await differences(conversation(contents), conversation(other)), {
      missing: 1,
      extra: 1,
      changed: 1,
      moved: 1,
    })
  })
})

describe('a changed message', () => {
  it('is described field by field, with a JSONPath for each', async () => {
    assert.deepEqual(
      await changes(
        { price: 1, gone: true, deep: { list: [1, { x: 'a' }] }, "it's odd": 0 },
        { price: 2, deep: { list: [1, { x: 'b' }] }, "it's odd": null, come: [] },
      ),
      [
        { path: '$.price', before: 1, after: 2 },
        { path: '$.gone', before: true },
        { path: '$.deep.list[1].x', before: 'a', after: 'b' },
        { path: "$['it\\'s odd']", before: 0, after: null },
        { path: '$.come', after: [] },
      ],
    )
  })

  it('shows which items of an array were added and removed', async () => {
    assert.deepEqual(await changes({ a: [1, 2, 3, 4] }, { a: [1, 3, 4] }), [{ path: '$.a[1]', before: 2 }])
    assert.deepEqual(await changes({ a: [{ id: 1, v: 1 }] }, { a: [{ id: 0 }, { id: 1, v: 1 }] }), [
      { path: '$.a[0]', after: { id: 0 } },
    ])
  })

  it('leaves out ignored values, and keeps the paths of the rest', async () => {
    assert.deepEqual(await changes({ t: 1, a: [9, 1] }, { t: 2, a: [8, 2] }, ['$.t', '$.a[0]']), [
      { path: '$.a[1]', before: 1, after: 2 },
    ])
  })

  it('shows the whole text if it is not JSON', async () => {
    assert.deepEqual(await changes('hello', 'hallo'), [{ path: '$', before: 'hello', after: 'hallo' }])
  })

  it('shows every digit of a number that JavaScript cannot represent', async () => {
    const [before, after] = ['{"id":12345678901234567890}', '{"id":12345678901234567891}']
    assert.deepEqual(await changes(before, after), [
      { path: '$.id', before: '12345678901234567890', after: '12345678901234567891' },
    ])
  })

  it('is not confused by members named __proto__ or toString', async () => {
    assert.deepEqual(await changes('{"__proto__":1}', '{"__proto__":2}'), [
      { path: '$.__proto__', before: 1, after: 2 },
    ])
    assert.deepEqual(await changes('{"a":1}', '{"a":1,"toString":2}'), [{ path: '$.toString', after: 2 }])
  })
})
