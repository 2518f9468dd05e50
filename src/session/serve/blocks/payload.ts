/** Payloads that can still be in JSON. */
import type { JsonText } from '../../../capture/recording.ts'
import { stringBytes } from '../../json-string.ts'

/** Bytes, or a text that is still in JSON. */
export type Payload = Uint8Array | JsonText

/** In bytes. */
export function payloadSize(payload: Payload): number {
  return payload instanceof Uint8Array ? payload.length : payload.size
}

/** The bytes of a payload, as a copy if it is in JSON. */
export function payloadBytes(payload: Payload): Uint8Array {
  if (payload instanceof Uint8Array) return payload
  const { bytes, from, to, size } = payload
  return stringBytes(bytes, from, to, size)
}
