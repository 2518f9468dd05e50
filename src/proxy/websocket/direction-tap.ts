/** Reads what passes in one direction of a WebSocket. */
import type { Direction, TransportEvent } from '../../shared/event.ts'
import type { Failure } from '../../shared/failure.ts'
import { batchedEvent, type MessageBatch } from '../../shared/message-batch.ts'
import { freeBytes } from '../../transport/free-bytes.ts'
import { createInflater, type InflaterOptions } from '../../transport/websocket/inflater.ts'
import { MAX_FRAGMENTS } from '../../transport/websocket/limits.ts'
import type { ReceivedControl, ReceivedMessage } from '../../transport/websocket/received.ts'
import { Receiver } from '../../transport/websocket/receiver.ts'
import type { Place, Sequencer } from '../../transport/websocket/sequencer.ts'
import type { Guard } from '../guard.ts'
import { inflatingTooSlow, messageNotRecorded, type Side, unreadableFrame } from './failures.ts'

/** Bytes that may wait while a large message is inflated. */
const MAX_WAITING = 64 * 1024 * 1024

export interface DirectionTapOptions {
  readonly direction: Direction
  /** Undefined if no compression was negotiated for it. */
  readonly inflater: InflaterOptions | undefined
  /** Largest message in bytes. */
  readonly maxSize: number
  readonly events: Sequencer
  /** Of the connection. */
  readonly guard: Guard
  /** Takes batches of inbound messages, if nothing waits. */
  readonly emitBatch: (batch: MessageBatch) => void
  readonly failed: (failure: Failure) => void
}

/** Takes the events of a direction in place of the host. */
export interface Diversion {
  /** A message, whose payload is valid during the call only, a ping or a pong. */
  event(event: TransportEvent): void
  /** The tap has passed over a message. */
  passedOver(): void
  /** Nothing more is read. */
  failed(): void
}

export class DirectionTap {
  readonly #options: DirectionTapOptions
  readonly #side: Side
  #receiver: Receiver | undefined
  #close: ReceivedControl | undefined
  /** The place of a large message that is being inflated, and of what followed it. */
  #inflating: Place | undefined
  #waiting = 0
  #diversion: Diversion | undefined

  constructor(options: DirectionTapOptions) {
    const { direction, inflater, maxSize, guard } = options
    this.#options = options
    this.#side = direction === 'out' ? 'client' : 'server'
    this.#receiver = new Receiver(
      {
        ...{ maxSize, maxFragments: MAX_FRAGMENTS, masked: direction === 'out', passesOver: true },
        inflater: inflater && createInflater(inflater, maxSize),
      },
      // A large message is inflated in slices, so that nobody else may be there to catch what is thrown.
      {
        batch: (batch) => guard.run(() => this.#onBatch(batch)),
        message: (message) => guard.run(() => this.#onMessage(message)),
        ping: (ping) => guard.run(() => this.#read({ type: 'ping', direction, ...ping })),
        pong: (pong) => guard.run(() => this.#read({ type: 'pong', direction, ...pong })),
        close: (close) => {
          this.#close = close
        },
        failed: (error) => guard.run(() => this.#fail(unreadableFrame(error, this.#side, maxSize))),
        tooLarge: (message) => guard.run(() => this.#onTooLarge(message)),
        busy: (busy) => guard.run(() => this.#onBusy(busy)),
      },
    )
  }

  /** The close frame that passed. Nothing is read after it. */
  get close(): ReceivedControl | undefined {
    return this.#close
  }

  /** Largest message in bytes. */
  get maxSize(): number {
    return this.#options.maxSize
  }

  /** A compressed message may refer to those before it. */
  get hasContext(): boolean {
    return this.#options.inflater?.forgets === false
  }

  /** A large message is being inflated; meanwhile, what is pushed waits. */
  get isInflating(): boolean {
    return this.#inflating !== undefined
  }

  /** What passes cannot be read any more. */
  get isBlind(): boolean {
    return this.#receiver === undefined
  }

  /** Wire size of a message or frame that has begun and not ended; undefined if it is not known. */
  get unfinished(): number | undefined {
    return this.#receiver === undefined || this.#inflating !== undefined
      ? undefined
      : this.#receiver.unfinished
  }

  /** Reports an event after those that are not complete yet. */
  emit(event: TransportEvent): void {
    if (this.#inflating === undefined) this.#options.events.add(event)
    else this.#inflating.add(event)
  }

  /** Gives all events to `diversion` from now on; to the host again if it is undefined. */
  divert(diversion: Diversion | undefined): void {
    this.#diversion = diversion
  }

  /** Reads the next bytes, which arrived at `time`. They belong to the tap, which overwrites and releases them. */
  push(bytes: Uint8Array, time: number): void {
    if (this.#receiver === undefined) return
    if (this.#receiver.push(bytes, time)) freeBytes(bytes)
    else if (this.#inflating !== undefined) {
      this.#waiting += bytes.length
      if (this.#waiting > MAX_WAITING) this.#fail(inflatingTooSlow(this.#side))
    }
  }

  /** Nothing more arrives: reads what waits, however long that takes. */
  finish(): void {
    this.#receiver?.finish()
  }

  #onBusy(busy: boolean): void {
    this.#inflating?.done()
    this.#inflating = busy ? this.#options.events.reserve() : undefined
    this.#waiting = 0
  }

  #onBatch(batch: MessageBatch): void {
    const { direction, events, emitBatch } = this.#options
    if (direction === 'in' && events.idle && this.#diversion === undefined) {
      emitBatch(batch)
      return
    }
    for (let index = 0; index < batch.count; index++) {
      const event = batchedEvent(batch, index)
      // The batch is valid during the call only, so an event that has to wait needs a copy.
      const payload = events.idle ? event.payload : event.payload.slice()
      this.#read({ ...event, direction, payload })
    }
  }

  #onMessage({ binary, ...message }: ReceivedMessage): void {
    const { direction, events } = this.#options
    const payload = events.idle ? message.payload : message.payload.slice()
    this.#read({ type: 'message', direction, opcode: binary ? 'binary' : 'text', ...message, payload })
  }

  #onTooLarge({ time, size }: { readonly time: number; readonly size: number }): void {
    const { code, message } = messageNotRecorded(this.#side, size, this.maxSize)
    this.emit({ type: 'error', time, code, message })
    this.#diversion?.passedOver()
  }

  #read(event: TransportEvent): void {
    if (this.#diversion === undefined) this.emit(event)
    else this.#diversion.event(event)
  }

  #fail(failure: Failure): void {
    this.#receiver = undefined
    this.#options.failed(failure)
    this.#inflating?.done()
    this.#inflating = undefined
    this.#diversion?.failed()
  }
}
