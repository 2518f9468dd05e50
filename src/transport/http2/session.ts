/** An HTTP/2 connection to one origin, which carries many requests at a time (RFC 9113). */
import http2 from 'node:http2'
import type net from 'node:net'
import { TLSSocket } from 'node:tls'
import { MAX_HEAD_SIZE } from '../../parse/http/response.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Timing, TlsInfo } from '../../shared/event.ts'
import type { OpenSocket } from '../http/connect.ts'
import { tlsInfo } from '../http/tls.ts'
import { errorCode, type GoAway } from './failures.ts'
import { FlowCredit, SESSION_WINDOW, STREAM_WINDOW } from './flow-credit.ts'
import { END_HEADERS, FRAME, type Frame } from './frame-head.ts'
import { type FrameWatcher, MeasuredSocket } from './measured-socket.ts'
import { StreamLog } from './stream-log.ts'

/** The part of a window that is given back at once. Node.js gives back halves of what it sees. */
const RETURNED = 1 / 4
/** Milliseconds for which a session without requests stays open. */
const IDLE = 4000
/** Longest part of what a GOAWAY frame says that is kept, in bytes. */
const MAX_DEBUG_DATA = 200

/** Takes the content of a stream instead of Node.js. */
export interface DataTaker {
  /** It has got all content before. */
  readonly isReady: boolean
  /** Content, which is only lent. */
  take(bytes: Uint8Array, time: number): void
}

/** A request that is sent. */
export interface SentRequest {
  readonly stream: http2.ClientHttp2Stream
  readonly log: StreamLog
}

/** A request that may wait until the peer allows one more. */
export interface Place {
  readonly isWaiting: boolean
  /** Lets the next one in. Call once the request is over. */
  leave(): void
}

export class Http2Session implements FrameWatcher {
  readonly socket: net.Socket
  readonly timing: Timing
  readonly tls: TlsInfo | undefined
  readonly #measured: MeasuredSocket
  readonly #session: http2.ClientHttp2Session
  readonly #logs = new Map<number, StreamLog>()
  readonly #takers = new Map<number, DataTaker>()
  /** For content that was taken. */
  readonly #credit: FlowCredit
  /** The fields of a header block are to be continued by the next frame. */
  #isBlockOpen = false
  /** Called after bytes were passed on. */
  readonly #afterPass = new Set<() => void>()
  readonly #active = new Set<Place>()
  readonly #waiting = new Map<Place, () => void>()
  /** Settles when the settings of the peer have arrived, or the session has ended. */
  readonly #settled: Promise<void>
  #error: Error | undefined
  #idle: NodeJS.Timeout | undefined
  #hasSettings = false
  #isSpoken = true
  /** Number of requests sent so far. */
  requests = 0
  goAway: GoAway | undefined
  /** The code of the GOAWAY frame that Node.js sent: what the peer did wrong. */
  complaint: number | undefined

  constructor({ socket, reads, timing }: OpenSocket, origin: URL, clock: Clock) {
    this.socket = socket
    this.timing = timing
    this.tls = socket instanceof TLSSocket ? tlsInfo(socket) : undefined
    this.#measured = new MeasuredSocket(socket, reads, clock, this)
    this.#credit = this.#creditOf(0, SESSION_WINDOW)
    this.#session = http2.connect(origin, {
      createConnection: () => this.#measured,
      settings: {
        enablePush: false,
        initialWindowSize: STREAM_WINDOW,
        maxHeaderListSize: MAX_HEAD_SIZE,
      },
      // The size of the fields is limited instead.
      maxHeaderListPairs: MAX_HEAD_SIZE,
    })
    this.#session.setLocalWindowSize(SESSION_WINDOW)
    this.#session.on('error', (error) => {
      this.#error ??= error
    })
    this.#settled = new Promise((resolve) => {
      this.#session.once('remoteSettings', () => resolve())
      this.#session.once('close', () => resolve())
    })
    this.#session.on('remoteSettings', () => this.#admit())
    this.#session.on('goaway', (code, lastStream, data) => {
      const text = data === undefined ? '' : data.subarray(0, MAX_DEBUG_DATA).toString('latin1')
      this.goAway ??= { code, lastStream, text }
    })
    this.#session.on('close', () => this.#admit())
    this.#wait()
  }

  /** Whether it takes another request. */
  get isUsable(): boolean {
    return !this.#session.closed && !this.#session.destroyed && this.goAway === undefined
  }

  /** No request is in progress or waits. */
  get isIdle(): boolean {
    return this.#active.size === 0 && this.#waiting.size === 0
  }

  /** The peer answered with frames of HTTP/2. */
  get isSpoken(): boolean {
    return this.#hasSettings && this.#isSpoken
  }

  /** What ended the connection: an error of the network, or what the peer sent that HTTP/2 does not allow. */
  get error(): Error | undefined {
    return this.#measured.error ?? this.#error
  }

  /** Bytes of the peer are being passed on in this moment. */
  get isPassing(): boolean {
    return this.#measured.isPassing
  }

  /** How many requests the peer allows at a time. */
  get limit(): number {
    return this.#hasSettings
      ? (this.#session.remoteSettings.maxConcurrentStreams ?? Number.POSITIVE_INFINITY)
      : 100
  }

  /** Whether the peer opens tunnels for other protocols on streams (RFC 8441 section 3), as soon as it says so. False if it ends before. */
  async allowsProtocols(): Promise<boolean> {
    await this.#settled
    return this.isUsable && this.#session.remoteSettings.enableConnectProtocol === true
  }

  /** Calls `start` once the peer allows one more request, or the session has ended; at once if it does now. */
  enter(start: (place: Place) => void): Place {
    clearTimeout(this.#idle)
    this.socket.ref()
    const place: Place & { isWaiting: boolean } = {
      isWaiting: true,
      leave: () => {
        this.#waiting.delete(place)
        if (this.#active.delete(place)) this.#admit()
        if (this.isIdle) this.#wait()
      },
    }
    this.#waiting.set(place, () => {
      place.isWaiting = false
      start(place)
    })
    this.#admit()
    return place
  }

  /** Sends a request. Throws an error of Node.js if it cannot be sent. `staysOpen`: more is sent on its stream afterwards. */
  send(headers: http2.OutgoingHttpHeaders, body: Uint8Array | undefined, staysOpen = false): SentRequest {
    const isWhole = !staysOpen && (body === undefined || body.length === 0)
    const stream = this.#session.request(headers, { endStream: isWhole })
    this.requests++
    const log = new StreamLog()
    const { id } = stream
    if (id !== undefined) this.#logs.set(id, log)
    stream.once('close', () => {
      if (id === undefined) return
      this.#logs.delete(id)
      this.#takers.delete(id)
    })
    if (!isWhole && !staysOpen) stream.end(body)
    return { stream, log }
  }

  /** Calls `after` after each chunk of bytes that was passed on, until the returned function is called. */
  watchPasses(after: () => void): () => void {
    this.#afterPass.add(after)
    return () => this.#afterPass.delete(after)
  }

  /** Gives the content of a stream to `taker` from now on, instead of to Node.js. Returns the credit of the stream. */
  divert(stream: number, taker: DataTaker): FlowCredit {
    this.#takers.set(stream, taker)
    return this.#creditOf(stream, STREAM_WINDOW)
  }

  /** The peer has sent more than it may. Ends the connection. */
  refuseFlow(): void {
    this.#session.destroy(new Error('too much data'), errorCode('FLOW_CONTROL_ERROR'))
  }

  /** Takes no more requests, and closes the connection when those in progress are over. */
  retire(): void {
    clearTimeout(this.#idle)
    this.#session.close()
  }

  /** Ends the connection at once. Requests in progress fail. */
  destroy(): void {
    clearTimeout(this.#idle)
    this.#session.destroy()
    this.#measured.destroy()
  }

  // For `MeasuredSocket`.

  mayTake(stream: number): boolean {
    return this.#takers.has(stream) && !this.#isBlockOpen
  }

  takes(stream: number): boolean {
    const log = this.#logs.get(stream)
    return log?.isOver === false && this.#takers.get(stream)?.isReady === true
  }

  received(frame: Frame, time: number): void {
    const { type, flags } = frame
    if (type === FRAME.headers || type === FRAME.continuation) this.#isBlockOpen = (flags & END_HEADERS) === 0
    // RFC 9113 section 3.4: the first frame of a server is SETTINGS.
    if (!this.#hasSettings && frame.type !== FRAME.settings) this.#isSpoken = false
    this.#hasSettings = true
    this.#logs.get(frame.stream)?.received(frame, time)
  }

  sent(frame: Frame, time: number): void {
    if (frame.type === FRAME.goAway) this.complaint ??= frame.errorCode
    this.#logs.get(frame.stream)?.sent(frame, time)
  }

  content(stream: number, size: number, time: number): void {
    this.#logs.get(stream)?.content(size, time)
  }

  taken(stream: number, bytes: Uint8Array, time: number): void {
    this.#logs.get(stream)?.taken(bytes.length)
    this.#takers.get(stream)?.take(bytes, time)
    this.#credit.add(bytes.length)
  }

  passed(): void {
    for (const after of this.#afterPass) after()
  }

  #creditOf(stream: number, window: number): FlowCredit {
    return new FlowCredit(stream, window * RETURNED, (frame) => this.#measured.sendFrame(frame))
  }

  #admit(): void {
    for (const [place, start] of this.#waiting) {
      if (this.isUsable && this.#active.size >= this.limit) return
      this.#waiting.delete(place)
      this.#active.add(place)
      start()
    }
  }

  /** Closes the connection after a while, and does not keep the process alive until then. */
  #wait(): void {
    this.socket.unref()
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => this.retire(), IDLE)
    this.#idle.unref()
  }
}
