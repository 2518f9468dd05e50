/** The recorded peer of an open WebSocket: sends its frames and ends the connection as recorded. */
import { isUtf8 } from 'node:buffer'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { ConnectionFacts } from '../../../decode/decoder.ts'
import type { WholePacket } from '../../../decode/ids/ids.ts'
import { isCloseCode } from '../../../shared/close-codes.ts'
import type { MessageEvent } from '../../../shared/event.ts'
import { hangUp } from '../end-connection.ts'
import type { PlayedEvent } from '../play-attempt.ts'
import type { AttemptEnd } from '../recorded-connection.ts'

/** Bytes queued for a client above which the playback waits. */
const HIGH_WATER = 1024 * 1024
const MAX_FRAMES = 64 * 1024

type SentMessage = Pick<MessageEvent, 'payload' | 'opcode' | 'compressed' | 'frames'>

export class Peer {
  readonly #ws: WebSocket
  readonly #socket: Duplex
  /** Number of messages that `ws` has not written yet. */
  #underWay = 0
  readonly #waiting: (() => void)[] = []
  /** Recorded pings whose pongs are skipped: `ws` answers the pings of the new client itself. */
  #pings = 0

  constructor(ws: WebSocket, socket: Duplex) {
    this.#ws = ws
    this.#socket = socket
  }

  /** Call for an event that the recorded client sent. */
  heard(event: PlayedEvent): void {
    if (event.type === 'ping') this.#pings++
  }

  /** Sends an inbound event. Settles when the next can be sent. */
  async send(event: PlayedEvent): Promise<void> {
    if (event.type === 'message') await this.#sendMessage(event)
    else if (event.type === 'ping') this.#ws.ping(event.payload)
    else if (event.type === 'pong' && this.#pings > 0) this.#pings--
    else if (event.type === 'pong') this.#ws.pong(event.payload)
  }

  /** Sends packets of one protocol. Settles when the next can be sent. */
  async sendPackets(
    packets: readonly WholePacket[],
    facts: ConnectionFacts,
    compressed = false,
  ): Promise<void> {
    for (const { payload, binary = false } of packets[0]?.protocol.write(packets, facts) ?? [])
      await this.#sendMessage({ payload, opcode: binary ? 'binary' : 'text', compressed })
  }

  /** Ends the connection as recorded. */
  async end(end: AttemptEnd): Promise<void> {
    if (end.kind === 'server') this.#close(end.code, end.reason)
    if (end.kind !== 'network') return
    await this.#flushed()
    await hangUp(this.#socket, end.reset)
  }

  async #sendMessage({ payload, opcode, compressed = false, frames = 1 }: SentMessage): Promise<void> {
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
    // Data for a client that has disconnected is lost.
    this.#ws.send(rest, last, () => {
      this.#underWay--
      if (this.#underWay === 0) this.#wake()
    })
    if (this.#ws.bufferedAmount > HIGH_WATER) await this.#flushed()
  }

  /** Settles when everything has been written. */
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
