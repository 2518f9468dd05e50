/** Sends messages and control frames over an open WebSocket. Each is emitted when it is written, with its size on the wire. */
import { isUtf8 } from 'node:buffer'
import type { Duplex } from 'node:stream'
import type { TransportEvent } from '../../shared/event.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { Fifo } from '../fifo.ts'
import type { StreamMeter } from '../http2/stream-meter.ts'
import { Deflater } from './deflater.ts'
import type { DeflateParameters } from './extensions.ts'
import { alreadyClosing, sendQueueFull, textNotUtf8 } from './failures.ts'
import { BINARY, CLOSE, closePayload, encodeFrame, PING, PONG, TEXT } from './frame.ts'
import { MAX_WINDOW_BITS, RSV1 } from './frame-rules.ts'
import type { Place, Sequencer } from './sequencer.ts'

/** Bytes of messages that may wait to be sent. A larger message is accepted if none waits. */
const MAX_QUEUED = 64 * 1024 * 1024
/** Pings that may wait for their pongs. Beyond that the oldest get none, as RFC 6455 section 5.5.3 allows. */
const MAX_PENDING_PONGS = 1024
/** Without a context of earlier messages, deflating a shorter one gains little. */
const MIN_DEFLATED = 1024

type OutboundEvent = Extract<TransportEvent, { type: 'message' | 'ping' | 'pong' }>
type Written = (error?: Error | null) => void

/** A frame in the order of sending. */
interface Outgoing {
  readonly opcode: number
  readonly payload: Uint8Array
  /** What is emitted when it is written, and its place; undefined for a close frame. */
  readonly emitted: { readonly event: OutboundEvent; readonly place: Place } | undefined
  readonly written: Written
}

export interface SenderHost {
  /** What was negotiated. */
  readonly deflate: DeflateParameters | undefined
  /** Measures what is written, if it is carried by other frames. */
  readonly meter: StreamMeter | undefined
  readonly events: Sequencer
  now(): number
  /** Called when a close frame is written. */
  closeSent(): void
}

export class Sender {
  readonly #socket: Duplex
  readonly #host: SenderHost
  #deflater: Deflater | undefined
  /** What waits for its turn behind a message that is being deflated, which is the first. */
  #waiting: Fifo<Outgoing> | undefined
  #isOpen = true
  /** Messages that are not completely passed to the system yet, and their bytes. */
  #unwritten = 0
  #queuedBytes = 0
  #pings: Fifo<Uint8Array> | undefined
  #pendingPongs = 0
  #pongsHeld = false
  #isPinging = false
  #hasClosed = false
  #closeSize: number | undefined

  constructor(socket: Duplex, host: SenderHost) {
    this.#socket = socket
    this.#host = host
  }

  /** Messages that are not completely written. */
  get unwritten(): number {
    return this.#unwritten
  }

  /** A close frame was written. */
  get hasClosed(): boolean {
    return this.#hasClosed
  }

  /** Bytes of that frame on the connection; undefined if that is not known. */
  get closeSize(): number | undefined {
    return this.#closeSize
  }

  /** Throws a `Failure`: `NOT_OPEN`, `BAD_UTF8` if a text is not valid UTF-8, `SEND_QUEUE_FULL`. */
  send({ opcode, payload, automatic }: OutboundMessage): void {
    if (!this.#isOpen) throw alreadyClosing()
    if (opcode === 'text' && !isUtf8(payload)) throw textNotUtf8()
    if (this.#queuedBytes > 0 && this.#queuedBytes + payload.length > MAX_QUEUED) throw sendQueueFull()
    this.#unwritten++
    this.#queuedBytes += payload.length
    const event = { type: 'message', direction: 'out', time: this.#host.now(), opcode, payload } as const
    this.#emitWritten(
      opcode === 'text' ? TEXT : BINARY,
      automatic === undefined ? event : { ...event, automatic },
      (error) => {
        this.#queuedBytes -= payload.length
        if (!error) this.#unwritten--
      },
    )
  }

  /** Sends a ping unless the one before it still waits to be sent. Returns whether it does. */
  ping(payload: Uint8Array): boolean {
    if (this.#isPinging || !this.#isOpen) return false
    this.#isPinging = true
    const event = { type: 'ping', direction: 'out', time: this.#host.now(), payload } as const
    this.#emitWritten(PING, event, () => {
      this.#isPinging = false
    })
    return true
  }

  /** Queues a ping for `answerPings`. */
  addPing(payload: Uint8Array): void {
    this.#pings ??= new Fifo()
    this.#pings.push(payload)
    if (this.#pings.length > MAX_PENDING_PONGS) this.#pings.shift()
  }

  /** Sends the pongs that are due, as long as the connection can take more of them. */
  answerPings(): void {
    if (this.#pings === undefined) return
    while (!this.#pongsHeld && this.#pendingPongs < MAX_PENDING_PONGS) {
      const payload = this.#pings.shift()
      if (payload === undefined || !this.#isOpen) return
      this.#pong(payload)
    }
  }

  /** Whether pongs wait because a message that arrived before their pings is not emitted yet. */
  holdPongs(held: boolean): void {
    this.#pongsHeld = held
  }

  /** Sends a close frame after what waits. Nothing can be sent any more. */
  close(code: number | undefined, reason?: string): void {
    this.#isOpen = false
    this.#add({ opcode: CLOSE, payload: closePayload(code, reason), emitted: undefined, written: () => {} })
  }

  /** Nothing can be sent any more, because the peer has ended the connection. */
  stop(): void {
    this.#isOpen = false
  }

  /** The connection has ended: drops the events of what was never written. */
  dropUnsent(): void {
    this.#isOpen = false
    this.#deflater?.close()
    for (const { emitted } of this.#waiting?.drain() ?? []) emitted?.place.done()
  }

  #pong(payload: Uint8Array): void {
    this.#pendingPongs++
    this.#emitWritten(PONG, { type: 'pong', direction: 'out', time: this.#host.now(), payload }, () => {
      this.#pendingPongs--
      this.answerPings()
    })
  }

  #emitWritten(opcode: number, event: OutboundEvent, written: Written): void {
    const emitted = { event, place: this.#host.events.reserve() }
    this.#add({ opcode, payload: event.payload, emitted, written })
  }

  /** Writes a frame, or lets it wait for those before it. */
  #add(frame: Outgoing): void {
    if (this.#waiting !== undefined && this.#waiting.length > 0) this.#waiting.push(frame)
    else if (this.#isDeflated(frame)) {
      this.#waiting ??= new Fifo()
      this.#waiting.push(frame)
      this.#deflateFirst(frame)
    } else this.#write(frame, frame.payload, false)
  }

  #isDeflated({ opcode, payload }: Outgoing): boolean {
    if (this.#host.deflate === undefined || opcode >= CLOSE) return false
    return !this.#host.deflate.client_no_context_takeover || payload.length >= MIN_DEFLATED
  }

  /** Deflates and writes the first frame that waits, and then the others until the next one to deflate. */
  #deflateFirst(frame: Outgoing): void {
    this.#deflater ??= new Deflater({
      forgets: this.#host.deflate?.client_no_context_takeover === true,
      windowBits: this.#host.deflate?.client_max_window_bits ?? MAX_WINDOW_BITS,
      failed: (error) => this.#socket.destroy(error),
    })
    this.#deflater.deflate(frame.payload, (deflated) => {
      this.#waiting?.shift()
      this.#write(frame, deflated, true)
      this.#continue()
    })
  }

  #continue(): void {
    for (let next = this.#waiting?.peek(); next !== undefined; next = this.#waiting?.peek()) {
      if (this.#isDeflated(next)) {
        this.#deflateFirst(next)
        return
      }
      this.#waiting?.shift()
      this.#write(next, next.payload, false)
    }
  }

  #write(outgoing: Outgoing, payload: Uint8Array, compressed: boolean): void {
    const { opcode, emitted, written } = outgoing
    if (!this.#socket.writable) {
      emitted?.place.done()
      return
    }
    const frame = encodeFrame(opcode | (compressed ? RSV1 : 0), payload, { masked: true })
    const { meter } = this.#host
    if (meter === undefined) this.#emit(outgoing, compressed, frame.length)
    else meter.send(frame.length, (wireSize) => this.#emit(outgoing, compressed, wireSize))
    this.#socket.write(frame, written)
    if (opcode !== CLOSE) return
    this.#hasClosed = true
    this.#host.closeSent()
  }

  /** Emits what was written. `wireSize` is undefined if it is not known. */
  #emit({ emitted }: Outgoing, compressed: boolean, wireSize: number | undefined): void {
    if (emitted === undefined) {
      this.#closeSize = wireSize
      return
    }
    const { event, place } = emitted
    const size = wireSize === undefined ? {} : { wireSize }
    place.add(event.type === 'message' ? { ...event, ...size, frames: 1, compressed } : { ...event, ...size })
    place.done()
  }
}
