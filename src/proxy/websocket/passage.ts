/** Passes what one side of a WebSocket sends on to the other side as it arrives, and shows it to a tap. */
import type { Socket } from 'node:net'
import type { Direction } from '../../shared/event.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { sendQueueFull } from '../../transport/websocket/failures.ts'
import { messageFrame } from '../../transport/websocket/frame.ts'
import type { Guard } from '../guard.ts'
import { reset } from '../pass-bytes.ts'
import type { DirectionTap } from './direction-tap.ts'
import { unsafeToSend } from './failures.ts'
import { FrameFollower } from './frame-follower.ts'
import { GatedDirection, type GateFor } from './gated-direction.ts'

/** Bytes of messages of the user that may wait for a message of the program to end. */
const MAX_UNSENT = 16 * 1024 * 1024

export interface PassageOptions {
  readonly direction: Direction
  readonly from: Socket
  readonly to: Socket
  readonly tap: DirectionTap | undefined
  /** Of the connection. */
  readonly guard: Guard
  /** Now, on the host's clock. */
  readonly now: () => number
  /** The sender has closed its side, failed, or disappeared. Called once. */
  readonly ended: (error: Error | undefined) => void
}

/**
 * Does not wait for whole frames. If `to` takes no more, `from` is not read. The end of `from` is passed on as an end, and
 * a reset as a reset.
 */
export class Passage {
  readonly #options: PassageOptions
  readonly #follower = new FrameFollower()
  #gateFor: GateFor | undefined
  #gated: GatedDirection | undefined
  readonly #unsent: Uint8Array[] = []
  #unsentSize = 0
  /** `to` takes no more until it drains. */
  #isFull = false
  /** Too much waits at the gate. */
  #isHeld = false
  #isPaused = false
  #hasEnded = false

  constructor(options: PassageOptions) {
    this.#options = options
  }

  /** Reads `from` from now on, after `first`, which has arrived already. Call once. */
  begin(first: { readonly bytes: Uint8Array; readonly time: number }): void {
    const { from, to, now, guard } = this.#options
    from.allowHalfOpen = true
    to.on('drain', () => {
      this.#isFull = false
      this.#update()
    })
    if (first.bytes.length > 0) guard.run(() => this.#pass(first.bytes, first.time))
    from.on('data', (bytes: Buffer) => guard.run(() => this.#pass(bytes, now())))
    from.on('end', () => {
      this.#end(undefined)
      guard.run(() => this.#behind(() => to.end()))
    })
    from.on('error', (error) => {
      this.#end(error)
      resetOnceWritten(to)
    })
    from.on('close', () => {
      this.#end(undefined)
      if (!from.readableEnded) resetOnceWritten(to)
    })
    if (this.#isPaused) this.#update()
  }

  /** Passes messages through a gate from the next message on, or through none. */
  setGate(gateFor: GateFor | undefined): void {
    this.#gateFor = gateFor
    if (this.#gated !== undefined) this.#gated.setGate(gateFor)
    else if (this.#follower.isBetweenMessages) this.#beginGate()
  }

  /**
   * Sends a message, as soon as no message of the program is on its way. Returns its size on the connection. Throws a
   * `Failure`.
   */
  send({ opcode, payload }: OutboundMessage): number {
    const { tap, to, direction } = this.#options
    if (tap === undefined || tap.isBlind || tap.close !== undefined || !to.writable) throw unsafeToSend()
    const frame = messageFrame(opcode, payload, { masked: direction === 'out' })
    // A gate writes whole messages only.
    if (this.#gated !== undefined || this.#follower.isBetweenMessages) this.#write(frame)
    else if (this.#unsentSize > 0 && this.#unsentSize + frame.length > MAX_UNSENT) throw sendQueueFull()
    else {
      this.#unsent.push(frame)
      this.#unsentSize += frame.length
    }
    return frame.length
  }

  pause(): void {
    this.#isPaused = true
    this.#update()
  }

  resume(): void {
    this.#isPaused = false
    this.#update()
  }

  /** The connection is over. */
  stop(): void {
    this.#gated?.stop()
  }

  #pass(bytes: Uint8Array, time: number): void {
    if (this.#gated?.isIdle && this.#gateFor === undefined) this.#endGate()
    if (this.#gated !== undefined) this.#gated.push(bytes, time)
    else if (this.#gateFor === undefined && this.#unsent.length === 0) this.#passAtOnce(bytes, time)
    else this.#passToBoundary(bytes, time)
  }

  #passAtOnce(bytes: Uint8Array, time: number): void {
    const { to, tap } = this.#options
    for (let at = 0; at < bytes.length; ) at = this.#follower.next(bytes, at)
    this.#write(bytes)
    // The tap overwrites what it reads. If nothing waits, the system has all bytes already.
    tap?.push(to.writableLength === 0 ? bytes : Uint8Array.from(bytes), time)
  }

  /** Passes bytes up to the end of a message; then something else comes first. */
  #passToBoundary(bytes: Uint8Array, time: number): void {
    const { tap } = this.#options
    let at = 0
    do at = this.#follower.next(bytes, at)
    while (at < bytes.length && !this.#follower.isBetweenMessages)
    const passing = bytes.subarray(0, at)
    this.#write(passing)
    tap?.push(Uint8Array.from(passing), time)
    if (!this.#follower.isBetweenMessages) return
    for (const frame of this.#unsent.splice(0)) this.#write(frame)
    this.#unsentSize = 0
    if (this.#gateFor !== undefined) this.#beginGate()
    const rest = bytes.subarray(at)
    if (this.#gated !== undefined) this.#gated.push(rest, time)
    else this.#passAtOnce(rest, time)
  }

  #beginGate(): void {
    const { direction, tap, guard } = this.#options
    // Without a tap there are no messages that could pass a gate.
    if (tap === undefined || tap.isBlind || tap.isInflating) return
    this.#gated = new GatedDirection({
      ...{ direction, tap, guard, follower: this.#follower },
      write: (bytes) => this.#write(bytes),
      hold: (held) => {
        if (this.#isHeld === held) return
        this.#isHeld = held
        this.#update()
      },
    })
    this.#gated.setGate(this.#gateFor)
  }

  #endGate(): void {
    this.#gated = undefined
    this.#options.tap?.divert(undefined)
  }

  #behind(pass: () => void): void {
    if (this.#gated === undefined) pass()
    else this.#gated.behind(pass)
  }

  #write(bytes: Uint8Array): void {
    const { to } = this.#options
    if (!to.writable) return
    this.#isFull = !to.write(bytes)
    if (this.#isFull) this.#update()
  }

  #update(): void {
    const { from } = this.#options
    if (this.#isFull || this.#isHeld || this.#isPaused) from.pause()
    else from.resume()
  }

  #end(error: Error | undefined): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#options.ended(error)
  }
}

/** Closes a connection by a reset, after what waits to be written. */
function resetOnceWritten(socket: Socket): void {
  if (socket.destroyed || socket.writableLength === 0) reset(socket)
  else socket.write('', () => reset(socket))
}
