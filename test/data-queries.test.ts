/** The document on recordings as tables: its queries run, and its columns are those of the file. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../scripts/paths.ts'
import { openRecording } from '../src/session/open-recording.ts'
import { writeRecording } from '../src/session/write-recording.ts'
import { query } from './support/duckdb.ts'
import { removeTempDirs, tempDir } from './support/temp-dir.ts'

/** With requests and answers, several packets in a message, plain JSON, polls, and connections that break. */
const RECORDINGS = [
  'engineio-polling.har',
  'graphqlws.rtsession',
  'nats.rtsession',
  'mcp.har',
  'couch-longpoll.rtsession',
  'fastify-sse.rtsession',
  'socketio-haproxy-cut.rtsession',
]

const DOCUMENT = readFileSync(join(ROOT, 'docs', 'data.md'), 'utf8')
const QUERIES = [...DOCUMENT.matchAll(/([^\n]+)\n\n```sql\n(.*?)```/gs)]

describe('recordings as tables, in the documents', () => {
  let folder: string
  before(async () => {
    folder = tempDir()
    for (const name of RECORDINGS)
      await writeRecording(
        await openRecording(join(ROOT, 'test/fixtures/recordings', name)),
        join(folder, `${name}.parquet`),
        { name },
      )
  })
  after(removeTempDirs)

  it('have queries', () => {
    assert.ok(QUERIES.length > 8, `${QUERIES.length} queries`)
  })

  for (const [, title = '', sql = ''] of QUERIES)
    it(`can be queried: ${title}`, async () => {
      assert.ok(sql.includes("'recordings/*.parquet'"))
      const rows = await query(sql.replaceAll('recordings/', `${folder}/`))
      assert.ok(rows.length > 0)
      // Each column has a value in some row.
      for (const column of Object.keys(rows[0] ?? {}))
        assert.ok(
          rows.some((row) => row[column] !== null),
          column,
        )
    })

  it('have the columns that are described, in this order', async () => {
    const [, table = ''] = /\n\|---\|---\|---\|\n(.*?)\n\n/s.exec(DOCUMENT) ?? []
    const described = table
      .split('\n')
      .flatMap((row) => [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name))
    const columns = await query(`DESCRIBE SELECT * FROM '${folder}/*.parquet'`)
    assert.deepEqual(
      described,
      columns.map(({ column_name: name }) => name),
    )
  })
})
