/** An open WebSocket: emits what it receives and sends, in order and with exact sizes, until it has closed. */
import type { Duplex } from 'node:stream'
import type { TransportEvent } from '../../shared/event.ts'
import type { Failure } from '../../shared/failure.ts'
import { batchedEvent, type MessageBatch } from '../../shared/message-batch.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { phraseOf } from '../failures.ts'
import { networkFailure } from '../http/network-failures.ts'
import type { StreamMeter } from '../http2/stream-meter.ts'
import { forceRetry } from '../reconnect.ts'
import type { AttemptContext, DisconnectRequest, Outcome } from '../transport.ts'
import { closedByServer, type Peer } from './closing.ts'
import { ClosingHandshake } from './closing-handshake.ts'
import type { DeflateParameters } from './extensions.ts'
import { endedInsideMessage, type FrameFailure, frameFailure, notSent } from './failures.ts'
import { closeOf } from './frame.ts'
import { MAX_WINDOW_BITS } from './frame-rules.ts'
import type { Accepted } from './handshake-end.ts'
import { createInflater, type Inflater } from './inflater.ts'
import { MAX_FRAGMENTS, messageLimit } from './limits.ts'
import { Pinger } from './pinger.ts'
import type { ReceivedControl, ReceivedMessage } from './received.ts'
import { Receiver } from './receiver.ts'
import { Sender } from './sender.ts'
import { type Place, Sequencer } from './sequencer.ts'
import { readSocket } from './socket-reads.ts'

export class OpenWebSocket {
  /** Resolves when the connection has closed and its last event is emitted. */
  readonly ended: Promise<Outcome>
  readonly #socket: Duplex
  readonly #meter: StreamMeter | undefined
  readonly #peer: Peer
  readonly #context: AttemptContext
  readonly #events: Sequencer
  readonly #sender: Sender
  readonly #closing: ClosingHandshake
  #paused = false
  /** The place of a large message that is being inflated, and of what arrived in the same chunk. */
  #inflating: Place | undefined
  #closeRequest: DisconnectRequest | undefined
  #frameFailure: FrameFailure | undefined
  #socketError: Error | undefined
  /** Bytes of a message that has begun and will not end. */
  #unfinished = 0
  /** Session time of the latest event. */
  #latest = 0

  /** Create it in the moment the WebSocket opens, before anything is read. */
  constructor(accepted: Accepted, context: AttemptContext) {
    const { socket, meter, deflate, url, subprotocol } = accepted
    this.#socket = socket
    this.#meter = meter
    this.#peer = { url, subprotocol }
    this.#context = context
    this.#events = new Sequencer((event) => {
      this.#latest = Math.max(this.#latest, event.time)
      context.emit(event)
    })
    this.#sender = new Sender(socket, {
      ...{ deflate, meter },
      events: this.#events,
      now: () => this.#now(),
      closeSent: () => this.#closing.sent(),
    })
    this.#closing = new ClosingHandshake(socket, this.#sender)
    socket.on('error', (error) => {
      this.#socketError ??= error
      socket.destroy()
    })
    socket.on('end', () => {
      this.#sender.stop()
      socket.end()
    })
    const { pingInterval } = context.spec
    // A pause of our own reader would count as a part of the round trip.
    const pinger =
      pingInterval === undefined
        ? undefined
        : new Pinger(pingInterval, (data) => !this.#paused && this.#sender.ping(data))
    let settle: (outcome: Outcome) => void = () => {}
    this.ended = new Promise((resolve) => {
      settle = resolve
    })
    // No listener refers to what was accepted, so that the response is not kept.
    this.#read(accepted, () => {
      pinger?.stop()
      this.#closing.stop()
      settle(this.#end())
    })
  }

  /** Throws a `Failure` as `Sender.send` does. */
  send(message: OutboundMessage): void {
    this.#sender.send(message)
  }

  pause(): void {
    this.#paused = true
    this.#updateReading()
  }

  resume(): void {
    this.#paused = false
    this.#updateReading()
  }

  /** Starts the closing handshake. The peer has 2 s to answer; if reading is paused, the connection ends at once. */
  close(request: DisconnectRequest): void {
    if (this.#closing.received === undefined && this.#frameFailure === undefined) this.#closeRequest = request
    this.#closing.begin(request.code ?? 1000, request.reason)
    if (this.#paused) setImmediate(() => this.#socket.destroy())
  }

  #now(): number {
    return this.#context.clock.now()
  }

  #updateReading(): void {
    if (this.#paused || this.#inflating !== undefined) this.#socket.pause()
    else this.#socket.resume()
  }

  // What arrives.

  /** Reads the socket until it has closed, and then calls `closed`. */
  #read({ socket, meter, reads, deflate }: Accepted, closed: () => void): void {
    const maxSize = messageLimit(this.#context.spec)
    const inflater = deflate && inflaterFor(deflate, maxSize)
    // An inflater may need its input later, so it gets copies.
    const isLent = reads !== undefined && inflater === undefined
    const data = (chunk: Uint8Array) => {
      const isRead = receiver.push(chunk, meter === undefined ? this.#now() : meter.arrivalOf(chunk.length))
      this.#sender.answerPings()
      return isRead
    }
    const measure = meter && ((size: number) => meter.received(size))
    const options = { maxSize, maxFragments: MAX_FRAGMENTS, inflater, isLent, measure }
    const receiver = new Receiver(options, {
      batch: (batch) => this.#onBatch(batch),
      message: (message) => this.#onMessage(message),
      ping: (ping) => {
        this.#emitReceived({ type: 'ping', direction: 'in', ...ping })
        this.#sender.addPing(ping.payload)
      },
      pong: (pong) => this.#emitReceived({ type: 'pong', direction: 'in', ...pong }),
      close: (close) => {
        // RFC 6455 section 5.5.2: each ping is answered, unless a close frame came before it.
        this.#sender.answerPings()
        this.#closing.answer(close)
      },
      failed: (error) => this.#failFrame(error),
      busy: (busy) => this.#onBusy(busy),
    })
    const end = () => {
      receiver.finish()
      this.#unfinished = receiver.unfinished
      closed()
    }
    readSocket(socket, { data, lent: (bytes) => void data(isLent ? bytes : bytes.slice()), end }, reads)
  }

  #onBusy(busy: boolean): void {
    this.#inflating?.done()
    this.#inflating = busy ? this.#events.reserve() : undefined
    this.#sender.holdPongs(busy)
    this.#updateReading()
    this.#sender.answerPings()
  }

  #onBatch(batch: MessageBatch): void {
    const { emitBatch } = this.#context
    if (emitBatch !== undefined && this.#events.idle) {
      this.#latest = Math.max(this.#latest, batch.time)
      emitBatch(batch)
      return
    }
    for (let index = 0; index < batch.count; index++) {
      const event = batchedEvent(batch, index)
      // The batch is valid during the call only, so an event that has to wait needs a copy.
      this.#emitReceived(this.#events.idle ? event : { ...event, payload: event.payload.slice() })
    }
  }

  #onMessage({ binary, ...message }: ReceivedMessage): void {
    const payload = this.#events.idle ? message.payload : message.payload.slice()
    const opcode = binary ? 'binary' : 'text'
    this.#emitReceived({ type: 'message', direction: 'in', opcode, ...message, payload })
  }

  #emitReceived(event: TransportEvent): void {
    if (!this.#events.idle) this.#meter?.hurry()
    if (this.#inflating === undefined) this.#events.add(event)
    else this.#inflating.add(event)
  }

  /** RFC 6455 section 7.1.7: fails the connection, with a close frame, without waiting for an answer. */
  #failFrame(error: Error): void {
    if (this.#frameFailure !== undefined) return
    const failed = frameFailure(error, messageLimit(this.#context.spec))
    this.#sender.answerPings()
    this.#frameFailure = failed
    this.#emitError(failed.failure)
    this.#closing.fail(failed.closeCode)
  }

  // How it ends.

  /** Emits the last events and returns the outcome. */
  #end(): Outcome {
    this.#sender.dropUnsent()
    if (this.#sender.unwritten > 0) this.#emitError(notSent(this.#sender.unwritten))
    if (this.#frameFailure !== undefined) return this.#endByFailure(this.#frameFailure)
    if (this.#closeRequest !== undefined) return this.#endByClient(this.#closeRequest)
    if (this.#closing.received !== undefined) return this.#endByServer(this.#closing.received)
    return this.#endByNetwork()
  }

  #endByFailure({ failure, closeCode }: FrameFailure): Outcome {
    this.#emitClose({ by: 'client', code: closeCode, wireSize: this.#sender.closeSize })
    return { end: 'failed', reason: phraseOf(failure) }
  }

  #endByClient({ code = 1000, reason }: DisconnectRequest): Outcome {
    this.#emitClose({ by: 'client', code, reason, wireSize: this.#sender.closeSize })
    return { end: 'done', reason: 'disconnected' }
  }

  #endByServer({ time, wireSize, payload }: ReceivedControl): Outcome {
    const { code, reason } = closeOf(payload)
    this.#emitUnfinished()
    this.#emitClose({ by: 'server', code, reason, wireSize, time })
    const outcome = closedByServer(code, reason, this.#peer)
    return outcome.end === 'failed' ? forceRetry(this.#context.spec, outcome) : outcome
  }

  #endByNetwork(): Outcome {
    const failure = this.#socketError && networkFailure(this.#socketError, this.#peer.url.href, 'body')
    if (failure) this.#emitError(failure)
    else this.#emitUnfinished()
    this.#emitClose({ by: 'network', code: 1006 })
    return { end: 'lost', reason: failure ? phraseOf(failure) : 'connection lost without a close frame' }
  }

  #emitUnfinished(): void {
    if (this.#unfinished > 0) this.#emitError(endedInsideMessage(this.#unfinished))
  }

  #emitError({ message, code }: Failure): void {
    this.#events.add({ type: 'error', time: this.#now(), message, code })
  }

  #emitClose(close: {
    by: 'client' | 'server' | 'network'
    code: number
    reason?: string | undefined
    wireSize?: number | undefined
    time?: number
  }): void {
    this.#events.add({
      type: 'close',
      time: Math.max(close.time ?? this.#now(), this.#latest),
      by: close.by,
      code: close.code,
      ...(close.reason && { reason: close.reason }),
      ...(close.wireSize !== undefined && { wireSize: close.wireSize }),
    })
  }
}

function inflaterFor(deflate: DeflateParameters, maxSize: number): Inflater {
  const forgets = deflate.server_no_context_takeover
  return createInflater({ forgets, windowBits: deflate.server_max_window_bits ?? MAX_WINDOW_BITS }, maxSize)
}
