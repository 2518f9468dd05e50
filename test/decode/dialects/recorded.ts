/** Packets of the recordings of JSON dialects, for tests. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { decodeRecording } from '../expected.ts'
import { pathOf } from '../protocols/recordings.ts'

/** Line, kind, name, channel, ID, number of the event that it answers. */
export type Row = readonly [
  line: number,
  kind: string,
  name?: string | undefined,
  channel?: string | undefined,
  id?: string | undefined,
  answers?: number | undefined,
]

/** What the whole table of decoders makes of a recording that only has this protocol. */
async function decode(name: string, file: string) {
  const { decoded, session, connections } = await decodeRecording(pathOf(file))
  for (const connection of connections) assert.equal(session.problemOf(connection), undefined)
  assert.deepEqual([...new Set(decoded.map(({ protocol }) => protocol))], [name])
  return decoded
}

export const rowsOf = async (name: string, file: string): Promise<Row[]> =>
  (await decode(name, file)).map(({ line, kind, name: named, channel, id, answers }) =>
    trimmed([line, kind, named, channel, id, answers]),
  )

/** Without the undefined values at the end. */
export function trimmed(row: Row): Row {
  const last = row.findLastIndex((value) => value !== undefined)
  return row.slice(0, last + 1) as unknown as Row
}

/** The payload of a line of a recording, or the body that it sends; `{}` if its body is in another line. */
function payloadsOf(file: string): (line: number) => string {
  const lines = readFileSync(pathOf(file), 'utf8').split('\n')
  return (line) => {
    const { text, body } = JSON.parse(lines[line - 1] ?? '')
    return text ?? body ?? '{}'
  }
}

/** Checks that the value of each packet is what `valueIn` finds in its payload. DELETE requests have neither. */
export async function checkValues(name: string, file: string, valueIn: (payload: string) => unknown) {
  const payloadOf = payloadsOf(file)
  for (const { line, value } of await decode(name, file))
    assert.deepEqual(value, valueIn(payloadOf(line)), `line ${line}`)
}

export const rpcValue = (payload: string) => {
  const { params, result, error } = JSON.parse(payload)
  return params ?? error ?? result
}
