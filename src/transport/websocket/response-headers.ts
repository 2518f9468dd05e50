/** The header fields of a response that Node read. */
import type { IncomingMessage } from 'node:http'
import type { Headers } from '../../shared/event.ts'

export function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers: Record<string, string | readonly string[]> = {}
  for (const [name, values = []] of Object.entries(headersDistinct))
    headers[name] = values.length === 1 ? (values[0] ?? '') : values
  return headers
}
