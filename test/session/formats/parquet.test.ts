import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PrintedDecoding } from '../../../src/cli/printed-decoding.ts'
import { openRecording } from '../../../src/session/open-recording.ts'
import { writeRecording } from '../../../src/session/write-recording.ts'
import type { DecodedEvent } from '../../../src/shared/decoded.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { query, type Row } from '../../support/duckdb.ts'
import { randomEvent } from '../../support/random-events.ts'
import { conversation, message, opened, recordingOf, STARTED_AT } from '../../support/recording.ts'
import { seededRandom } from '../../support/splits.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

const RECORDINGS = join(import.meta.dirname, '../../fixtures/recordings')

/** Columns that have the field of another name. */
const FIELD_OF: Readonly<Record<string, string>> = {
  wire_size: 'wireSize',
  request_url: 'url',
  ended_by: 'by',
  error: 'message',
  error_code: 'code',
  mark: 'text',
}
/** Columns that no field of a line has, or that repeat one of another event. */
const ADDED =
  /^(?:recording|number|url|transport|timestamp|data|data_bytes|last_event_id|fields|value|more_packets)$/
const DECODED = /^(?:packets|protocol|kind|name|channel|id|answers|latency|parts)$/

/** Columns with any text. The driver omits the byte order mark of a text, so they are read as bytes. */
const TEXTS = ['data', 'event', 'last_event_id', 'cursor', 'reason', 'error', 'error_code', 'mark']

/** Of integers, which are `bigint` here, and of texts that are read as bytes. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString()
  return typeof value === 'bigint' ? Number(value) : value
}

/** The line of the event, as far as the row has it. */
function lineOf(row: Row): Record<string, unknown> {
  const own = Object.entries(row).filter(
    ([name, value]) => value !== null && !ADDED.test(name) && !DECODED.test(name),
  )
  const { type, url, transport, last_event_id: id, data, data_bytes: bytes, fields } = row
  return {
    ...Object.fromEntries(own.map(([name, value]) => [FIELD_OF[name] ?? name, plain(value)])),
    ...(type === 'connect' && { url }),
    ...((type === 'connect' || type === 'open') && transport !== null && { transport }),
    ...(id !== null && { [type === 'message' ? 'id' : 'lastEventId']: plain(id) }),
    ...(data !== null && { text: plain(data) }),
    ...(bytes !== null && { base64: Buffer.from(bytes as Uint8Array).toString('base64') }),
    ...(fields !== null && (JSON.parse(String(fields)) as object)),
  }
}

describe('a recording as Parquet', () => {
  let folder: string
  let table: string
  beforeEach(() => {
    folder = tempDir()
    table = join(folder, 'out.parquet')
  })
  afterEach(removeTempDirs)

  const rowsOf = async (columns = '*') => await query(`SELECT ${columns} FROM '${table}' ORDER BY number`)

  it('has all fields of each event, with masked secrets (seeded)', async () => {
    const random = seededRandom(7)
    const events = Array.from({ length: 3000 }, (_, at) => randomEvent(random, at / 8))
    const lines = join(folder, 'out.rtsession')
    await writeRecording(recordingOf(events), lines)
    await writeRecording(recordingOf(events), table, { name: 'a.rtsession' })
    const expected = readFileSync(lines, 'utf8').trimEnd().split('\n').slice(1)
    const rows = await rowsOf(`* REPLACE (${TEXTS.map((name) => `encode(${name}) AS ${name}`).join(', ')})`)
    assert.equal(rows.length, expected.length)
    const lastIds = new Map<unknown, unknown>()
    for (const [at, text] of expected.entries()) {
      const line = JSON.parse(text) as Record<string, unknown>
      // UTF-8 has no lone surrogates.
      for (const name of ['id', 'text'])
        if (typeof line[name] === 'string') line[name] = Buffer.from(line[name]).toString()
      if (line.id !== undefined || line.lastEventId !== undefined)
        lastIds.set(line.connection, line.id ?? line.lastEventId)
      if (line.sameId === true) {
        // It stands for the last one of the connection, which the row has.
        const known = lastIds.get(line.connection)
        if (known !== undefined) line[line.type === 'message' ? 'id' : 'lastEventId'] = known
      }
      delete line.sameId
      if (line.dropped === true) delete line.dropped
      const row = rows[at] ?? {}
      assert.deepEqual(lineOf(row), line)
      assert.equal(row.recording, 'a.rtsession')
      assert.equal(row.number, BigInt(at + 1))
      assert.equal(Number(row.timestamp), STARTED_AT.getTime() + Math.floor(Number(line.time)))
    }
    assert.ok(!readFileSync(table).includes('user:pass'))
  })

  it('repeats the URL and the transport of the connection in each row, and leaves unknown ones empty', async () => {
    const events: RealtimeEvent[] = [
      message(1, 'before', { connection: 2 }),
      {
        type: 'connect',
        connection: 2,
        time: 2,
        transport: 'auto',
        url: 'http://h/x?token=t0ken',
        attempt: 0,
      },
      { type: 'open', connection: 2, time: 3, transport: 'sse', status: 200, headers: {} },
      message(4, 'after', { connection: 2 }),
      { type: 'mark', time: 5, text: 'here' },
    ]
    await writeRecording(recordingOf(events), table)
    const masked = 'http://h/x?token=***'
    assert.deepEqual(await rowsOf('recording, connection, url, transport, mark'), [
      { recording: null, connection: 2, url: null, transport: null, mark: null },
      { recording: null, connection: 2, url: masked, transport: null, mark: null },
      { recording: null, connection: 2, url: masked, transport: 'sse', mark: null },
      { recording: null, connection: 2, url: masked, transport: 'sse', mark: null },
      { recording: null, connection: null, url: null, transport: null, mark: 'here' },
    ])
  })

  it('has microseconds, and no timestamp beyond 64 bits of them', async () => {
    await writeRecording(recordingOf([message(1.2345, 'a'), message(8e15, 'b')]), table)
    const [first, second] = await rowsOf('epoch_us(timestamp) AS us, time')
    assert.deepEqual(first, { us: BigInt(STARTED_AT.getTime()) * 1000n + 1235n, time: 1.2345 })
    assert.deepEqual(second, { us: null, time: 8e15 })
  })

  for (const name of readdirSync(RECORDINGS).filter((each) => each.endsWith('.rtsession')))
    it(`has what the messages say: ${name}`, async () => {
      const path = join(RECORDINGS, name)
      await writeRecording(await openRecording(path), table)
      const decoding = await PrintedDecoding.load({})
      const expected: (readonly DecodedEvent[])[] = []
      for await (const batch of (await openRecording(path)).events())
        for (const event of batch) expected.push(decoding.decode(event, event))
      const rows = await rowsOf()
      assert.equal(rows.length, expected.length)
      for (const [at, { packets, value, more_packets: more, ...row }] of rows.entries()) {
        const decoded = expected[at] ?? []
        const first = Object.entries(row).filter(([column, cell]) => DECODED.test(column) && cell !== null)
        const own = {
          ...Object.fromEntries(first.map(([column, cell]) => [column, plain(cell)])),
          ...(value !== null && { value: JSON.parse(String(value)) as unknown }),
        }
        assert.equal(packets, decoded.length === 0 ? null : decoded.length)
        const others = more === null ? [] : (JSON.parse(String(more)) as unknown[])
        // As JSON has it.
        assert.deepEqual(decoded.length === 0 ? [] : [own, ...others], JSON.parse(JSON.stringify(decoded)))
      }
    })

  it('has groups of bounded rows', async () => {
    const events = [...opened(), ...Array.from({ length: 70_000 }, (_, n) => message(n, `{"n":${n}}`))]
    await writeRecording(recordingOf(events), table)
    const [sums] = await query(
      `SELECT count(*)::INT AS rows, sum((data->>'n')::INT)::BIGINT AS n, sum(size)::BIGINT AS size FROM '${table}'`,
    )
    const size = events.reduce((sum, event) => sum + ('payload' in event ? event.payload.length : 0), 0)
    assert.deepEqual(sums, { rows: 70_002, n: (70_000n * 69_999n) / 2n, size: BigInt(size) })
    const groups = await query(
      `SELECT DISTINCT row_group_id::INT AS id, row_group_num_rows::INT AS rows FROM parquet_metadata('${table}') ORDER BY id`,
    )
    assert.deepEqual(
      groups.map(({ rows }) => rows),
      [32_768, 32_768, 4466],
    )
  })

  it('has groups of bounded bytes, with every payload', async () => {
    const random = seededRandom(3)
    const payloads = Array.from({ length: 12 }, (_, n) =>
      n % 2 === 0
        ? `"${String.fromCharCode(97 + n).repeat(3_000_000)}"`
        : Uint8Array.from({ length: 3_000_000 }, () => Math.floor(random() * 256)),
    )
    await writeRecording(recordingOf(conversation(payloads)), table)
    const groups = await query(
      `SELECT row_group_id, sum(total_uncompressed_size)::INT AS bytes FROM parquet_metadata('${table}') GROUP BY ALL`,
    )
    assert.ok(groups.length > 1)
    for (const { bytes } of groups) assert.ok(Number(bytes) < 20 * 1024 * 1024, String(bytes))
    const rows = await rowsOf('data, data_bytes, size')
    for (const [at, payload] of payloads.entries()) {
      const { data, data_bytes: bytes } = rows[at + 2] ?? {}
      const read = data === null ? (bytes as Uint8Array) : Buffer.from(String(data))
      assert.ok(Buffer.from(payload).equals(read), `payload ${at}`)
    }
  })

  it('can be without events, and says what is known of the recording', async () => {
    await writeRecording({ ...recordingOf([]), dropped: { events: 3, payloads: 0 } }, table)
    assert.deepEqual(await rowsOf(), [])
    const notes = await query(
      `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata('${table}')`,
    )
    assert.deepEqual(
      notes.map(({ key, value }) => [key, value]),
      [
        ['startedAt', STARTED_AT.toISOString()],
        ['generator', 'test'],
        ['droppedEvents', '3'],
      ],
    )
  })

  it('has no time where the recording has none', async () => {
    const file = join(folder, 'odd.rtsession')
    const lines = [
      { type: 'session', version: 1, startedAt: STARTED_AT.toISOString(), generator: 'test' },
      { type: 'message', connection: 1, time: -5, direction: 'in', size: 1, text: 'a' },
    ]
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    await writeRecording(await openRecording(file), table)
    const [row] = await rowsOf('time, timestamp, fields')
    assert.deepEqual([row?.time, row?.timestamp], [null, null])
    const { type, time } = JSON.parse(String(row?.fields))
    assert.deepEqual([type, time], ['message', -5])
  })

  it('has columns whose names need no quotes in SQL', async () => {
    await writeRecording(recordingOf(opened()), table)
    const [row = {}] = await rowsOf()
    const names = Object.keys(row)
    assert.deepEqual(Object.keys((await rowsOf(names.join(', ')))[0] ?? {}), names)
  })
})
