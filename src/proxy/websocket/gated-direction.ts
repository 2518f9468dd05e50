/** Passes whole messages of one direction of a WebSocket through a gate, rather than bytes as they arrive. */
import type { Direction, TransportEvent } from '../../shared/event.ts'
import { messageFrame } from '../../transport/websocket/frame.ts'
import type { Guard } from '../guard.ts'
import type { GatedMessage, GateExit, MessageGate } from '../message-gate.ts'
import type { DirectionTap } from './direction-tap.ts'
import type { FrameFollower } from './frame-follower.ts'

/** Makes the gate of a direction. */
export type GateFor = (direction: Direction, exit: GateExit) => MessageGate

export interface GatedDirectionOptions {
  readonly direction: Direction
  readonly follower: FrameFollower
  readonly tap: DirectionTap
  /** Of the connection. */
  readonly guard: Guard
  readonly write: (bytes: Uint8Array) => void
  /** Whether to stop reading, because too much waits. */
  readonly hold: (held: boolean) => void
}

interface Arrived {
  readonly bytes: Uint8Array
  readonly time: number
  /** A part of a message that is too large to wait for its end. No gate gets it. */
  readonly isPart?: boolean
}

/** A message or a control frame as it arrived, or what is to be done once all before it is read. */
type Unit = Arrived | (() => void)

export class GatedDirection {
  readonly #options: GatedDirectionOptions
  readonly #exit: GateExit
  #gate: MessageGate | undefined
  /** A gate that is not in use any more, but still holds messages. */
  #last: MessageGate | undefined
  #isGateFull = false
  /** What has arrived of the current frame, and the frames before it of the same message. */
  #frame: Uint8Array[] = []
  #fragments: Uint8Array[] = []
  /** Bytes of both. */
  #collected = 0
  readonly #units: Unit[] = []
  /** The unit that the tap reads. */
  #reading: Arrived | undefined
  /** The places of compressed messages among them, and the place of the next one that can pass as it is. */
  readonly #places = new WeakMap<GatedMessage, number>()
  #compressed = 0
  #next = 0
  /** The current message passes in parts, because it is too large to wait for its end. */
  #passesParts = false
  /** The tap cannot read this direction any more, so that all bytes pass as they arrive. */
  #isBlind = false

  constructor(options: GatedDirectionOptions) {
    const { tap } = options
    this.#options = options
    this.#exit = {
      write: (message, payload) => this.#write(message, payload),
      record: ({ event }, faults, payload) =>
        tap.emit({ ...event, ...(payload && { payload }), ...(faults.length > 0 && { faults }) }),
      pause: () => this.#setGateFull(true),
      resume: () => this.#setGateFull(false),
    }
    tap.divert({
      event: (event) => this.#onEvent(event),
      passedOver: () => this.#passUnread(),
      failed: () => {
        this.#isBlind = true
        this.#passUnread()
      },
    })
  }

  /** Nothing waits, and later bytes can pass as they arrive. */
  get isIdle(): boolean {
    const isEmpty = this.#units.length === 0 && this.#reading === undefined && this.#collected === 0
    return this.#gate === undefined && this.#last === undefined && isEmpty && !this.#isContextLost
  }

  /** A compressed message did not pass as it was, so that those that refer to it have to pass uncompressed. */
  get #isContextLost(): boolean {
    return this.#options.tap.hasContext && this.#next !== this.#compressed
  }

  /** Passes messages through another gate from now on, or through none. What the present one holds, passes before. */
  setGate(gateFor: GateFor | undefined): void {
    const last = this.#gate
    this.#gate = gateFor?.(this.#options.direction, this.#exit)
    if (last === undefined) return
    this.#last = last
    last.behind(() => {
      last.stop()
      if (this.#last === last) this.#last = undefined
    })
  }

  /** Takes the next bytes, which arrived at `time`. */
  push(bytes: Uint8Array, time: number): void {
    const { follower, tap } = this.#options
    let at = 0
    while (at < bytes.length && !this.#isBlind) {
      const end = follower.next(bytes, at)
      this.#frame.push(Uint8Array.from(bytes.subarray(at, end)))
      this.#collected += end - at
      at = end
      if (follower.isBetweenFrames) this.#endFrame(time)
      else if (this.#passesParts || this.#collected > tap.maxSize) this.#passPart(time)
    }
    if (at < bytes.length) this.#passBehind(Uint8Array.from(bytes.subarray(at)))
  }

  /** Calls `pass` once everything so far has passed. */
  behind(pass: () => void): void {
    this.#units.push(() => (this.#gate ?? this.#last ?? { behind: (act) => act() }).behind(pass))
    this.#read()
  }

  /** The connection is over. */
  stop(): void {
    this.#gate?.stop()
    this.#last?.stop()
    this.#gate = undefined
    this.#last = undefined
  }

  #endFrame(time: number): void {
    const frame = Buffer.concat(this.#frame)
    this.#frame = []
    const { isControl, isBetweenMessages } = this.#options.follower
    if (isControl) {
      this.#units.push({ bytes: frame, time })
      this.#collected -= frame.length
    } else {
      this.#fragments.push(frame)
      if (!isBetweenMessages && !this.#passesParts) return
      this.#units.push({ bytes: Buffer.concat(this.#fragments), time, isPart: this.#passesParts })
      this.#fragments = []
      this.#collected = 0
      if (isBetweenMessages) this.#passesParts = false
    }
    this.#read()
  }

  /** A message is too large to wait for its end: the tap says so at its end, and the bytes pass as they arrive. */
  #passPart(time: number): void {
    const bytes = Buffer.concat([...this.#fragments, ...this.#frame])
    this.#fragments = []
    this.#frame = []
    this.#collected = 0
    this.#passesParts = true
    this.#units.push({ bytes, time, isPart: true })
    this.#read()
  }

  /** Has the tap read the units, one at a time. */
  #read(): void {
    while (this.#reading === undefined) {
      const unit = this.#units.shift()
      if (unit === undefined) break
      if (typeof unit === 'function') {
        unit()
        continue
      }
      this.#reading = unit
      this.#options.tap.push(Uint8Array.from(unit.bytes), unit.time)
      // A close frame, or what follows it: it is no event.
      if (this.#reading === unit && !this.#options.tap.isInflating) {
        this.#reading = undefined
        this.#passBehind(unit.bytes)
      }
    }
    this.#options.hold(this.#isGateFull || this.#reading !== undefined)
  }

  #readSoon(): void {
    queueMicrotask(() => this.#options.guard.run(() => this.#read()))
  }

  #onEvent(event: TransportEvent): void {
    const unit = this.#reading
    if (unit === undefined) return
    this.#reading = undefined
    if (unit.isPart && event.type === 'message') {
      this.#options.tap.emit(event)
      this.#passBehind(unit.bytes)
    } else if (event.type === 'message')
      this.#offer({ event: { ...event, payload: event.payload.slice() }, bytes: unit.bytes })
    else {
      this.#options.tap.emit(event)
      this.#options.write(unit.bytes)
    }
    // After a large message that was inflated in slices; otherwise, nothing waits.
    this.#readSoon()
  }

  #offer(message: GatedMessage): void {
    if (message.event.compressed && !this.#places.has(message)) this.#places.set(message, this.#compressed++)
    if (this.#last !== undefined) this.#last.behind(() => this.#offer(message))
    else if (this.#gate !== undefined) this.#gate.take(message)
    else {
      this.#exit.record(message, [])
      this.#exit.write(message)
    }
  }

  #write(message: GatedMessage, payload: Uint8Array | undefined): void {
    const { event, bytes } = message
    const { direction, tap, write } = this.#options
    const place = this.#places.get(message)
    // RFC 7692 section 7.2.1: the receiver needs each message that later ones refer to, once and in order.
    const isReadable = place === undefined || !tap.hasContext || place === this.#next
    if (payload === undefined && isReadable) {
      if (place !== undefined) this.#next = place + 1
      write(bytes)
    } else
      write(messageFrame(event.opcode ?? 'binary', payload ?? event.payload, { masked: direction === 'out' }))
  }

  #passBehind(bytes: Uint8Array): void {
    const pass = () => this.#options.write(bytes)
    const gate = this.#gate ?? this.#last
    if (gate === undefined) pass()
    else gate.behind(pass)
  }

  /** The tap has no event for what it reads. */
  #passUnread(): void {
    const unit = this.#reading
    this.#reading = undefined
    if (unit !== undefined) this.#passBehind(unit.bytes)
    this.#readSoon()
  }

  #setGateFull(full: boolean): void {
    this.#isGateFull = full
    this.#options.hold(full || this.#reading !== undefined)
  }
}
