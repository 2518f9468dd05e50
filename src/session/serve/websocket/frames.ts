/** Unmasked WebSocket frames (RFC 6455 section 5.2) of recorded events, for all clients. */
import { isUtf8 } from 'node:buffer'
import type { MessageEvent, PayloadHead } from '../../../shared/event.ts'
import type { Framing } from '../blocks/block.ts'
import type { BlockBuffer } from '../blocks/block-buffer.ts'
import { type Payload, payloadSize } from '../blocks/payload.ts'
import { isInbound } from '../play-attempt.ts'

/** Frames of one message at most. */
const MAX_FRAMES = 64 * 1024
/** Bytes of a control frame at most (RFC 6455 section 5.5). */
const MAX_CONTROL = 125
const FIN = 0x80
const CONTINUATION = 0
const OPCODES = { text: 1, binary: 2, ping: 9, pong: 10 } as const
/** Lengths that say that 2 or 8 bytes with the length follow. */
const LENGTH_16 = 126
const LENGTH_64 = 127
/** Bytes of an unmasked frame before its payload, at most. */
const MAX_HEAD = 10

export interface SentMessage {
  readonly payload: Uint8Array
  readonly opcode?: MessageEvent['opcode'] | undefined
  /** Default 1. */
  readonly frames?: number | undefined
}

export interface FramingOptions {
  /** Whether the clients compress: compressed messages depend on what a client got before. */
  readonly deflates: boolean
  /** Whether clients have to send as many messages as the recorded client. */
  readonly waits: boolean
}

export function webSocketFraming({ deflates, waits }: FramingOptions): Framing {
  return {
    state: '',
    append(head, payload, buffer): boolean {
      const { type } = head
      if (type === 'comment') return true
      if (!isInbound(head)) return type !== 'message' || !waits
      if (type === 'message') {
        if (deflates && head.compressed === true) return false
        return appendMessage(head, payload, buffer)
      }
      return payloadSize(payload) <= MAX_CONTROL && appendFrame(FIN | OPCODES[type], payload, buffer)
    },
  }
}

function appendMessage({ opcode, frames = 1 }: PayloadHead, payload: Payload, buffer: BlockBuffer): boolean {
  if (!(payload instanceof Uint8Array))
    // A text in JSON is UTF-8. Frames of a part of it are made of its bytes.
    return frames <= 1 && appendFrame(FIN | OPCODES[opcode ?? 'text'], payload, buffer)
  let code: number = isBinary({ opcode, payload }) ? OPCODES.binary : OPCODES.text
  const pieces = fragments({ payload, frames })
  for (const [at, piece] of pieces.entries()) {
    appendFrame(at === pieces.length - 1 ? FIN | code : code, piece, buffer)
    code = CONTINUATION
  }
  return true
}

/** False, with nothing appended, if the payload is in JSON that is too long or cannot be read. */
function appendFrame(first: number, payload: Payload, buffer: BlockBuffer): boolean {
  if (payload instanceof Uint8Array) {
    appendHead(first, payload.length, buffer)
    buffer.append(payload)
    return true
  }
  if (!buffer.reserve(MAX_HEAD + payload.to - payload.from)) return false
  const start = buffer.size
  appendHead(first, payload.size, buffer)
  if (buffer.text(payload, false)) return true
  buffer.cut(start)
  return false
}

function appendHead(first: number, length: number, buffer: BlockBuffer): void {
  buffer.byte(first)
  if (length < LENGTH_16) buffer.byte(length)
  else if (length <= 0xffff) {
    buffer.byte(LENGTH_16)
    buffer.integer(length, 2)
  } else {
    buffer.byte(LENGTH_64)
    buffer.integer(length, 8)
  }
}

/** Whether a message is sent as binary. */
export function isBinary({ opcode, payload }: SentMessage): boolean {
  return (opcode ?? (isUtf8(payload) ? 'text' : 'binary')) === 'binary'
}

/** The payloads of a message's frames: as many as recorded, if there are enough bytes. */
export function fragments({ payload, frames = 1 }: SentMessage): Uint8Array[] {
  const count = Math.min(frames, MAX_FRAMES, payload.length)
  if (count <= 1) return [payload]
  const size = Math.ceil(payload.length / count)
  return Array.from({ length: count }, (_, frame) => payload.subarray(frame * size, (frame + 1) * size))
}
