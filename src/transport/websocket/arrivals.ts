/**
 * What arrives on an open WebSocket: reads frames from the socket, and emits their events in order. With thousands of
 * connections, none of their objects is in the processor's cache when a message comes. So a message visits few: there
 * are no functions and no objects in between.
 */
import type { TransportEvent } from '../../shared/event.ts'
import { batchedEvent, type MessageBatch } from '../../shared/message-batch.ts'
import type { StreamMeter } from '../http2/stream-meter.ts'
import type { AttemptContext } from '../transport.ts'
import type { DeflateParameters } from './extensions.ts'
import { MAX_WINDOW_BITS } from './frame-rules.ts'
import type { Accepted } from './handshake-end.ts'
import { createInflater, type Inflater } from './inflater.ts'
import { MAX_FRAGMENTS, messageLimit } from './limits.ts'
import type { ReceivedControl, ReceivedMessage, ReceiverSink } from './received.ts'
import { Receiver } from './receiver.ts'
import type { Sender } from './sender.ts'
import type { Place, Sequencer } from './sequencer.ts'
import { SocketReads } from './socket-reads.ts'

export interface ArrivalsHost {
  readonly context: AttemptContext
  readonly events: Sequencer
  /** Answers pings. */
  readonly sender: Sender
  /** The peer has sent a close frame. */
  closed(close: ReceivedControl): void
  /** A frame is invalid. Nothing is read after it. */
  failed(error: Error): void
  /** The socket has closed, and all that arrived is emitted. */
  ended(): void
}

export class Arrivals implements ReceiverSink {
  readonly #receiver: Receiver
  readonly #clock: AttemptContext['clock']
  readonly #meter: StreamMeter | undefined
  readonly #isLent: boolean
  readonly #events: Sequencer
  readonly #emitBatch: AttemptContext['emitBatch']
  /** A ping has arrived, ever. */
  #hasPings = false
  #latest = 0
  readonly #host: ArrivalsHost
  readonly #reads: SocketReads
  #paused = false
  /** The place of a large message that is being inflated, and of what arrived in the same chunk. */
  #inflating: Place | undefined

  /** Reads the socket until it has closed. */
  constructor({ socket, meter, reads, deflate }: Accepted, host: ArrivalsHost) {
    const { clock, emitBatch, spec } = host.context
    this.#host = host
    this.#clock = clock
    this.#meter = meter
    this.#events = host.events
    this.#emitBatch = emitBatch
    const maxSize = messageLimit(spec)
    const inflater = deflate && inflaterFor(deflate, maxSize)
    // An inflater may need its input later, so it gets copies.
    this.#isLent = reads !== undefined && inflater === undefined
    const measure = meter && ((size: number) => meter.received(size))
    const options = { maxSize, maxFragments: MAX_FRAGMENTS, inflater, isLent: this.#isLent, measure }
    this.#receiver = new Receiver(options, this)
    this.#reads = new SocketReads(socket, this, reads)
  }

  /** The time of the latest batch. */
  get latest(): number {
    return this.#latest
  }

  /** Bytes of a message that has begun. */
  get unfinished(): number {
    return this.#receiver.unfinished
  }

  get isPaused(): boolean {
    return this.#paused
  }

  pause(): void {
    this.#paused = true
    this.#updateReading()
  }

  resume(): void {
    this.#paused = false
    this.#updateReading()
  }

  #updateReading(): void {
    if (this.#paused || this.#inflating !== undefined) this.#reads.pause()
    else this.#reads.resume()
  }

  // What the socket reads.

  /** May overwrite the chunk. Returns true if it does not need the chunk any more. */
  data(chunk: Uint8Array): boolean {
    const time = this.#meter === undefined ? this.#clock.now() : this.#meter.arrivalOf(chunk.length)
    const isRead = this.#receiver.push(chunk, time)
    if (this.#hasPings) this.#host.sender.answerPings()
    return isRead
  }

  /** As `data`, with bytes that will be overwritten. */
  lent(bytes: Uint8Array): void {
    this.data(this.#isLent ? bytes : bytes.slice())
  }

  /** The socket has closed. */
  end(): void {
    this.#receiver.finish()
    this.#host.ended()
  }

  // What the receiver delivers.

  batch(batch: MessageBatch): void {
    if (this.#emitBatch !== undefined && this.#events.idle) {
      this.#latest = Math.max(this.#latest, batch.time)
      this.#emitBatch(batch)
      return
    }
    for (let index = 0; index < batch.count; index++) {
      const event = batchedEvent(batch, index)
      // The batch is valid during the call only, so an event that has to wait needs a copy.
      this.#emit(this.#events.idle ? event : { ...event, payload: event.payload.slice() })
    }
  }

  message({ binary, ...message }: ReceivedMessage): void {
    const payload = this.#events.idle ? message.payload : message.payload.slice()
    const opcode = binary ? 'binary' : 'text'
    this.#emit({ type: 'message', direction: 'in', opcode, ...message, payload })
  }

  ping(ping: ReceivedControl): void {
    this.#hasPings = true
    this.#emit({ type: 'ping', direction: 'in', ...ping })
    this.#host.sender.addPing(ping.payload)
  }

  pong(pong: ReceivedControl): void {
    this.#emit({ type: 'pong', direction: 'in', ...pong })
  }

  close(close: ReceivedControl): void {
    // RFC 6455 section 5.5.2: each ping is answered, unless a close frame came before it.
    this.#host.sender.answerPings()
    this.#host.closed(close)
  }

  failed(error: Error): void {
    this.#host.failed(error)
  }

  busy(busy: boolean): void {
    this.#inflating?.done()
    this.#inflating = busy ? this.#events.reserve() : undefined
    this.#host.sender.holdPongs(busy)
    this.#updateReading()
    this.#host.sender.answerPings()
  }

  #emit(event: TransportEvent): void {
    if (!this.#events.idle) this.#meter?.hurry()
    if (this.#inflating === undefined) this.#events.add(event)
    else this.#inflating.add(event)
  }
}

function inflaterFor(deflate: DeflateParameters, maxSize: number): Inflater {
  const forgets = deflate.server_no_context_takeover
  return createInflater({ forgets, windowBits: deflate.server_max_window_bits ?? MAX_WINDOW_BITS }, maxSize)
}
