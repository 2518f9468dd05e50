/** An open WebSocket, told as events in the order of the wire with their exact sizes. */
import { isUtf8 } from 'node:buffer'
import type net from 'node:net'
import type WebSocket from 'ws'
import { FrameScanner, type ScannedMessage } from '../../parse/frame-scanner.ts'
import type { TransportEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { batchedEvent, type MessageBatch } from '../../shared/message-batch.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { networkFailure } from '../http/failures.ts'
import { phraseOf } from '../phrase.ts'
import { forced } from '../reconnect.ts'
import type { AttemptContext, DisconnectRequest, Outcome } from '../transport.ts'
import { closedByServer } from './closing.ts'
import { type FrameFailure, frameFailure } from './failures.ts'
import { Fifo } from './fifo.ts'
import { type Accepted, MAX_FRAGMENTS, messageLimit } from './handshake.ts'
import { createInflater } from './inflater.ts'
import type { ReceivedControl, ReceivedMessage, ReceiverOptions } from './received.ts'
import { Receiver } from './receiver.ts'
import { type Place, Sequencer } from './sequencer.ts'
import { takeReads, tapWrites } from './tap.ts'

const OPEN = 1
const CLOSE_OPCODE = 8
const MAX_WINDOW_BITS = 15
/** Bytes of messages that may wait to be sent; a larger one may where none does. */
const MAX_QUEUED = 64 * 1024 * 1024
/** Pings that may wait for their pongs; beyond, the oldest get none, as RFC 6455 section 5.5.3 allows. */
const MAX_PENDING_PONGS = 1024

type Outbound = Extract<TransportEvent, { type: 'message' | 'ping' | 'pong' }>

export class LiveSocket {
  /** Settles when the connection has closed and its last event is out. */
  readonly ended: Promise<Outcome>
  readonly #ws: WebSocket
  readonly #socket: net.Socket
  readonly #context: AttemptContext
  readonly #events: Sequencer
  /** Given to `ws`, and not yet written, in the order of the wire. */
  readonly #unsent = new Fifo<{ readonly event: Outbound; readonly place: Place }>()
  /** Messages given to `ws` that have not left for the system wholly. */
  #unwritten = 0
  #pendingPongs = 0
  #paused = false
  /** Where a large message belongs that is being inflated, and what arrived with it. */
  #inflating: Place | undefined
  /** To be answered once all that arrived with them is told, and there is room for their pongs. */
  readonly #pings = new Fifo<Uint8Array>()
  #frameFailure: FrameFailure | undefined
  #socketError: Error | undefined
  #closeReceived: ReceivedControl | undefined
  #closeSent: ScannedMessage | undefined
  #closeRequest: DisconnectRequest | undefined
  /** Bytes that came of a message whose end never did. */
  #unfinished = 0
  /** Session time of the latest event. */
  #latest = 0

  /** To be made in the moment the WebSocket opens, while nothing has been read yet. */
  constructor({ ws, socket, deflate }: Accepted, context: AttemptContext) {
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
    this.#read({ maxSize, maxFragments: MAX_FRAGMENTS, inflater })
    this.#watchWrites()
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
    const waiting = this.#ws.bufferedAmount
    if (waiting > 0 && waiting + payload.length > MAX_QUEUED)
      throw new Failure(
        'SEND_QUEUE_FULL',
        'The server does not read what was sent so far; wait and send again.',
      )
    this.#unwritten++
    this.#write({ type: 'message', direction: 'out', time: this.#now(), opcode, payload }, () =>
      this.#ws.send(payload, { binary: opcode === 'binary' }, (error) => {
        if (!error) this.#unwritten--
      }),
    )
  }

  pause(): void {
    this.#paused = true
    this.#control()
  }

  resume(): void {
    this.#paused = false
    this.#control()
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

  /** Reads the socket in the place of `ws`, which gets to see the close frame only, and answers it. */
  #read(options: ReceiverOptions): void {
    const tell = takeReads(this.#socket, {
      data: (chunk) => {
        const isDone = receiver.push(chunk, this.#now())
        this.#answerPings()
        return isDone
      },
      end: () => {
        receiver.finish()
        this.#unfinished = receiver.unfinished
      },
    })
    const receiver = new Receiver(options, {
      batch: (batch) => this.#receivedBatch(batch),
      message: (message) => this.#received(message),
      ping: (ping) => {
        this.#tell({ type: 'ping', direction: 'in', ...ping })
        this.#pings.push(ping.payload)
        if (this.#pings.length > MAX_PENDING_PONGS) this.#pings.shift()
      },
      pong: (pong) => this.#tell({ type: 'pong', direction: 'in', ...pong }),
      close: (close) => {
        // RFC 6455 section 5.5.2: a ping has its pong unless a close frame came before it.
        this.#answerPings()
        this.#closeReceived = close
        tell(Buffer.concat([Uint8Array.of(0x80 | CLOSE_OPCODE, close.payload.length), close.payload]))
      },
      failed: (error) => this.#failFrame(error),
      busy: (busy) => {
        this.#inflating?.done()
        this.#inflating = busy ? this.#events.reserve() : undefined
        this.#control()
        this.#answerPings()
      },
    })
  }

  #watchWrites(): void {
    const outbound = new FrameScanner((scanned) => this.#scannedOut(scanned))
    tapWrites(this.#socket, (chunk) => outbound.push(chunk, this.#now()))
    this.#socket.on('error', (error) => {
      this.#socketError ??= error
    })
  }

  #control(): void {
    if (this.#paused || this.#inflating !== undefined) this.#ws.pause()
    else this.#ws.resume()
  }

  #scannedOut(scanned: ScannedMessage): void {
    if (scanned.opcode === CLOSE_OPCODE) {
      this.#closeSent = scanned
      if (this.#frameFailure !== undefined) this.#hangUp()
      return
    }
    const sent = this.#unsent.shift()
    if (sent === undefined) return
    const { wireSize, frames, compressed } = scanned
    const { event, place } = sent
    place.add(event.type === 'message' ? { ...event, wireSize, frames, compressed } : { ...event, wireSize })
    place.done()
  }

  #write(event: Outbound, write: () => void): void {
    this.#unsent.push({ event, place: this.#events.reserve() })
    write()
  }

  #receivedBatch(batch: MessageBatch): void {
    const { emitBatch } = this.#context
    if (emitBatch !== undefined && this.#events.idle) {
      this.#latest = Math.max(this.#latest, batch.time)
      emitBatch(batch)
      return
    }
    for (let index = 0; index < batch.count; index++) {
      const event = batchedEvent(batch, index)
      // One that has to wait for its turn cannot lie in what is only lent.
      this.#tell(this.#events.idle ? event : { ...event, payload: event.payload.slice() })
    }
  }

  #received({ binary, ...message }: ReceivedMessage): void {
    const payload = this.#events.idle ? message.payload : message.payload.slice()
    this.#tell({ type: 'message', direction: 'in', opcode: binary ? 'binary' : 'text', ...message, payload })
  }

  /** Tells of what arrived. */
  #tell(event: TransportEvent): void {
    if (this.#inflating === undefined) this.#events.add(event)
    else this.#inflating.add(event)
  }

  #answerPings(): void {
    while (this.#inflating === undefined && this.#pendingPongs < MAX_PENDING_PONGS) {
      const payload = this.#pings.shift()
      if (payload === undefined || this.#ws.readyState !== OPEN) return
      this.#answer(payload)
    }
  }

  #answer(payload: Uint8Array): void {
    this.#pendingPongs++
    this.#write({ type: 'pong', direction: 'out', time: this.#now(), payload }, () =>
      this.#ws.pong(payload, true, () => {
        this.#pendingPongs--
        this.#answerPings()
      }),
    )
  }

  /** RFC 6455 section 7.1.7: say why, and hang up without waiting for an answer. */
  #failFrame(error: Error): void {
    if (this.#frameFailure !== undefined) return
    const failed = frameFailure(error, messageLimit(this.#context.spec))
    this.#answerPings()
    this.#frameFailure = failed
    this.#fail(failed.failure)
    this.#ws.close(failed.closeCode)
    if (this.#closeSent !== undefined) this.#hangUp()
  }

  #hangUp(): void {
    // Not before the frame being written is.
    process.nextTick(() => this.#socket.end())
  }

  #fail({ message, code }: Failure): void {
    this.#events.add({ type: 'error', time: this.#now(), message, code })
  }

  /** Settles everything, tells how it ended, and says what that means. */
  #end(code: number, reason: string): Outcome {
    this.#giveUpUnsent()
    if (this.#frameFailure !== undefined) return this.#endByFailure(this.#frameFailure)
    if (this.#closeRequest !== undefined) return this.#endByClient(this.#closeRequest)
    if (this.#closeReceived !== undefined && code !== 1006)
      return this.#endByServer(this.#closeReceived, code, reason)
    return this.#endByNetwork()
  }

  #tellUnfinished(): void {
    const size = this.#unfinished
    if (size === 0) return
    const come = size === 1 ? '1 byte had come' : `${size} bytes had come`
    this.#fail(
      new Failure(
        'TRUNCATED',
        `The connection ended inside a message, of which ${come}; what came before is kept, look into the server’s log for why it stopped.`,
      ),
    )
  }

  #giveUpUnsent(): void {
    for (const { place } of this.#unsent.drain()) place.done()
    if (this.#unwritten === 0) return
    const what = this.#unwritten === 1 ? 'A message was' : `${this.#unwritten} messages were`
    this.#fail(
      new Failure(
        'NOT_SENT',
        `${what} not sent, or not whole, because the connection ended first; reconnect and send again.`,
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

  #endByServer({ time, wireSize }: ReceivedControl, code: number, reason: string): Outcome {
    this.#tellUnfinished()
    this.#close({ by: 'server', code, reason, wireSize, time })
    const peer = { url: new URL(this.#ws.url), subprotocol: this.#ws.protocol }
    const outcome = closedByServer(code, reason, peer)
    return outcome.end === 'failed' ? forced(this.#context.spec, outcome) : outcome
  }

  #endByNetwork(): Outcome {
    const failure = this.#socketError && networkFailure(this.#socketError, this.#ws.url, 'body')
    if (failure) this.#fail(failure)
    else this.#tellUnfinished()
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
