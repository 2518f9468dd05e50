/** An open WebSocket: emits what it receives and sends, in order and with exact sizes, until it has closed. */
import type { Duplex } from 'node:stream'
import type { Failure } from '../../shared/failure.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { phraseOf } from '../failures.ts'
import { networkFailure } from '../http/network-failures.ts'
import { forceRetry } from '../reconnect.ts'
import type { AttemptContext, DisconnectRequest, Outcome } from '../transport.ts'
import { Arrivals } from './arrivals.ts'
import { closedByServer, type Peer } from './closing.ts'
import { ClosingHandshake } from './closing-handshake.ts'
import { endedInsideMessage, type FrameFailure, frameFailure, notSent } from './failures.ts'
import { closeOf } from './frame.ts'
import type { Accepted } from './handshake-end.ts'
import { messageLimit } from './limits.ts'
import { Pinger } from './pinger.ts'
import type { ReceivedControl } from './received.ts'
import { Sender } from './sender.ts'
import { Sequencer } from './sequencer.ts'

export class OpenWebSocket {
  /** Resolves when the connection has closed and its last event is emitted. */
  readonly ended: Promise<Outcome>
  readonly #socket: Duplex
  readonly #peer: Peer
  readonly #context: AttemptContext
  readonly #events: Sequencer
  readonly #sender: Sender
  readonly #closing: ClosingHandshake
  readonly #arrivals: Arrivals
  #closeRequest: DisconnectRequest | undefined
  #frameFailure: FrameFailure | undefined
  #socketError: Error | undefined
  /** Session time of the latest event, but for those that arrived in batches. */
  #latest = 0

  /** Create it in the moment the WebSocket opens, before anything is read. */
  constructor(accepted: Accepted, context: AttemptContext) {
    const { socket, meter, deflate, url, subprotocol } = accepted
    this.#socket = socket
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
        : new Pinger(pingInterval, (data) => !this.#arrivals.isPaused && this.#sender.ping(data))
    let settle: (outcome: Outcome) => void = () => {}
    this.ended = new Promise((resolve) => {
      settle = resolve
    })
    // No listener refers to what was accepted, so that the response is not kept.
    this.#arrivals = new Arrivals(accepted, {
      ...{ context, events: this.#events, sender: this.#sender },
      closed: (close) => this.#closing.answer(close),
      failed: (error) => this.#failFrame(error),
      ended: () => {
        pinger?.stop()
        this.#closing.stop()
        settle(this.#end())
      },
    })
  }

  /** Throws a `Failure` as `Sender.send` does. */
  send(message: OutboundMessage): void {
    this.#sender.send(message)
  }

  pause(): void {
    this.#arrivals.pause()
  }

  resume(): void {
    this.#arrivals.resume()
  }

  /** Starts the closing handshake. The peer has 2 s to answer; if reading is paused, the connection ends at once. */
  close(request: DisconnectRequest): void {
    if (this.#closing.received === undefined && this.#frameFailure === undefined) this.#closeRequest = request
    this.#closing.begin(request.code ?? 1000, request.reason)
    if (this.#arrivals.isPaused) setImmediate(() => this.#socket.destroy())
  }

  #now(): number {
    return this.#context.clock.now()
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
    const { unfinished } = this.#arrivals
    if (unfinished > 0) this.#emitError(endedInsideMessage(unfinished))
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
      time: Math.max(close.time ?? this.#now(), this.#latest, this.#arrivals.latest),
      by: close.by,
      code: close.code,
      ...(close.reason && { reason: close.reason }),
      ...(close.wireSize !== undefined && { wireSize: close.wireSize }),
    })
  }
}
