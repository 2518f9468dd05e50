/** What one connection costs and delivers, gathered event by event in bounded memory. */
import { headerOf } from '../../decode/facts.ts'
import type { ConnectEvent, RealtimeEvent } from '../../shared/event.ts'
import { maskUrl } from '../../shared/secrets.ts'
import { isPolling, type TransportName, traitsOf } from '../../shared/transports.ts'
import { PairSample } from '../figures/pair-sample.ts'
import { Overhead } from './overhead.ts'
import { PollCycles } from './poll-cycles.ts'

/** Content types of sound, video and pictures that follow each other. */
const MEDIA = /^(?:audio|video)\/|^multipart\/x-mixed-replace\b/i

/** The latest arrivals that are kept to be drawn. */
const MAX_ARRIVALS = 512

export class ConnectionFigures {
  readonly id: number
  transport: TransportName | undefined
  url = ''
  interval: number | undefined
  httpVersion: string | undefined
  /** Session times in ms. */
  connectedAt: number | undefined
  endedAt = 0
  isOpen = false
  messages = 0
  sent = 0
  events = 0
  /** Times at which events came. */
  arrivals = 0
  payload = 0
  binary = 0
  reconnects = 0
  /** Of those, the ones that said after which event to continue. */
  resumed = 0
  missed = 0
  /** Whether events of a stream have IDs, by which it can be resumed. */
  hasIds = false
  /** Whether its content type is that of sound, video, or pictures that follow each other. */
  isMedia = false
  readonly overhead = new Overhead()
  readonly cycles = new PollCycles()
  /** Milliseconds from the time in an event to its arrival, and from when the connection was opened to its arrival. */
  readonly ages = new PairSample()
  #connects = 0
  #openSince = 0
  #openFor = 0
  #lastArrival: number | undefined
  #latest: number[] = []

  constructor(id: number) {
    this.id = id
  }

  get isPoll(): boolean {
    return isPolling(this.transport)
  }

  get requests(): number {
    return this.isPoll && this.cycles.requests > 0 ? this.cycles.requests : this.#connects
  }

  /** Milliseconds for which it was open, up to `now`. */
  openFor(now: number): number {
    return this.#openFor + (this.isOpen ? now - this.#openSince : 0)
  }

  add(event: RealtimeEvent): void {
    this.endedAt = event.time
    this.overhead.add(event, this.isPoll)
    switch (event.type) {
      case 'connect':
        this.#connect(event)
        break
      case 'open':
        this.connectedAt ??= event.time
        this.#learnTransport(event.transport)
        this.httpVersion = event.httpVersion
        this.isMedia ||= MEDIA.test(headerOf(event.headers, 'content-type') ?? '')
        if (!this.isOpen) this.#openSince = event.time
        this.isOpen = true
        break
      case 'message':
        this.#message(event)
        break
      case 'request':
        if (event.automatic === undefined) this.cycles.request(event.time)
        break
      case 'response':
        this.cycles.response(event.time, event.empty)
        break
      case 'reconnect':
        this.reconnects++
        if (event.lastEventId !== undefined || event.cursor !== undefined || event.sameId === true)
          this.resumed++
        this.#end(event.time)
        break
      case 'close':
      case 'error':
        this.#end(event.time)
        break
      case 'gap':
        this.missed += event.missed ?? 0
        break
    }
  }

  /** New events came, all at the same time. */
  delivered(events: number, time: number): void {
    this.events += events
    if (time !== this.#lastArrival) this.arrivals++
    this.#lastArrival = time
    this.#latest.push(time)
    if (this.#latest.length > 2 * MAX_ARRIVALS) this.#latest = this.#latest.slice(-MAX_ARRIVALS)
  }

  /** Arrivals from session time `from` on. */
  arrivalsSince(from: number): number[] {
    return this.#latest.filter((time) => time >= from).slice(-MAX_ARRIVALS)
  }

  get lastArrival(): number | undefined {
    return this.#lastArrival
  }

  #connect({ time, transport, url, attempt, interval }: ConnectEvent): void {
    this.connectedAt ??= time
    this.#connects++
    this.#learnTransport(transport)
    this.url ||= maskUrl(url)
    if (attempt === 0) this.interval = interval
  }

  #learnTransport(name: string | undefined): void {
    if (traitsOf(name) !== undefined) this.transport = name as TransportName
  }

  #message(event: Extract<RealtimeEvent, { readonly type: 'message' }>): void {
    if (event.direction === 'out') {
      if (event.automatic === undefined) this.sent++
      return
    }
    const size = event.dropped ?? event.payload.length
    this.messages++
    this.payload += size
    if (event.opcode === 'binary') this.binary += size
    if (event.id !== undefined && event.id !== '') this.hasIds = true
  }

  #end(time: number): void {
    if (this.isOpen) this.#openFor += time - this.#openSince
    this.isOpen = false
  }
}
