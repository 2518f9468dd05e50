/** Blocks of bytes that clients have in common. */
import type { PayloadHead } from '../../../shared/event.ts'
import type { PlayedEvent } from '../play-attempt.ts'
import type { BlockBuffer } from './block-buffer.ts'
import type { Payload } from './payload.ts'

/** Where a block begins in an attempt. */
export interface Place {
  /** Number of the attempt's events before it. */
  readonly skip: number
  /** The state of the framing. */
  readonly state: string
}

export interface Block {
  /** Bytes that all clients get. Empty if there is an event instead. */
  readonly parts: readonly Uint8Array[]
  /** An event that each client gets in its own way. */
  readonly event?: PlayedEvent
  readonly size: number
  /** Where the next block begins. */
  readonly next: Place
}

/** How events become the bytes of a connection. */
export interface Framing {
  /** What the bytes of later events depend on. Two framings with the same state write the same. */
  state: string
  /**
   * Appends the bytes of an event. False, with nothing appended, if each client has to get the event in its own way. For a payload in
   * JSON, also if its bytes are needed.
   */
  append(head: PayloadHead, payload: Payload, buffer: BlockBuffer): boolean
}
