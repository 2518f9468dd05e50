/** The recorded peer of an open WebSocket: sends its frames and ends the connection as recorded. */
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { ConnectionFacts } from '../../../decode/decoder.ts'
import type { WholePacket } from '../../../decode/ids/ids.ts'
import { isCloseCode } from '../../../shared/close-codes.ts'
import { writeParts } from '../blocks/play-blocks.ts'
import { hangUp } from '../end-connection.ts'
import type { PlayedEvent } from '../play-attempt.ts'
import type { AttemptEnd } from '../recorded-connection.ts'
import { fragments, isBinary, type SentMessage } from './frames.ts'

/** Bytes queued for a client above which the playback waits. */
const HIGH_WATER = 1024 * 1024

export class Peer {
  readonly #ws: WebSocket
  readonly #socket: Duplex
  /** Number of messages that `ws` has not written yet. */
  #underWay = 0
  readonly #waiting: (() => void)[] = []

  constructor(ws: WebSocket, socket: Duplex) {
    this.#ws = ws
    this.#socket = socket
  }

  /** Sends an inbound event. Settles when the next can be sent. */
  async send(event: PlayedEvent): Promise<void> {
    if (event.type === 'message') await this.#sendMessage(event)
    else if (event.type === 'ping') this.#ws.ping(event.payload)
    else if (event.type === 'pong') this.#ws.pong(event.payload)
  }

  /** Whether the client compresses messages. */
  get deflates(): boolean {
    return this.#ws.extensions !== ''
  }

  /** Sends whole frames. Settles when the next can be sent: to true if all bytes were written, to undefined if the connection is closing. */
  async sendFrames(frames: readonly Uint8Array[]): Promise<boolean | undefined> {
    await this.#flushed()
    // Nothing follows a close frame (RFC 6455 section 5.5.1).
    if (this.#ws.readyState !== this.#ws.OPEN) return undefined
    return await writeParts(this.#socket, frames)
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

  async #sendMessage({
    payload,
    opcode,
    compressed = false,
    frames,
  }: SentMessage & { readonly compressed?: boolean }): Promise<void> {
    const binary = isBinary({ payload, opcode })
    const pieces = fragments({ payload, frames })
    const last = pieces.pop() ?? payload
    for (const piece of pieces) this.#ws.send(piece, { binary, compress: compressed, fin: false })
    this.#underWay++
    // Data for a client that has disconnected is lost.
    this.#ws.send(last, { binary, compress: compressed, fin: true }, () => {
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
