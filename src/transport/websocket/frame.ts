/** Makes frames (RFC 6455 section 5.2). */
import { FIN, KEY_SIZE, MASKED } from './frame-rules.ts'
import { takeRandomBytes } from './random-bytes.ts'
import { unmask } from './unmask.ts'

export const TEXT = 1
export const BINARY = 2
export const CLOSE = 8
export const PING = 9
export const PONG = 10

const EXTENDED_16 = 126
const EXTENDED_64 = 127

/**
 * A whole message or control frame in one frame. `first`: its opcode, and RSV1 if it is compressed. Masked as a client's if
 * `masked`.
 */
export function encodeFrame(
  first: number,
  payload: Uint8Array,
  { masked }: { readonly masked: boolean },
): Buffer {
  const { length } = payload
  const lengthSize = length < EXTENDED_16 ? 0 : length < 2 ** 16 ? 2 : 8
  const start = 2 + lengthSize + (masked ? KEY_SIZE : 0)
  const frame = Buffer.allocUnsafe(start + length)
  frame[0] = FIN | first
  frame[1] =
    (masked ? MASKED : 0) | (lengthSize === 0 ? length : lengthSize === 2 ? EXTENDED_16 : EXTENDED_64)
  if (lengthSize === 2) frame.writeUInt16BE(length, 2)
  if (lengthSize === 8) frame.writeBigUInt64BE(BigInt(length), 2)
  frame.set(payload, start)
  if (masked) {
    // Each key is used once (RFC 6455 section 10.3).
    frame.set(takeRandomBytes(KEY_SIZE), start - KEY_SIZE)
    // Masking and unmasking are the same.
    unmask(frame, start, length, frame, start - KEY_SIZE)
  }
  return frame
}

/** An uncompressed message in one frame. */
export function messageFrame(
  opcode: 'text' | 'binary',
  payload: Uint8Array,
  options: { readonly masked: boolean },
): Buffer {
  return encodeFrame(opcode === 'text' ? TEXT : BINARY, payload, options)
}

/** The payload of a close frame. Without a code it is empty, whatever the reason. */
export function closePayload(code: number | undefined, reason = ''): Uint8Array {
  if (code === undefined) return new Uint8Array()
  return Buffer.concat([Uint8Array.of(code >> 8, code & 0xff), Buffer.from(reason)])
}

/** The code and the reason in the payload of a close frame; 1005 if it has none (RFC 6455 section 7.1.5). */
export function closeOf(payload: Uint8Array): { readonly code: number; readonly reason: string } {
  if (payload.length < 2) return { code: 1005, reason: '' }
  const code = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0)
  return { code, reason: Buffer.from(payload.subarray(2)).toString() }
}
