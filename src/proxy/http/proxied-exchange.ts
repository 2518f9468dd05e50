/** One request and its response on their way through a proxy. */
import { type BodyFraming, bodyFraming } from '../../parse/http/body-framing.ts'
import { MalformedResponse } from '../../parse/http/malformed.ts'
import { parseFields } from '../../parse/http/section.ts'
import type { EndedBy } from '../../shared/event.ts'
import type { Failure } from '../../shared/failure.ts'
import { maskUrl } from '../../shared/secrets.ts'
import type { SeenControl, SeenFailure, SeenHead, SeenStart, TrafficHost } from '../../shared/traffic.ts'
import { networkFailure } from '../../transport/http/network-failures.ts'
import type { ConnectionFaults } from '../faults/connection-faults.ts'
import type { ProxyFaults } from '../faults/proxy-faults.ts'
import { PROXY_STOPPED, relayWebSocket, type WebSocketRelay } from '../websocket/relay.ts'
import { ExchangeReport } from './exchange-report.ts'
import { withoutHopFields } from './hop-fields.ts'
import { type FieldLine, formatHead, parseHead, parseStatusLine } from './message-head.ts'
import { MessageReader, type MessageSink } from './message-reader.ts'
import { framedAnew, type ResponseFacts, recordForm } from './record-form.ts'
import { RecordPassage } from './record-passage.ts'
import type { RequestHead } from './request-head.ts'
import type { ResponseExit, ResponsePassage } from './response-passage.ts'
import type { ServerLeg } from './server-leg.ts'
import { TimedPassage } from './timed-passage.ts'

const SWITCHING_PROTOCOLS = 101

/** Where a request goes, and how its fields and those of the response are changed. */
export interface Route {
  /** An `http:` or `https:` URL. */
  readonly origin: URL
  /** The request target to send (RFC 9112 section 3.2). */
  readonly target: string
  request(fields: readonly FieldLine[]): readonly FieldLine[]
  response(fields: readonly FieldLine[]): readonly FieldLine[]
}

/** Who sends the request, and through what. */
export interface Sender extends Pick<SeenStart, 'program' | 'through'> {
  readonly host: TrafficHost
  readonly faults: ProxyFaults
  readonly control: SeenControl & { disconnect(): void }
}

export interface ExchangeEvents {
  /** Bytes for the client. */
  toClient(bytes: Uint8Array): void
  /** Stops reading the response because too much waits, or goes on. */
  pause(isPaused: boolean): void
  /** The response has been passed on completely, later than it arrived. */
  passed(): void
  /** A fault cuts the response off. */
  cut(failure: Failure): void
  /** The server has switched to another protocol, after the head of the response. */
  switched(head: SeenHead): void
}

export class ProxiedExchange implements MessageSink {
  readonly request: RequestHead
  readonly origin: URL
  readonly url: string
  /** The head of the request as it is sent. */
  readonly sentHead: Buffer
  readonly webSocket: WebSocketRelay | undefined
  /** Bytes of the contents of the request and of the response so far. */
  passed = 0
  isRequestOver = false
  isResponseOver = false
  /** The head of the response has been passed on to the client. */
  isAnswered = false
  /** The end of the response is told by closing the connection. */
  endsByClose = false
  readonly #route: Route
  readonly #events: ExchangeEvents
  readonly #proxyFaults: ProxyFaults
  #faults: ConnectionFaults | undefined
  #passage: ResponsePassage | undefined
  /** Bytes for the client that a fault holds back. */
  #buffered: Uint8Array[] = []
  #bufferedSize = 0
  readonly #report: ExchangeReport | undefined
  readonly #reader = new MessageReader(this)
  #leg: ServerLeg | undefined
  #sentAt = 0
  #firstByteAt: number | undefined
  #time = 0

  constructor(request: RequestHead, route: Route, time: number, sender: Sender, events: ExchangeEvents) {
    const { method, version } = request
    const fields = route.request(withoutHopFields(request.fields))
    this.request = request
    this.origin = route.origin
    this.#route = route
    this.#events = events
    this.#proxyFaults = sender.faults
    this.sentHead = Buffer.from(formatHead(`${method} ${route.target} HTTP/${version}`, fields), 'latin1')
    // Not resolved as a reference: a path that begins with two slashes is no host.
    const url = new URL(`${route.origin.origin}${route.target === '*' ? '/' : route.target}`)
    if (request.isWebSocket) url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    this.url = url.href
    const { host, faults, program, through, control } = sender
    const start: SeenStart = {
      ...{ source: 'proxy', time, program, through, url: this.url, method },
      headers: parseFields(fields.map(({ line }) => line.replaceAll('\r\n', ' '))),
    }
    if (request.isWebSocket) this.webSocket = relayWebSocket(start, { host, faults }, control.disconnect)
    else {
      this.#report = new ExchangeReport(host, start, control)
      // Before faults decide about it, because a connection can have faults of its own.
      if (request.framing.kind === 'none') this.#report.requested()
    }
  }

  /** The number of its connection, if it is recorded already: as a WebSocket, or as another attempt of a stream. */
  get id(): number | undefined {
    return this.webSocket?.id ?? this.#report?.id
  }

  /** Its URL without secrets. */
  get shownUrl(): string {
    return maskUrl(this.url)
  }

  /** Neither the request nor the response is to be continued. */
  get isOver(): boolean {
    return this.isRequestOver && this.isResponseOver
  }

  /** Whether it is a connection of the session. */
  get isRecorded(): boolean {
    return this.webSocket !== undefined || this.#report?.isRecorded === true
  }

  /** It is being sent on this connection. */
  sent(leg: ServerLeg, time: number): void {
    this.#leg = leg
    this.#sentAt = time
    leg.request()
  }

  requestContent(bytes: Uint8Array): void {
    this.passed += bytes.length
    this.#report?.requestContent(bytes)
  }

  requestEnd(): void {
    this.isRequestOver = true
    this.#report?.requested()
  }

  /** Takes bytes of the response. Returns how many belong to it. Throws a `MalformedResponse`. */
  arrived(bytes: Uint8Array, time: number): number {
    this.#time = time
    this.#firstByteAt ??= time
    return this.#reader.push(bytes)
  }

  /** The server has closed its side. Throws a `MalformedResponse` if the response is incomplete. */
  finish(time: number): void {
    this.#time = time
    this.#reader.finish()
  }

  /** Why the response did not arrive, or not completely. */
  failureFor(thrown: unknown): NonNullable<SeenFailure['error']> {
    const { code, message } = networkFailure(thrown, this.url, this.isAnswered ? 'body' : 'head')
    return { code, message }
  }

  /** It did not come to its end. */
  fail(time: number, by: EndedBy, error?: SeenFailure['error']): void {
    this.#fail({ time, by, ...(error !== undefined && { error }) })
  }

  /** The proxy stops, which neither side caused. */
  stop(time: number): void {
    this.#fail({ time, by: 'network', reason: PROXY_STOPPED })
  }

  #fail(failure: SeenFailure): void {
    if (this.isResponseOver) return
    this.isResponseOver = true
    this.#faults?.ended()
    if (!this.isAnswered) this.webSocket?.fail(failure)
    this.#report?.fail(failure)
  }

  head(section: string, size: number): BodyFraming | 'upgrade' | undefined {
    const { start, fields, headers } = parseHead(section, false)
    const { status, version } = parseStatusLine(start)
    const isSwitch = status === SWITCHING_PROTOCOLS
    if (isSwitch && this.request.headers.upgrade === undefined)
      throw new MalformedResponse('HTTP_INVALID', 'a switch to a protocol that was not requested')
    const framing = isSwitch ? 'upgrade' : bodyFraming(this.request.method, status, headers)
    // After interim responses, another one can still be sent.
    this.isAnswered = status >= 200 || isSwitch
    const passed = this.#route.response(withoutHopFields(fields))
    if (framing === 'upgrade' || status < 200 || this.webSocket !== undefined)
      this.#events.toClient(Buffer.from(formatHead(start, passed), 'latin1'))
    if (status < 200 && !isSwitch) return undefined
    const head: SeenHead = {
      ...{ time: this.#time, status, headers, httpVersion: version },
      ...{ requestHeadSize: this.sentHead.length, headSize: size },
      ...this.#leg?.describe((this.#firstByteAt ?? this.#time) - this.#sentAt),
    }
    if (framing === 'upgrade') this.#events.switched(head)
    else if (this.webSocket !== undefined) this.webSocket.refuse(head)
    else {
      this.#report?.response(head)
      this.#passHead(start, passed, { framing, version, headers })
    }
    return framing
  }

  #passHead(start: string, fields: readonly FieldLine[], response: ResponseFacts): void {
    const report = this.#report
    const faults = this.#proxyFaults.opened({
      get id() {
        return report?.id
      },
      ...{ url: this.url, cut: (failure: Failure) => this.#events.cut(failure) },
    })
    this.#faults = faults
    const exit: ResponseExit = {
      write: (bytes) => this.#write(bytes),
      data: (data) => this.#report?.data(data),
      pause: (isPaused) => this.#events.pause(isPaused),
    }
    const form = faults.needsGate ? recordForm(this.request.version, response) : undefined
    this.endsByClose = form?.isChunked === false
    this.#passage =
      form === undefined ? new TimedPassage(faults, exit) : new RecordPassage(form, faults, exit)
    const passed = formatHead(start, form === undefined ? fields : framedAnew(fields, form))
    this.#passage.head(Buffer.from(passed, 'latin1'), this.#time)
  }

  raw(bytes: Uint8Array): void {
    if (this.#passage === undefined) this.#events.toClient(bytes)
    else this.#passage.raw(bytes, this.#time)
  }

  /** Writes to the client, or holds it back until there are enough bytes. */
  #write(bytes: Uint8Array): void {
    const { buffer = 0 } = this.#faults ?? {}
    if (buffer === 0) {
      this.#flushBuffer()
      this.#events.toClient(bytes)
      return
    }
    this.#buffered.push(Uint8Array.from(bytes))
    this.#bufferedSize += bytes.length
    if (this.#bufferedSize >= buffer) this.#flushBuffer()
  }

  #flushBuffer(): void {
    if (this.#bufferedSize === 0) return
    this.#events.toClient(Buffer.concat(this.#buffered))
    this.#buffered = []
    this.#bufferedSize = 0
  }

  content(bytes: Uint8Array, wireSize: number | undefined): void {
    this.passed += bytes.length
    this.#faults?.activity()
    this.#passage?.content(bytes, wireSize, this.#time)
  }

  end(trailers: SeenHead['headers'] | undefined): void {
    let isLater = false
    const over = (time: number) => {
      if (this.isResponseOver) return
      this.#flushBuffer()
      this.isResponseOver = true
      this.#faults?.ended()
      this.#report?.end(time, trailers)
      if (isLater) this.#events.passed()
    }
    if (this.#passage === undefined) over(this.#time)
    else this.#passage.end(trailers, this.#time, over)
    isLater = true
  }
}
