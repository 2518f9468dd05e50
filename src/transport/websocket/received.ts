/** What the receiver of a WebSocket's frames needs, and what it delivers. */
import type { MessageBatch } from '../../shared/message-batch.ts'
import type { FrameError } from './frame-rules.ts'
import type { Inflater } from './inflater.ts'

export interface ReceivedControl {
  readonly time: number
  readonly payload: Uint8Array
  readonly wireSize: number
}

export interface ReceivedMessage extends ReceivedControl {
  readonly binary: boolean
  readonly frames: number
  readonly compressed: boolean
}

export interface ReceiverSink {
  /** The batch is valid during the call only. */
  batch(batch: MessageBatch): void
  /** The payload is valid during the call only. */
  message(message: ReceivedMessage): void
  ping(control: ReceivedControl): void
  pong(control: ReceivedControl): void
  /** Nothing is read after a close frame. */
  close(control: ReceivedControl): void
  /** Nothing is read after an error. */
  failed(error: FrameError): void
  /** A message was passed over because it is too large. Only with `passesOver`. */
  tooLarge?(message: Omit<ReceivedMessage, 'payload'> & { readonly size: number }): void
  /** Whether a large message is being inflated; meanwhile, chunks that are pushed wait. */
  busy(busy: boolean): void
}

export interface ReceiverOptions {
  /** Largest message in bytes. */
  readonly maxSize: number
  readonly maxFragments: number
  /** Passes over messages that are larger than `maxSize`, and reads on. Otherwise, they are an error. */
  readonly passesOver?: boolean
  /** Undefined if no compression was negotiated. */
  readonly inflater: Inflater | undefined
  /** Pushed bytes will be overwritten, so what is kept of them is copied. Must not be set with an inflater. */
  readonly isLent?: boolean
  /** The size on the connection of the next frame, of `size` bytes. Default: `size`. Called once for each frame, in order. */
  readonly measure?: ((size: number) => number) | undefined
  /** The frames are those of a client. */
  readonly masked?: boolean
}

/** A chunk that waits while a large message is inflated. */
export interface WaitingChunk {
  readonly chunk: Uint8Array
  /** Where to continue. */
  readonly at: number
  readonly time: number
}
