import { RSV1 } from './frame-rules.ts'

/** A data message that has not arrived completely. */
export interface PartialMessage {
  readonly binary: boolean
  readonly compressed: boolean
  readonly parts: Uint8Array[]
  /** It is larger than the limit, so that its parts are not kept. */
  isTooLarge: boolean
  /** Bytes of the parts. */
  size: number
  /** Payload bytes of its frames, as compressed. */
  payloadSize: number
  frames: number
  wireSize: number
}

export function newMessage(binary: boolean, compressed: boolean): PartialMessage {
  return { binary, compressed, parts: [], isTooLarge: false, size: 0, payloadSize: 0, frames: 0, wireSize: 0 }
}

/** The message with one more frame, which begins with `first`. Undefined: the frame begins a message. Sizes are in bytes. */
export function withFrame(
  message: PartialMessage | undefined,
  first: number,
  payloadSize: number,
  wireSize: number,
): PartialMessage {
  const whole = message ?? newMessage((first & 0x0f) === 2, (first & RSV1) !== 0)
  whole.frames++
  whole.wireSize += wireSize
  whole.payloadSize += payloadSize
  return whole
}
