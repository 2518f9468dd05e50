/** The connection to the server on which the requests of one client are sent, one at a time. */
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Clock } from '../../shared/clock.ts'
import type { OpenEvent } from '../../shared/event.ts'
import type { OpenSocket } from '../../transport/http/connect.ts'
import { tlsInfo } from '../../transport/http/tls.ts'
import { Flow } from './flow.ts'

export interface ServerEvents {
  /** Bytes arrived, at a time on the host's clock. */
  data(bytes: Buffer, time: number): void
  /** The server has closed its side. */
  ended(time: number): void
  /** The connection was cut. */
  cut(error: Error, time: number): void
}

export class ServerLeg {
  readonly socket: Socket
  readonly origin: string
  readonly flow: Flow<'client is slow' | 'host' | 'faults'>
  readonly #opened: OpenSocket
  readonly #events: ServerEvents
  readonly #clock: Clock
  readonly #tls: OpenEvent['tls']
  readonly #remoteAddress: string | undefined
  #requests = 0
  #hasEnded = false
  #failed: Error = Object.assign(new Error('closed'), { code: 'ECONNRESET' })

  constructor(opened: OpenSocket, origin: string, clock: Clock, events: ServerEvents) {
    const { socket } = opened
    this.socket = socket
    this.origin = origin
    this.flow = new Flow(socket)
    this.#opened = opened
    this.#tls = socket instanceof TLSSocket ? tlsInfo(socket) : undefined
    this.#remoteAddress = socket.remoteAddress
    this.#events = events
    this.#clock = clock
    socket.on('error', (error) => {
      this.#failed = error
    })
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('close', this.#onClose)
  }

  readonly #onData = (bytes: Buffer) => this.#events.data(bytes, this.#clock.now())
  readonly #onEnd = () => {
    const time = this.#clock.now()
    this.#hasEnded = true
    this.#events.ended(time)
  }
  readonly #onClose = () => {
    if (!this.#hasEnded) this.#events.cut(this.#failed, this.#clock.now())
  }

  /** The server has closed its side. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** A request begins. */
  request(): void {
    this.#requests++
  }

  /** What is known of the connection, for the head of a response. The steps of connecting belong to the first one. */
  describe(firstByte: number): Pick<OpenEvent, 'remoteAddress' | 'tls' | 'timing'> {
    const timing = { ...(this.#requests === 1 && this.#opened.timing), firstByte }
    return {
      timing,
      ...(this.#remoteAddress !== undefined && { remoteAddress: this.#remoteAddress }),
      ...(this.#tls !== undefined && { tls: this.#tls }),
    }
  }

  /** Leaves the socket to somebody else. */
  release(): Socket {
    this.socket.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose)
    this.flow.clear()
    return this.socket
  }
}
