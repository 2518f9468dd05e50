/** Which responses faults act on record by record, and how their bodies are framed then. */

import { framingOf } from '../../parse/framing.ts'
import type { BodyFraming } from '../../parse/http/body-framing.ts'
import type { Headers } from '../../shared/headers.ts'
import { type FieldLine, newField } from './message-head.ts'

export interface RecordForm {
  /** The records are events of an event stream; else lines. */
  readonly isEvents: boolean
  /** The body is written in chunks (RFC 9112 section 7.1); else it ends with the connection. */
  readonly isChunked: boolean
}

export interface ResponseFacts {
  readonly framing: BodyFraming
  readonly version: '1.0' | '1.1'
  readonly headers: Headers
}

/** Undefined if the response has no records that can be told apart: its content is coded, or is no stream of events or lines. */
export function recordForm(
  requestVersion: '1.0' | '1.1',
  { framing, version, headers }: ResponseFacts,
): RecordForm | undefined {
  if (framing.kind === 'none' || framing.length === 0 || framing.codings.length > 0) return undefined
  const coding = headers['content-encoding'] ?? 'identity'
  const type = headers['content-type']
  const { framing: records, stream } = framingOf(typeof type === 'string' ? type : undefined)
  const isEvents = records === 'sse'
  const isLines = records === 'ndjson' && stream
  if (coding !== 'identity' || !(isEvents || isLines)) return undefined
  return { isEvents, isChunked: requestVersion === '1.1' && version === '1.1' }
}

const OF_FRAMING: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding'])

/** The fields of a head whose body is framed anew. */
export function framedAnew(fields: readonly FieldLine[], { isChunked }: RecordForm): FieldLine[] {
  const kept = fields.filter(({ name }) => !OF_FRAMING.has(name))
  if (isChunked) return [...kept, newField('Transfer-Encoding', 'chunked')]
  return [...kept.filter(({ name }) => name !== 'connection'), newField('Connection', 'close')]
}
