/** What a frame may look like (RFC 6455 section 5.2). Errors use the codes and messages of `ws`. */
import { isUtf8 } from 'node:buffer'
import { isCloseCode } from '../../shared/close-codes.ts'

/** The peer sent an invalid frame. */
export class FrameError extends Error {
  readonly code: string
  /** The header of the frame as far as it has arrived; undefined if the error is not in the frame. */
  header: Uint8Array | undefined

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Returns the error if the peer caused it, and throws any other error again. */
export function requireFrameError(thrown: unknown): FrameError {
  if (thrown instanceof FrameError) return thrown
  throw thrown
}

/** The reason of a close frame is not valid UTF-8. */
export class CloseReasonError extends FrameError {
  constructor(code: number, reason: Uint8Array) {
    super('WS_ERR_INVALID_UTF8', `code ${code}, reason ${Buffer.from(reason).toString('base64')} in base64`)
  }
}

function malformed(code: string, message: string): FrameError {
  return new FrameError(`WS_ERR_${code}`, `Invalid WebSocket frame: ${message}`)
}

export const FIN = 0x80
export const RSV1 = 0x40
const RSV_2_3 = 0x30
export const MASKED = 0x80
const MAX_CONTROL = 125
/** Base-2 logarithm of the largest window (RFC 7692 section 7.1.2). */
export const MAX_WINDOW_BITS = 15

/** Bytes of a masking key. */
export const KEY_SIZE = 4

/** What decides whether a header is valid. */
export interface FrameContext {
  /** Fragments of a message are expected. */
  readonly fragmented: boolean
  /** permessage-deflate was negotiated. */
  readonly compression: boolean
  /** The frames are those of a client (RFC 6455 section 5.1). */
  readonly masked: boolean
}

/** Throws a `FrameError` if the first two bytes of a header are invalid. */
export function checkHeader(
  first: number,
  second: number,
  { fragmented, compression, masked }: FrameContext,
): void {
  const opcode = first & 0x0f
  const length = second & 0x7f
  if (first & RSV_2_3) throw malformed('UNEXPECTED_RSV_2_3', 'RSV2 and RSV3 must be clear')
  const isStart = opcode === 1 || opcode === 2
  const isControl = opcode > 7 && opcode < 11
  // RFC 7692 section 6: only on the first frame of a message.
  if (first & RSV1 && !(compression && (isStart || opcode > 10)))
    throw malformed('UNEXPECTED_RSV_1', 'RSV1 must be clear')
  if (isStart ? fragmented : opcode === 0 ? !fragmented : !isControl)
    throw malformed('INVALID_OPCODE', `invalid opcode ${opcode}`)
  if (isControl) {
    if (!(first & FIN)) throw malformed('EXPECTED_FIN', 'FIN must be set')
    if (length > MAX_CONTROL || (opcode === 8 && length === 1))
      throw malformed('INVALID_CONTROL_PAYLOAD_LENGTH', `invalid payload length ${length}`)
  }
  if (((second & MASKED) !== 0) !== masked)
    throw masked
      ? malformed('EXPECTED_MASK', 'MASK must be set')
      : malformed('UNEXPECTED_MASK', 'MASK must be clear')
}

/** Bytes of a header, by its second byte. */
export function headerSize(second: number): number {
  const length = second & 0x7f
  return (length < 126 ? 2 : length === 126 ? 4 : 10) + (second & MASKED ? KEY_SIZE : 0)
}

/** The header that begins at that place, as far as the chunk contains it. */
export function headerAt(chunk: Uint8Array, at: number): Uint8Array {
  return chunk.slice(at, at + headerSize(chunk[at + 1] ?? 0))
}

/** High 32 bits of 2^53 - 1, the largest length that a number represents exactly. */
const MAX_HIGH = 2 ** 21 - 1

/** The payload length in the header at `at`. Throws a `FrameError` if it is beyond 2^53 - 1. */
export function payloadSize(bytes: Uint8Array, at: number): number {
  const length = (bytes[at + 1] ?? 0) & 0x7f
  if (length < 126) return length
  if (length === 126) return ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
  const view = new DataView(bytes.buffer, bytes.byteOffset + at + 2, 8)
  const high = view.getUint32(0)
  if (high > MAX_HIGH)
    throw new FrameError(
      'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH',
      'Unsupported WebSocket frame: payload length > 2^53 - 1',
    )
  return high * 2 ** 32 + view.getUint32(4)
}

/** Throws a `FrameError` if the payload of a close frame is invalid. */
export function checkClosePayload(payload: Uint8Array): void {
  if (payload.length === 0) return
  const code = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0)
  if (!isCloseCode(code)) throw malformed('INVALID_CLOSE_CODE', `invalid status code ${code}`)
  const reason = payload.subarray(2)
  if (!isUtf8(reason)) throw new CloseReasonError(code, reason)
}

/** RFC 6455 section 8.1. */
export function invalidUtf8(): FrameError {
  return malformed('INVALID_UTF8', 'invalid UTF-8 sequence')
}

export function messageTooLarge(): FrameError {
  return new FrameError('WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'Max payload size exceeded')
}

export function tooManyFragments(): FrameError {
  return new FrameError('WS_ERR_TOO_MANY_BUFFERED_PARTS', 'Too many message fragments')
}
