/** Sessions that are compared by the lines of their files, against the same events without lines. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Recording } from '../../../src/capture/recording.ts'
import { type CompareOptions, compareRecordings } from '../../../src/session/compare/compare.ts'
import { listDifferences } from '../../../src/session/compare/list-differences.ts'
import { formatHeader, formatLine } from '../../../src/session/line.ts'
import { openRecording } from '../../../src/session/open-recording.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { message, opened, STARTED_AT } from '../../support/recording.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

const FOLDER = resolve(import.meta.dirname, '../../fixtures/recordings')

/** The recording without its lines. */
function asEvents(recording: Recording): Recording {
  return { startedAt: recording.startedAt, events: (options) => recording.events(options) }
}

async function compared(a: Recording, b: Recording, options: CompareOptions) {
  const comparison = await compareRecordings(a, b, options)
  const list = await listDifferences(comparison, { a, b }, { ...options, limit: 1000 })
  const connections = comparison.connections.map(({ lanes, ...rest }) => ({
    ...rest,
    lanes: lanes.map(({ aOffset: _, bOffset: __, ...lane }) => lane),
  }))
  const differences = list.map(({ connection, ...rest }) => ({
    ...rest,
    connection: comparison.connections.indexOf(connection),
  }))
  return { counts: comparison.counts, connections, differences }
}

async function assertSame(paths: readonly [string, string], options: CompareOptions = {}) {
  const [a, b] = [await openRecording(paths[0]), await openRecording(paths[1])]
  const byLines = await compared(a, b, options)
  assert.deepEqual(byLines, await compared(asEvents(a), asEvents(b), options))
  return byLines
}

describe('sessions compared by their lines', () => {
  afterEach(removeTempDirs)

  async function fileOf(name: string, events: readonly RealtimeEvent[], change = (text: string) => text) {
    const path = join(tempDir(), `${name}.rtsession`)
    const lines = [formatHeader(STARTED_AT, 'test'), ...events.map(formatLine)]
    await writeFile(path, change(`${lines.join('\n')}\n`))
    return path
  }

  it('give the same as their events if payloads are damaged', async () => {
    const texts = ['a"b', 'c\\\\d', 'e\\n', '\\u00e9', '\\u12', 'f\u0001'].map((text) => `"text":"${text}"}`)
    const payloads = [...texts, '"base64":"gA=="}', '"base64":"g"}', '"base64":"g!=="}']
    // In turn, in the place of every other message.
    const damaged = (text: string) => {
      let at = 0
      return text.replace(/"text":"damaged"}/g, () => payloads[at++ % payloads.length] ?? '')
    }
    const events = [
      ...opened(),
      ...Array.from({ length: 90 }, (_, n) =>
        message(10 + n, n >= 50 && n % 2 === 0 ? 'damaged' : `{"n":${n}}`),
      ),
    ]
    const { counts } = await assertSame([
      await fileOf('whole', events),
      await fileOf('damaged', events, damaged),
    ])
    assert.ok(counts.missing > 0, 'lines were not read')
  })

  for (const pair of readdirSync(join(FOLDER, 'pairs'))) {
    const name = basename(pair, '.b.rtsession')
    it(`give the same as their events: two runs of ${name}`, async () => {
      const paths = [join(FOLDER, `${name}.rtsession`), join(FOLDER, 'pairs', pair)] as const
      await assertSame(paths)
      await assertSame(paths, { normalizeIds: true, ignoreMessages: 'kind:heartbeat', timingTolerance: 1 })
    })
  }

  const contents = (n: number): unknown => {
    const kinds = [
      { n, list: [n, { deep: 'ü😀' }] },
      `tick ${n}`,
      Buffer.from([0xff, n & 0xff]),
      'a "quoted" \\ text\n',
      { type: 'tick', at: `2026-11-23T05:00:${n % 60}Z` },
    ]
    return kinds[n % kinds.length]
  }
  const plain = (from: number, count: number): RealtimeEvent[] =>
    Array.from({ length: count }, (_, at) => {
      const n = from + at
      const isOut = n % 3 === 0
      return message(10 + at, contents(n), {
        connection: 1 + (at % 2),
        direction: isOut ? 'out' : 'in',
        ...(n % 4 === 1 && !isOut && { event: `event ${n % 7}` }),
      })
    })
  const session = (from: number, count: number) => [...opened(1), ...opened(2, 1), ...plain(from, count)]

  it('give the same as their events: texts, bytes, JSON, event types, both directions', async () => {
    const paths = [await fileOf('a', session(0, 3000)), await fileOf('b', session(70, 3000))] as const
    const { counts } = await assertSame(paths)
    assert.ok(counts.same > 2000 && counts.missing > 10 && counts.extra > 10, JSON.stringify(counts))
    await assertSame(paths, { strictOrder: true, timingTolerance: 5 })
    await assertSame(paths, { ignore: ['$.n', '$.list[0]'], direction: 'in' })
  })

  it('give the same as their events: more event types than have a number, unpaired surrogates, payloads that were dropped', async () => {
    const events = (shift: number): RealtimeEvent[] => [
      ...opened(),
      ...Array.from({ length: 6000 }, (_, n) => message(n, 'SURROGATE', { event: `type ${n + shift}` })),
      ...Array.from({ length: 20 }, (_, n) => ({ ...message(7000 + n, ''), dropped: n + shift })),
      message(8000, `last ${shift}`),
    ]
    const change = (text: string) => text.replaceAll('SURROGATE', '\\ud83d')
    const { counts } = await assertSame([
      await fileOf('c', events(0), change),
      await fileOf('d', events(1), change),
    ])
    assert.equal(counts.same, 5999 + 19)
  })

  it('give the same as their events: lines that another program wrote, and a reconnect to another protocol', async () => {
    const graphql = { type: 'open', connection: 1, time: 4000, transport: 'websocket', status: 101 } as const
    const events = (last: number): RealtimeEvent[] => [
      ...session(0, 2000),
      { ...graphql, headers: {}, httpVersion: '1.1', subprotocol: 'graphql-transport-ws' },
      ...Array.from({ length: 40 }, (_, n) =>
        message(5000 + n, { type: n % 2 ? 'ping' : 'next', id: String(n), payload: n === 30 ? last : n }),
      ),
    ]
    const spaced = (text: string) => text.replaceAll('"connection":2,', '"connection": 2, ')
    const paths = [await fileOf('e', events(1), spaced), await fileOf('f', events(2))] as const
    const { differences } = await assertSame(paths)
    assert.deepEqual(
      differences.map(({ changes }) => changes?.map(({ path }) => path)),
      [['$.payload']],
    )
  })
})
