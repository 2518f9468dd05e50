/** Unmasked WebSocket frames (RFC 6455 section 5.2) of recorded events, for all clients. */
import { isUtf8 } from 'node:buffer'
import type { MessageEvent } from '../../../shared/event.ts'
import type { Framing } from '../blocks/block.ts'
import type { BlockBuffer } from '../blocks/block-buffer.ts'
import { isInbound, type PlayedEvent } from '../play-attempt.ts'

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
    append(event: PlayedEvent, buffer: BlockBuffer): boolean {
      if (event.type === 'comment') return true
      if (!isInbound(event)) return event.type !== 'message' || !waits
      if (event.type === 'message') {
        if (deflates && event.compressed === true) return false
        appendMessage(event, buffer)
        return true
      }
      if (event.payload.length > MAX_CONTROL) return false
      appendFrame(FIN | OPCODES[event.type], event.payload, buffer)
      return true
    },
  }
}

function appendMessage(message: MessageEvent, buffer: BlockBuffer): void {
  let opcode: number = isBinary(message) ? OPCODES.binary : OPCODES.text
  const pieces = fragments(message)
  for (const [at, piece] of pieces.entries()) {
    appendFrame(at === pieces.length - 1 ? FIN | opcode : opcode, piece, buffer)
    opcode = CONTINUATION
  }
}

function appendFrame(first: number, payload: Uint8Array, buffer: BlockBuffer): void {
  const { length } = payload
  buffer.byte(first)
  if (length < LENGTH_16) buffer.byte(length)
  else if (length <= 0xffff) {
    buffer.byte(LENGTH_16)
    buffer.integer(length, 2)
  } else {
    buffer.byte(LENGTH_64)
    buffer.integer(length, 8)
  }
  buffer.append(payload)
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
