/** Queries of files in DuckDB. */
import { DuckDBInstance } from '@duckdb/node-api'

export type Row = Readonly<Record<string, unknown>>

/** Runs SQL in a database of its own, without the network. Returns the rows of each statement. */
export async function queryAll(sql: string): Promise<Row[][]> {
  const database = await DuckDBInstance.create(':memory:', {
    threads: '1',
    autoinstall_known_extensions: 'false',
  })
  const connection = await database.connect()
  try {
    await connection.run(`SET TimeZone = 'UTC'`)
    const results: Row[][] = []
    const statements = await connection.extractStatements(sql)
    for (let at = 0; at < statements.count; at++) {
      const prepared = await statements.prepare(at)
      results.push((await prepared.runAndReadAll()).getRowObjectsJS())
    }
    return results
  } finally {
    connection.closeSync()
    database.closeSync()
  }
}

/** The rows of one statement. */
export async function query(sql: string): Promise<Row[]> {
  const [rows = []] = await queryAll(sql)
  return rows
}
