/** An open WebSocket: emits what it receives and sends, in order and with exact sizes, until it has closed. */
import type { Duplex } from 'node:stream'
import type WebSocket from 'ws'
import type { TransportEvent } from '../../shared/event.ts'
import type { Failure } from '../../shared/failure.ts'
import { batchedEvent, type MessageBatch } from '../../shared/message-batch.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { phraseOf } from '../failures.ts'
import type { LentReads } from '../http/lent-reads.ts'
import { networkFailure } from '../http/network-failures.ts'
import { forceRetry } from '../reconnect.ts'
import type { AttemptContext, DisconnectRequest, Outcome } from '../transport.ts'
import { closedByServer } from './closing.ts'
import { endedInsideMessage, type FrameFailure, frameFailure, notSent } from './failures.ts'
import type { Accepted } from './handshake-end.ts'
import { createInflater } from './inflater.ts'
import { interceptReads } from './intercept.ts'
import { MAX_FRAGMENTS, messageLimit } from './limits.ts'
import { Pinger } from './pinger.ts'
import type { ReceivedControl, ReceivedMessage, ReceiverOptions } from './received.ts'
import { Receiver } from './receiver.ts'
import { Sender } from './sender.ts'
import { type Place, Sequencer } from './sequencer.ts'

const CLOSE_FRAME = 0x88
const MAX_WINDOW_BITS = 15

export class OpenWebSocket {
  /** Resolves when the connection has closed and its last event is emitted. */
  readonly ended: Promise<Outcome>
  readonly #ws: WebSocket
  readonly #socket: Duplex
  readonly #context: AttemptContext
  readonly #events: Sequencer
  readonly #sender: Sender
  #paused = false
  /** The place of a large message that is being inflated, and of what arrived in the same chunk. */
  #inflating: Place | undefined
  #closeRequest: DisconnectRequest | undefined
  #closeReceived: ReceivedControl | undefined
  #frameFailure: FrameFailure | undefined
  #socketError: Error | undefined
  /** Bytes of a message that has begun and will not end. */
  #unfinished = 0
  /** Session time of the latest event. */
  #latest = 0

  /** Create it in the moment the WebSocket opens, before anything is read. */
  constructor({ ws, socket, reads, deflate }: Accepted, context: AttemptContext) {
    this.#ws = ws
    this.#socket = socket
    this.#context = context
    this.#events = new Sequencer((event) => {
      this.#latest = Math.max(this.#latest, event.time)
      context.emit(event)
    })
    const maxSize = messageLimit(context.spec)
    const inflater =
      deflate &&
      createInflater(
        {
          forgets: deflate.server_no_context_takeover,
          windowBits: deflate.server_max_window_bits ?? MAX_WINDOW_BITS,
        },
        maxSize,
      )
    // An inflater may need its input later, so it gets copies.
    const isLent = reads !== undefined && inflater === undefined
    this.#read({ maxSize, maxFragments: MAX_FRAGMENTS, inflater, isLent }, reads)
    this.#sender = new Sender(ws, socket, {
      events: this.#events,
      now: () => this.#now(),
      closeSent: () => {
        if (this.#frameFailure !== undefined) this.#hangUp()
      },
    })
    socket.on('error', (error) => {
      this.#socketError ??= error
    })
    ws.on('error', (error) => this.#failFrame(error))
    const { pingInterval } = context.spec
    // A pause of our own reader would count as a part of the round trip.
    const pinger =
      pingInterval === undefined
        ? undefined
        : new Pinger(pingInterval, (data) => !this.#paused && this.#sender.ping(data))
    this.ended = new Promise((resolve) => {
      ws.on('close', (code, reason) => {
        pinger?.stop()
        resolve(this.#end(code, reason.toString()))
      })
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
    if (this.#closeReceived === undefined && this.#frameFailure === undefined) this.#closeRequest = request
    this.#ws.close(request.code ?? 1000, request.reason)
    if (this.#paused) setImmediate(() => this.#ws.terminate())
  }

  #now(): number {
    return this.#context.clock.now()
  }

  #updateReading(): void {
    if (this.#paused || this.#inflating !== undefined) this.#ws.pause()
    else this.#ws.resume()
  }

  // What arrives.

  /** Reads the socket in place of `ws`. Only the close frame is passed on to `ws`, which answers it. */
  #read(options: ReceiverOptions, reads: LentReads | undefined): void {
    const data = (chunk: Uint8Array) => {
      const isRead = receiver.push(chunk, this.#now())
      this.#sender.answerPings()
      return isRead
    }
    const passToWs = interceptReads(
      this.#socket,
      {
        data,
        lent: (bytes) => void data(options.isLent ? bytes : bytes.slice()),
        end: () => {
          receiver.finish()
          this.#unfinished = receiver.unfinished
        },
      },
      reads,
    )
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
        this.#closeReceived = close
        passToWs(Buffer.concat([Uint8Array.of(CLOSE_FRAME, close.payload.length), close.payload]))
      },
      failed: (error) => this.#failFrame(error),
      busy: (busy) => this.#onBusy(busy),
    })
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
    this.#ws.close(failed.closeCode)
    if (this.#sender.closeFrame !== undefined) this.#hangUp()
  }

  #hangUp(): void {
    // In the next tick, after the close frame is written.
    process.nextTick(() => this.#socket.end())
  }

  // How it ends.

  /** Emits the last events and returns the outcome; `code` and `reason` are those of `ws`. */
  #end(code: number, reason: string): Outcome {
    this.#sender.dropUnsent()
    if (this.#sender.unwritten > 0) this.#emitError(notSent(this.#sender.unwritten))
    if (this.#frameFailure !== undefined) return this.#endByFailure(this.#frameFailure)
    if (this.#closeRequest !== undefined) return this.#endByClient(this.#closeRequest)
    if (this.#closeReceived !== undefined && code !== 1006)
      return this.#endByServer(this.#closeReceived, code, reason)
    return this.#endByNetwork()
  }

  #endByFailure({ failure, closeCode }: FrameFailure): Outcome {
    this.#emitClose({ by: 'client', code: closeCode, wireSize: this.#sender.closeFrame?.wireSize })
    return { end: 'failed', reason: phraseOf(failure) }
  }

  #endByClient({ code = 1000, reason }: DisconnectRequest): Outcome {
    this.#emitClose({ by: 'client', code, reason, wireSize: this.#sender.closeFrame?.wireSize })
    return { end: 'done', reason: 'disconnected' }
  }

  #endByServer({ time, wireSize }: ReceivedControl, code: number, reason: string): Outcome {
    this.#emitUnfinished()
    this.#emitClose({ by: 'server', code, reason, wireSize, time })
    const peer = { url: new URL(this.#ws.url), subprotocol: this.#ws.protocol }
    const outcome = closedByServer(code, reason, peer)
    return outcome.end === 'failed' ? forceRetry(this.#context.spec, outcome) : outcome
  }

  #endByNetwork(): Outcome {
    const failure = this.#socketError && networkFailure(this.#socketError, this.#ws.url, 'body')
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
