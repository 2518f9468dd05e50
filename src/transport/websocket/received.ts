/** What a receiver of frames is given, and what it says. */
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
  /** Valid during the call only. */
  batch(batch: MessageBatch): void
  /** Its payload is valid during the call only. */
  message(message: ReceivedMessage): void
  ping(control: ReceivedControl): void
  pong(control: ReceivedControl): void
  /** Nothing is read after it. */
  close(control: ReceivedControl): void
  /** Nothing is read after it. */
  failed(error: FrameError): void
  /** Whether a message is being inflated that takes its time: what is pushed meanwhile has to wait. */
  busy(busy: boolean): void
}

export interface ReceiverOptions {
  /** Bytes of a message. */
  readonly maxSize: number
  readonly maxFragments: number
  /** Undefined where no compression was agreed on. */
  readonly inflater: Inflater | undefined
}
