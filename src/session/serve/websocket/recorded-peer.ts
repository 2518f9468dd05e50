/** The recorded peer's side of an open WebSocket: sends its frames and ends as it did. */
import { isUtf8 } from 'node:buffer'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { isCloseCode } from '../../../shared/close-codes.ts'
import type { MessageEvent } from '../../../shared/event.ts'
import { hangUp } from '../end-connection.ts'
import type { PlayedEvent } from '../play-attempt.ts'
import type { AttemptEnd } from '../recorded-connection.ts'

/** Bytes on their way to a client above which the recording waits. */
const HIGH_WATER = 1024 * 1024
const MAX_FRAMES = 64 * 1024

export class Peer {
  readonly #ws: WebSocket
  readonly #socket: Duplex
  /** Messages that `ws` has not written yet. */
  #underWay = 0
  readonly #waiting: (() => void)[] = []
  /** Pings of the recorded client whose pongs were recorded: `ws` answers those of the new client by itself. */
  #pings = 0

  constructor(ws: WebSocket, socket: Duplex) {
    this.#ws = ws
    this.#socket = socket
  }

  /** The recorded client had sent this. */
  heard(event: PlayedEvent): void {
    if (event.type === 'ping') this.#pings++
  }

  /** Sends an inbound event; settles when there is room for the next. */
  async send(event: PlayedEvent): Promise<void> {
    if (event.type === 'message') await this.#sendMessage(event)
    else if (event.type === 'ping') this.#ws.ping(event.payload)
    else if (event.type === 'pong' && this.#pings > 0) this.#pings--
    else if (event.type === 'pong') this.#ws.pong(event.payload)
  }

  /** Ends the connection as it ended. */
  async end(end: AttemptEnd): Promise<void> {
    if (end.kind === 'server') this.#close(end.code, end.reason)
    if (end.kind !== 'network') return
    await this.#flushed()
    await hangUp(this.#socket, end.reset)
  }

  async #sendMessage({ payload, opcode, compressed = false, frames = 1 }: MessageEvent): Promise<void> {
    const binary = (opcode ?? (isUtf8(payload) ? 'text' : 'binary')) === 'binary'
    const count = Math.max(1, Math.min(frames, MAX_FRAMES, payload.length))
    const size = Math.ceil(payload.length / count)
    for (let frame = 1; frame < count; frame++)
      this.#ws.send(payload.subarray((frame - 1) * size, frame * size), {
        binary,
        compress: compressed,
        fin: false,
      })
    const last = { binary, compress: compressed, fin: true }
    const rest = payload.subarray((count - 1) * size)
    this.#underWay++
    // What is sent to a client that has gone is lost, as it was when recorded.
    this.#ws.send(rest, last, () => {
      this.#underWay--
      if (this.#underWay === 0) this.#wake()
    })
    if (this.#ws.bufferedAmount > HIGH_WATER) await this.#flushed()
  }

  /** Settles when everything sent is on its way. */
  async #flushed(): Promise<void> {
    if (this.#underWay === 0) return
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  #close(code: number | undefined, reason = ''): void {
    if (code === undefined || !isCloseCode(code)) this.#ws.close()
    else this.#ws.close(code, Buffer.byteLength(reason) <= 123 ? reason : '')
  }
}
