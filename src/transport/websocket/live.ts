/** An open WebSocket, told as events in the order of the wire with their exact sizes. */
import { isUtf8 } from 'node:buffer'
import type net from 'node:net'
import type WebSocket from 'ws'
import { FrameScanner, type ScannedMessage } from '../../parse/frame-scanner.ts'
import type { TransportEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { networkFailure } from '../http/failures.ts'
import { phraseOf } from '../phrase.ts'
import type { AttemptContext, DisconnectRequest, Outcome } from '../transport.ts'
import { closedByServer } from './closing.ts'
import { type FrameFailure, frameFailure } from './failures.ts'
import { Fifo } from './fifo.ts'
import { messageLimit } from './handshake.ts'
import { type Place, Sequencer } from './sequencer.ts'
import { tapReads, tapWrites } from './tap.ts'

const OPEN = 1
const CLOSE_OPCODE = 8
/** Bytes that may wait to be sent. */
const MAX_QUEUED = 64 * 1024 * 1024
/** Pongs that may wait to be sent; beyond, only later pings are answered, as RFC 6455 section 5.5.3 allows. */
const MAX_PENDING_PONGS = 64

type Outbound = Extract<TransportEvent, { type: 'message' | 'ping' | 'pong' }>

export class LiveSocket {
  /** Settles when the connection has closed and its last event is out. */
  readonly ended: Promise<Outcome>
  readonly #ws: WebSocket
  readonly #context: AttemptContext
  readonly #events: Sequencer
  /** Arrived, and not yet told by `ws`, in the order of the wire. */
  readonly #arrived = new Fifo<{ readonly scanned: ScannedMessage; readonly place: Place }>()
  /** Given to `ws`, and not yet written, in the order of the wire. */
  readonly #unsent = new Fifo<{ readonly event: Outbound; readonly place: Place }>()
  #pendingPongs = 0
  #paused = false
  #frameFailure: FrameFailure | undefined
  #socketError: Error | undefined
  #closeReceived: ScannedMessage | undefined
  #closeSent: ScannedMessage | undefined
  #closeRequest: DisconnectRequest | undefined
  /** Session time of the latest event. */
  #latest = 0

  /** To be made in the moment the WebSocket opens, while nothing has been read yet. */
  constructor(ws: WebSocket, socket: net.Socket, context: AttemptContext) {
    this.#ws = ws
    this.#context = context
    this.#events = new Sequencer((event) => {
      this.#latest = Math.max(this.#latest, event.time)
      context.emit(event)
    })
    this.#tap(socket)
    ws.on('message', (data: Buffer, isBinary) => this.#received(data, isBinary ? 'binary' : 'text'))
    ws.on('ping', (data) => {
      this.#control('ping', data)
      this.#answer(data)
    })
    ws.on('pong', (data) => this.#control('pong', data))
    ws.on('error', (error) => this.#failFrame(error))
    this.ended = new Promise((resolve) => {
      ws.on('close', (code, reason) => resolve(this.#end(code, reason.toString())))
    })
  }

  /** Throws a `Failure`: `NOT_OPEN`, `BAD_UTF8` for a text that is none, `SEND_QUEUE_FULL`. */
  send({ opcode, payload }: OutboundMessage): void {
    if (this.#ws.readyState !== OPEN)
      throw new Failure('NOT_OPEN', 'The WebSocket is closing, so nothing can be sent; reconnect first.')
    if (opcode === 'text' && !isUtf8(payload))
      throw new Failure('BAD_UTF8', 'A text message must be valid UTF-8; send these bytes as binary.')
    if (this.#ws.bufferedAmount + payload.length > MAX_QUEUED)
      throw new Failure(
        'SEND_QUEUE_FULL',
        'The server does not read what was sent so far; wait and send again.',
      )
    this.#write({ type: 'message', direction: 'out', time: this.#now(), opcode, payload }, () =>
      this.#ws.send(payload, { binary: opcode === 'binary' }),
    )
  }

  pause(): void {
    this.#paused = true
    this.#ws.pause()
  }

  resume(): void {
    this.#paused = false
    this.#ws.resume()
  }

  /** Starts the closing handshake; the peer has 2 s to answer, and none where reading is paused. */
  close(request: DisconnectRequest): void {
    if (this.#closeReceived === undefined && this.#frameFailure === undefined) this.#closeRequest = request
    this.#ws.close(request.code ?? 1000, request.reason)
    if (this.#paused) setImmediate(() => this.#ws.terminate())
  }

  #now(): number {
    return this.#context.clock.now()
  }

  #tap(socket: net.Socket): void {
    const inbound = new FrameScanner((scanned) => this.#scannedIn(scanned))
    const outbound = new FrameScanner((scanned) => this.#scannedOut(scanned))
    tapReads(socket, (chunk) => {
      // After a close frame or a malformed one, what comes is no frame (RFC 6455 section 5.5.1).
      if (this.#closeReceived === undefined && this.#frameFailure === undefined)
        inbound.push(chunk, this.#now())
    })
    tapWrites(socket, (chunk) => outbound.push(chunk, this.#now()))
    socket.on('error', (error) => {
      this.#socketError ??= error
    })
    socket.setKeepAlive(true, 30_000)
  }

  #scannedIn(scanned: ScannedMessage): void {
    if (this.#closeReceived !== undefined) return
    if (scanned.opcode === CLOSE_OPCODE) this.#closeReceived = scanned
    else this.#arrived.push({ scanned, place: this.#events.reserve() })
  }

  #scannedOut(scanned: ScannedMessage): void {
    if (scanned.opcode === CLOSE_OPCODE) {
      this.#closeSent = scanned
      return
    }
    const sent = this.#unsent.shift()
    if (sent === undefined) return
    const { wireSize, frames, compressed } = scanned
    const { event, place } = sent
    place.fill(event.type === 'message' ? { ...event, wireSize, frames, compressed } : { ...event, wireSize })
  }

  #write(event: Outbound, write: () => void): void {
    this.#unsent.push({ event, place: this.#events.reserve() })
    write()
  }

  #received(payload: Buffer, opcode: 'text' | 'binary'): void {
    const base = { type: 'message', direction: 'in', opcode, payload } as const
    const arrived = this.#arrived.shift()
    // Node hands over what it holds of a destroyed socket behind our back: then the sizes are unknown.
    if (arrived === undefined) {
      this.#events.add({ ...base, time: this.#now() })
      return
    }
    const { time, wireSize, frames, compressed } = arrived.scanned
    arrived.place.fill({ ...base, time, wireSize, frames, compressed })
  }

  #control(type: 'ping' | 'pong', payload: Buffer): void {
    const arrived = this.#arrived.shift()
    if (arrived === undefined) {
      this.#events.add({ type, direction: 'in', time: this.#now(), payload })
      return
    }
    const { time, wireSize } = arrived.scanned
    arrived.place.fill({ type, direction: 'in', time, payload, wireSize })
  }

  #answer(payload: Buffer): void {
    if (this.#ws.readyState !== OPEN || this.#pendingPongs >= MAX_PENDING_PONGS) return
    this.#pendingPongs++
    this.#write({ type: 'pong', direction: 'out', time: this.#now(), payload }, () =>
      this.#ws.pong(payload, true, () => {
        this.#pendingPongs--
      }),
    )
  }

  #failFrame(error: Error): void {
    this.#frameFailure ??= frameFailure(error, messageLimit(this.#context.spec))
    for (const { place } of this.#arrived.drain()) place.giveUp()
    this.#fail(this.#frameFailure.failure)
  }

  #fail({ message, code }: Failure): void {
    this.#events.add({ type: 'error', time: this.#now(), message, code })
  }

  /** Settles everything, tells how it ended, and says what that means. */
  #end(code: number, reason: string): Outcome {
    for (const { place } of this.#arrived.drain()) place.giveUp()
    this.#giveUpUnsent()
    if (this.#frameFailure !== undefined) return this.#endByFailure(this.#frameFailure)
    if (this.#closeRequest !== undefined) return this.#endByClient(this.#closeRequest)
    if (this.#closeReceived !== undefined && code !== 1006)
      return this.#endByServer(this.#closeReceived, code, reason)
    return this.#endByNetwork()
  }

  #giveUpUnsent(): void {
    const unsent = this.#unsent.drain()
    for (const { place } of unsent) place.giveUp()
    const messages = unsent.filter(({ event }) => event.type === 'message').length
    if (messages === 0) return
    const what = messages === 1 ? 'A message was' : `${messages} messages were`
    this.#fail(
      new Failure(
        'NOT_SENT',
        `${what} not sent because the connection ended first; reconnect and send again.`,
      ),
    )
  }

  #endByFailure({ failure, closeCode }: FrameFailure): Outcome {
    this.#close({ by: 'client', code: closeCode, wireSize: this.#closeSent?.wireSize })
    return { end: 'failed', reason: phraseOf(failure) }
  }

  #endByClient({ code = 1000, reason }: DisconnectRequest): Outcome {
    this.#close({ by: 'client', code, reason, wireSize: this.#closeSent?.wireSize })
    return { end: 'done', reason: 'disconnected' }
  }

  #endByServer({ time, wireSize }: ScannedMessage, code: number, reason: string): Outcome {
    this.#close({ by: 'server', code, reason, wireSize, time })
    return closedByServer(code, reason)
  }

  #endByNetwork(): Outcome {
    const failure = this.#socketError && networkFailure(this.#socketError, this.#ws.url, 'body')
    if (failure) this.#fail(failure)
    this.#close({ by: 'network', code: 1006 })
    return {
      end: 'lost',
      reason: failure ? phraseOf(failure) : 'connection lost without a close frame',
    }
  }

  #close(how: {
    by: 'client' | 'server' | 'network'
    code: number
    reason?: string | undefined
    wireSize?: number | undefined
    time?: number
  }): void {
    this.#events.add({
      type: 'close',
      time: Math.max(how.time ?? this.#now(), this.#latest),
      by: how.by,
      code: how.code,
      ...(how.reason && { reason: how.reason }),
      ...(how.wireSize !== undefined && { wireSize: how.wireSize }),
    })
  }
}
