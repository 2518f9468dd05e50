/** A data message that has not arrived completely. */
export interface PartialMessage {
  readonly binary: boolean
  readonly compressed: boolean
  readonly parts: Uint8Array[]
  /** Bytes of the parts. */
  size: number
  /** Payload bytes of its frames, as compressed. */
  payloadSize: number
  frames: number
  wireSize: number
}

export function newMessage(binary: boolean, compressed: boolean): PartialMessage {
  return { binary, compressed, parts: [], size: 0, payloadSize: 0, frames: 0, wireSize: 0 }
}
