/** Sends messages and pongs over an open WebSocket. Each is emitted once it is written, with its size on the wire. */
import { isUtf8 } from 'node:buffer'
import type { Duplex } from 'node:stream'
import type WebSocket from 'ws'
import { FrameScanner, type ScannedMessage } from '../../parse/frame-scanner.ts'
import type { TransportEvent } from '../../shared/event.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { alreadyClosing, sendQueueFull, textNotUtf8 } from './failures.ts'
import { Fifo } from './fifo.ts'
import { interceptWrites } from './intercept.ts'
import type { Place, Sequencer } from './sequencer.ts'

const OPEN = 1
const CLOSE_OPCODE = 8
/** Bytes of messages that may wait to be sent. A larger message is accepted if none waits. */
const MAX_QUEUED = 64 * 1024 * 1024
/** Pings that may wait for their pongs. Beyond that the oldest get none, as RFC 6455 section 5.5.3 allows. */
const MAX_PENDING_PONGS = 1024

type OutboundEvent = Extract<TransportEvent, { type: 'message' | 'ping' | 'pong' }>

export interface SenderHost {
  readonly events: Sequencer
  now(): number
  /** Called when a close frame is written. */
  closeSent(): void
}

export class Sender {
  readonly #ws: WebSocket
  readonly #host: SenderHost
  /** Events given to `ws` that are not written yet, in the order of writing. */
  readonly #unsent = new Fifo<{ readonly event: OutboundEvent; readonly place: Place }>()
  /** Messages given to `ws` that are not completely passed to the system yet. */
  #unwritten = 0
  readonly #pings = new Fifo<Uint8Array>()
  #pendingPongs = 0
  #pongsHeld = false
  #isPinging = false
  #closeFrame: ScannedMessage | undefined

  constructor(ws: WebSocket, socket: Duplex, host: SenderHost) {
    this.#ws = ws
    this.#host = host
    const scanner = new FrameScanner((frame) => this.#onWritten(frame))
    interceptWrites(socket, (chunk) => scanner.push(chunk))
  }

  /** Messages that are not completely written. */
  get unwritten(): number {
    return this.#unwritten
  }

  /** The close frame that was written; undefined if none was. */
  get closeFrame(): ScannedMessage | undefined {
    return this.#closeFrame
  }

  /** Throws a `Failure`: `NOT_OPEN`, `BAD_UTF8` if a text is not valid UTF-8, `SEND_QUEUE_FULL`. */
  send({ opcode, payload, automatic }: OutboundMessage): void {
    if (this.#ws.readyState !== OPEN) throw alreadyClosing()
    if (opcode === 'text' && !isUtf8(payload)) throw textNotUtf8()
    const queued = this.#ws.bufferedAmount
    if (queued > 0 && queued + payload.length > MAX_QUEUED) throw sendQueueFull()
    this.#unwritten++
    const event = { type: 'message', direction: 'out', time: this.#host.now(), opcode, payload } as const
    this.#write(automatic === undefined ? event : { ...event, automatic }, () =>
      this.#ws.send(payload, { binary: opcode === 'binary' }, (error) => {
        if (!error) this.#unwritten--
      }),
    )
  }

  /** Sends a ping unless the one before it still waits to be sent. Returns whether it does. */
  ping(payload: Uint8Array): boolean {
    if (this.#isPinging || this.#ws.readyState !== OPEN) return false
    this.#isPinging = true
    this.#write({ type: 'ping', direction: 'out', time: this.#host.now(), payload }, () =>
      this.#ws.ping(payload, true, () => {
        this.#isPinging = false
      }),
    )
    return true
  }

  /** Queues a ping for `answerPings`. */
  addPing(payload: Uint8Array): void {
    this.#pings.push(payload)
    if (this.#pings.length > MAX_PENDING_PONGS) this.#pings.shift()
  }

  /** Sends the pongs that are due, as long as the connection can take more of them. */
  answerPings(): void {
    while (!this.#pongsHeld && this.#pendingPongs < MAX_PENDING_PONGS) {
      const payload = this.#pings.shift()
      if (payload === undefined || this.#ws.readyState !== OPEN) return
      this.#pong(payload)
    }
  }

  /** Whether pongs wait because a message that arrived before their pings is not emitted yet. */
  holdPongs(held: boolean): void {
    this.#pongsHeld = held
  }

  /** The connection has ended: drops the events that were never written. */
  dropUnsent(): void {
    for (const { place } of this.#unsent.drain()) place.done()
  }

  #pong(payload: Uint8Array): void {
    this.#pendingPongs++
    this.#write({ type: 'pong', direction: 'out', time: this.#host.now(), payload }, () =>
      this.#ws.pong(payload, true, () => {
        this.#pendingPongs--
        this.answerPings()
      }),
    )
  }

  #write(event: OutboundEvent, write: () => void): void {
    this.#unsent.push({ event, place: this.#host.events.reserve() })
    write()
  }

  #onWritten(frame: ScannedMessage): void {
    if (frame.opcode === CLOSE_OPCODE) {
      this.#closeFrame = frame
      this.#host.closeSent()
      return
    }
    const sent = this.#unsent.shift()
    if (sent === undefined) return
    const { wireSize, frames, compressed } = frame
    const { event, place } = sent
    place.add(event.type === 'message' ? { ...event, wireSize, frames, compressed } : { ...event, wireSize })
    place.done()
  }
}
