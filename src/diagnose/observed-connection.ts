/** What is known of a connection while its events are read in order. */
import type { EndedBy, OpenEvent, RealtimeEvent, TlsInfo } from '../shared/event.ts'
import { isOnPurpose } from '../shared/faults.ts'
import type { Headers } from '../shared/headers.ts'
import { maskUrl } from '../shared/secrets.ts'
import type { TrafficSource } from '../shared/traffic-source.ts'
import { TRANSPORT_TRAITS, type TransportName } from '../shared/transports.ts'
import { shortUrl } from '../shared/url.ts'
import type { AlikeEvents } from './alike-events.ts'
import type { RuleEvent } from './rule-event.ts'

/** Milliseconds in which nothing came in, nothing went out, or neither. */
export interface Silences {
  readonly in: number
  readonly out: number
  readonly any: number
}

/** An attempt that was open. Times are session times in ms. */
export interface Ending {
  readonly openedAt: number
  readonly endedAt: number
  /** Milliseconds without anything inbound, or in either direction, before the end. */
  readonly silentIn: number
  readonly silent: number
  /** Milliseconds without anything outbound before the end. */
  readonly silentOut: number
  /** The longest silences before those: the connection has survived them. */
  readonly survived: Silences
  /** Whether anything came in. */
  readonly hasReceived: boolean
  readonly by: EndedBy | undefined
  readonly code: number | undefined
  /** Our proxy cut it on purpose, so neither the server nor the network did. */
  readonly isOnPurpose: boolean
}

/** As of the current event: a rule that gets an `open` or a `close` sees the connection after it. */
export interface ObservedConnection {
  readonly id: number
  /** With secrets masked. Empty if unknown. */
  readonly url: string
  /** Such as `feed.example/ticks`; `connection 3` if the URL is unknown. */
  readonly name: string
  readonly transport: TransportName | undefined
  /** Who opened it, or through what it was seen. */
  readonly source: TrafficSource
  /** Whether this program opened the connection. False if it only looked on. */
  readonly isOwn: boolean
  readonly method: string | undefined
  /** Of the first attempt, and of the latest response. */
  readonly requestHeaders: Headers
  readonly headers: Headers
  readonly status: number | undefined
  readonly httpVersion: string | undefined
  readonly subprotocol: string | undefined
  readonly extensions: string | undefined
  readonly tls: TlsInfo | undefined
  readonly open: OpenEvent | undefined
  readonly isOpen: boolean
  /** Attempts so far, and those that opened. */
  readonly attempts: number
  readonly opens: number
  /** Of the latest attempt; stays after its end. Event numbers count from 0. */
  readonly connectedAt: number
  readonly connectNumber: number
  readonly openedAt: number
  readonly openNumber: number
  /** Time of the last event before the current one that came in, and that came in or went out, since it opened. */
  readonly lastIn: number
  readonly lastAny: number
  /** As `lastIn`, for what went out. */
  readonly lastOut: number
  /** The longest silences of the latest attempt that ended with traffic. */
  readonly longest: Silences
  /** How the latest attempt that was open ended. */
  readonly ending: Ending | undefined
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

export class ObservedConnectionState implements Writable<ObservedConnection> {
  readonly id: number
  url = ''
  transport: TransportName | undefined
  source: TrafficSource = 'client'
  method: string | undefined
  requestHeaders: Headers = {}
  headers: Headers = {}
  status: number | undefined
  httpVersion: string | undefined
  subprotocol: string | undefined
  extensions: string | undefined
  tls: TlsInfo | undefined
  open: OpenEvent | undefined
  isOpen = false
  attempts = 0
  opens = 0
  connectedAt = 0
  connectNumber = 0
  openedAt = 0
  openNumber = 0
  lastIn = 0
  lastAny = 0
  lastOut = 0
  readonly longest = { in: 0, out: 0, any: 0 }
  ending: Ending | undefined
  #hasReceived = false
  #isCutOnPurpose = false

  constructor(id: number) {
    this.id = id
  }

  get isOwn(): boolean {
    return this.source === 'client'
  }

  get name(): string {
    return this.url === '' ? `connection ${this.id}` : shortUrl(this.url)
  }

  /** Takes note of a step of the connection, before rules see it. */
  before(event: RealtimeEvent, number: number): void {
    switch (event.type) {
      case 'connect': {
        this.#end(event.time, undefined, undefined)
        this.#isCutOnPurpose = false
        this.attempts++
        this.connectedAt = event.time
        this.connectNumber = number
        this.url ||= maskUrl(event.url)
        this.method ??= event.method ?? (event.body === undefined ? undefined : 'POST')
        if (this.attempts === 1) this.requestHeaders = event.headers ?? {}
        this.source = event.source ?? this.source
        this.#learnTransport(event.transport)
        break
      }
      case 'open':
        this.#learnTransport(event.transport)
        this.open = event
        this.headers = event.headers
        this.status = event.status
        this.httpVersion = event.httpVersion
        this.subprotocol = event.subprotocol
        this.extensions = event.extensions
        this.tls = event.tls
        this.isOpen = true
        this.opens++
        this.openedAt = event.time
        this.openNumber = number
        this.lastIn = event.time
        this.lastAny = event.time
        this.lastOut = event.time
        this.#hasReceived = false
        Object.assign(this.longest, { in: 0, out: 0, any: 0 })
        break
      case 'response':
        this.headers = event.headers
        this.status = event.status
        break
      case 'error':
        // Followed by the end.
        if (this.source === 'proxy' && isOnPurpose(event.code)) this.#isCutOnPurpose = true
        break
      case 'close':
        this.#end(event.time, event.by, event.code)
        break
      case 'reconnect':
        this.#end(event.time, undefined, undefined)
        break
    }
  }

  /** Takes note of traffic, after rules saw it. */
  after(event: RuleEvent): void {
    // An `error` does not end an attempt. It is followed by a `close` if it does.
    if (!this.isOpen || event.type === 'error' || event.type === 'open') return
    const { time } = event
    if (event.type === 'pause') {
      // Nothing is known of what came in meanwhile.
      this.lastIn = time
      this.lastAny = time
      return
    }
    const { longest } = this
    longest.any = Math.max(longest.any, time - this.lastAny)
    this.lastAny = time
    if (event.isOut || event.type === 'request') {
      longest.out = Math.max(longest.out, time - this.lastOut)
      this.lastOut = time
    } else {
      longest.in = Math.max(longest.in, time - this.lastIn)
      this.lastIn = time
      this.#hasReceived = true
    }
  }

  /** As `after`, for messages that are alike. */
  afterAlike({ isOut, time, from, to }: AlikeEvents): void {
    if (!this.isOpen) return
    let within = 0
    for (let at = from + 1; at < to; at++) {
      const silence = (time[at] ?? 0) - (time[at - 1] ?? 0)
      if (silence > within) within = silence
    }
    const first = time[from] ?? 0
    const last = time[to - 1] ?? 0
    const { longest } = this
    longest.any = Math.max(longest.any, first - this.lastAny, within)
    this.lastAny = last
    if (isOut) {
      longest.out = Math.max(longest.out, first - this.lastOut, within)
      this.lastOut = last
    } else {
      longest.in = Math.max(longest.in, first - this.lastIn, within)
      this.lastIn = last
      this.#hasReceived = true
    }
  }

  #learnTransport(transport: string | undefined): void {
    if (transport !== undefined && isTransport(transport)) this.transport = transport
  }

  #end(endedAt: number, by: EndedBy | undefined, code: number | undefined): void {
    if (!this.isOpen) return
    this.isOpen = false
    const { openedAt } = this
    this.ending = {
      ...{ openedAt, endedAt, by, code },
      silentIn: endedAt - this.lastIn,
      silent: endedAt - this.lastAny,
      silentOut: endedAt - this.lastOut,
      survived: { ...this.longest },
      hasReceived: this.#hasReceived,
      isOnPurpose: this.#isCutOnPurpose,
    }
  }
}

function isTransport(name: string): name is TransportName {
  return Object.hasOwn(TRANSPORT_TRAITS, name)
}
