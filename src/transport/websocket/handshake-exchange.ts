/** Exchanges the heads of the opening handshake on a connection (RFC 6455 section 4.1). */
import tls from 'node:tls'
import { ResponseReader, type ResponseSink } from '../../parse/http/response.ts'
import type { ResponseHead } from '../../parse/http/response-head.ts'
import type { Headers } from '../../shared/headers.ts'
import type { StopSignal } from '../deadline.ts'
import type { OpenSocket } from '../http/connect.ts'
import { tlsInfo } from '../http/tls.ts'
import type { AttemptContext } from '../transport.ts'
import { type Agreement, acceptance } from './acceptance.ts'
import { type Accepted, type Handshake, type HandshakeEnd, unopened } from './handshake-end.ts'
import type { HandshakeRequest } from './handshake-request.ts'

const SWITCHING_PROTOCOLS = 101

function ignore(): void {}

/** A handshake, and how it is sent. */
export interface Requested extends Handshake {
  readonly request: HandshakeRequest
}

/** For whom a handshake is performed. */
export interface HandshakeHost<T> {
  readonly context: AttemptContext
  /** Aborted if the user disconnects, or when the time is up. */
  readonly signal: StopSignal
  /** Called in the moment the WebSocket opens, before any byte after the handshake is read. */
  opened(accepted: Accepted): T
}

interface Settle<T> {
  resolve(end: HandshakeEnd<T>): void
  reject(thrown: unknown): void
}

export class HandshakeExchange<T> implements ResponseSink {
  readonly #handshake: Requested
  readonly #opening: OpenSocket
  readonly #reader = new ResponseReader('GET', this, { switches: true })
  readonly #host: HandshakeHost<T>
  #settled: Settle<T> | undefined
  #requested = 0
  #firstByte: number | undefined
  #head: ResponseHead | undefined
  /** The body of a response that does not open the WebSocket. */
  #body: RefusalBody | undefined

  constructor(handshake: Requested, opening: OpenSocket, host: HandshakeHost<T>) {
    this.#handshake = handshake
    this.#opening = opening
    this.#host = host
  }

  /** Sends the request. Rejects if no response arrives, if it opens no WebSocket that was asked for, or with the reason of the signal. */
  run(): Promise<HandshakeEnd<T>> {
    const { socket, reads } = this.#opening
    return new Promise((resolve, reject) => {
      this.#settled = { resolve, reject }
      this.#host.signal.addEventListener('abort', this.#onAbort)
      socket.on('error', this.#onError).on('end', this.#onEnd).on('close', this.#onEnd)
      if (reads === undefined) socket.on('data', this.#onData)
      else reads.receive = this.#onData
      this.#requested = this.#host.context.clock.now()
      socket.write(this.#handshake.request.head, 'latin1')
    })
  }

  readonly #onAbort = () => this.#reject(this.#host.signal.reason)

  #resolve(end: HandshakeEnd<T>): void {
    this.#host.signal.removeEventListener('abort', this.#onAbort)
    if (end.kind !== 'open') this.#opening.socket.destroy()
    this.#settled?.resolve(end)
  }

  #reject(thrown: unknown): void {
    this.#host.signal.removeEventListener('abort', this.#onAbort)
    this.#opening.socket.destroy()
    this.#settled?.reject(thrown)
  }

  readonly #onData = (bytes: Uint8Array) => {
    this.#firstByte ??= this.#host.context.clock.now()
    let rest: Uint8Array
    try {
      rest = bytes.subarray(this.#reader.push(bytes))
    } catch (thrown) {
      this.#fail(thrown)
      return
    }
    if (this.#head !== undefined && isSwitch(this.#head)) this.#accept(this.#head, rest)
  }

  readonly #onEnd = () => {
    try {
      this.#reader.finish()
      this.#body?.end()
    } catch (cut) {
      this.#fail(cut)
    }
  }

  readonly #onError = (error: Error) => this.#fail(error)

  /** A response that has begun is not lost because its body is incomplete. */
  #fail(thrown: unknown): void {
    if (this.#head === undefined) this.#reject(thrown)
    else this.#body?.end()
  }

  // For `ResponseReader`.

  head(head: ResponseHead): void {
    this.#head = head
    if (isSwitch(head)) return
    const { status, headers } = head
    if (status === SWITCHING_PROTOCOLS) {
      this.#reject(lacksField(headers))
      return
    }
    const { socket } = this.#opening
    const body = new RefusalBody()
    this.#body = body
    // What is to follow may take time, as when a person has to log in.
    socket.pause()
    const read = (take: (bytes: Uint8Array) => void) => {
      socket.resume()
      return body.read(take)
    }
    unopened(this.#handshake, { status, headers, read }, this.#host.context).then(
      (end) => this.#resolve(end),
      (thrown) => this.#reject(thrown),
    )
  }

  data(bytes: Uint8Array): void {
    this.#body?.push(bytes)
  }

  end(): void {
    this.#body?.end()
  }

  // A response that switches protocols.

  /** `rest` is what arrived behind the head. */
  #accept(head: ResponseHead, rest: Uint8Array): void {
    const { sent, request } = this.#handshake
    const { status, headers, version, size, oddities } = head
    void this.#host.context.hook?.received?.(sent, { status, headers })
    let agreement: Agreement
    try {
      agreement = acceptance(headers, request)
    } catch (thrown) {
      this.#reject(thrown)
      return
    }
    const { socket, reads, timing } = this.#opening
    socket.off('error', this.#onError).off('end', this.#onEnd).off('close', this.#onEnd)
    if (reads === undefined) socket.off('data', this.#onData)
    if (rest.length > 0) socket.unshift(Buffer.from(rest))
    const time = this.#firstByte ?? this.#host.context.clock.now()
    const opened = this.#host.opened({
      ...agreement,
      ...{ socket, reads, status, headers, oddities, time, url: sent.url, httpVersion: version },
      remoteAddress: socket.remoteAddress,
      tls: socket instanceof tls.TLSSocket ? tlsInfo(socket) : undefined,
      timing: { ...timing, firstByte: time - this.#requested },
      heads: { requestHeadSize: request.head.length, headSize: size },
    })
    this.#resolve({ kind: 'open', opened })
  }
}

/** Whether the connection changes to another protocol behind the head. */
function isSwitch({ status, framing }: ResponseHead): boolean {
  return status === SWITCHING_PROTOCOLS && framing.kind === 'none'
}

/** Which of both fields a response lacks that says that it switches protocols (RFC 9110 section 7.8). */
function lacksField({ upgrade }: Headers): Error {
  return new Error(upgrade === undefined ? 'No Upgrade header' : 'No Upgrade in the Connection header')
}

/** A body that keeps what arrives before it is read. */
class RefusalBody {
  #early: Uint8Array[] = []
  #take: ((bytes: Uint8Array) => void) | undefined
  #hasEnded = false
  #onEnd: () => void = ignore

  /** Resolves at the end. */
  read(take: (bytes: Uint8Array) => void): Promise<void> {
    for (const bytes of this.#early) take(bytes)
    this.#early = []
    this.#take = take
    return new Promise((resolve) => {
      this.#onEnd = resolve
      if (this.#hasEnded) resolve()
    })
  }

  push(bytes: Uint8Array): void {
    if (this.#take === undefined) this.#early.push(bytes.slice())
    else this.#take(bytes)
  }

  end(): void {
    this.#hasEnded = true
    this.#onEnd()
  }
}
