/** Passes what one side of a WebSocket sends on to the other side as it arrives, and shows it to a tap. */
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { DirectionTap } from './direction-tap.ts'

export interface PassageOptions {
  readonly from: Socket
  readonly to: Socket
  readonly tap: DirectionTap | undefined
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
  /** `to` takes no more until it drains. */
  #full = false
  #paused = false
  #ended = false

  /** Reads `from` from now on, after `first`, which has arrived already. */
  constructor(options: PassageOptions, first: { readonly bytes: Uint8Array; readonly time: number }) {
    this.#options = options
    const { from, to, now } = options
    from.allowHalfOpen = true
    if (first.bytes.length > 0) this.#pass(first.bytes, first.time)
    from.on('data', (bytes: Buffer) => this.#pass(bytes, now()))
    from.on('end', () => {
      this.#end(undefined)
      to.end()
    })
    from.on('error', (error) => {
      this.#end(error)
      reset(to)
    })
    from.on('close', () => {
      this.#end(undefined)
      // It was destroyed here, or its end was passed on and `to` has ended, too.
      if (!from.readableEnded) reset(to)
    })
    to.on('drain', () => {
      this.#full = false
      this.#update()
    })
  }

  pause(): void {
    this.#paused = true
    this.#update()
  }

  resume(): void {
    this.#paused = false
    this.#update()
  }

  #pass(bytes: Uint8Array, time: number): void {
    const { to, tap } = this.#options
    if (to.writable) this.#full = !to.write(bytes)
    // The tap overwrites what it reads. If nothing waits, the system has all bytes already.
    tap?.push(to.writableLength === 0 ? bytes : Uint8Array.from(bytes), time)
    if (this.#full) this.#update()
  }

  #update(): void {
    const { from } = this.#options
    if (this.#full || this.#paused) from.pause()
    else from.resume()
  }

  #end(error: Error | undefined): void {
    if (this.#ended) return
    this.#ended = true
    this.#options.ended(error)
  }
}

/** Closes a connection by a reset, after what waits to be written. */
function reset(socket: Socket): void {
  const close = () => {
    // A TLS connection has no reset of its own.
    if (socket instanceof TLSSocket) socket.destroy()
    else socket.resetAndDestroy()
  }
  if (socket.destroyed) return
  if (socket.writableLength === 0) close()
  else socket.write('', close)
}
