/** A message of an event stream as JSON. */
import type { Message } from '@smithy/eventstream-codec'
import { isFields } from '../../../shared/fields.ts'
import { base64, contentOf, toJson } from '../../values.ts'
import { tryJson } from '../language-models/read-json.ts'

export interface FrameValue {
  /** Their names begin with a colon if AWS defines them. */
  readonly headers: Readonly<Record<string, unknown>>
  readonly payload?: unknown
}

export function frameValue({ headers, body }: Message): FrameValue {
  const values = Object.entries(headers).map(([name, header]) => [name, headerValue(header)])
  const fields = { headers: Object.fromEntries(values) }
  return body.length === 0 ? fields : { ...fields, payload: payloadOf(body, fields.headers) }
}

function headerValue({ type, value }: Message['headers'][string]): unknown {
  if (type === 'long') return toJson(value.valueOf())
  return value instanceof Uint8Array ? base64(value) : toJson(value)
}

/** The payload. Bedrock's `chunk` has the JSON of the model in Base64. */
function payloadOf(body: Uint8Array, headers: FrameValue['headers']): unknown {
  const payload = tryJson(body)
  if (payload === undefined) return contentOf(body)
  if (headers[':event-type'] !== 'chunk' || !isFields(payload) || typeof payload.bytes !== 'string')
    return payload
  const bytes = Buffer.from(payload.bytes, 'base64')
  return { ...payload, bytes: tryJson(bytes) ?? payload.bytes }
}
