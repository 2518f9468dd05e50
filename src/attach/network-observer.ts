/** Sorts the events of the domain Network of a target to its connections. */
import * as v from 'valibot'
import { NETWORK_EVENTS, type NetworkEvents } from './network-events.ts'
import { ObservedExchange } from './observed-exchange.ts'
import { ObservedSocket } from './observed-socket.ts'
import type { Departure, ObservedTarget } from './observed-target.ts'

/** Connections and requests of a target at the same time. More are not seen, and the session says so. */
const MAX_OPEN = 5000
/** Requests whose fields arrive before them, and responses whose fields arrive after their end. */
const MAX_APART = 200
/** What a browser shows of its own, such as an empty tab. */
export const OF_BROWSER = /^(?:chrome|edge):/

export class NetworkObserver {
  readonly #target: ObservedTarget
  readonly #isWanted: (url: string) => boolean
  readonly #sockets = new Map<string, ObservedSocket>()
  readonly #exchanges = new Map<string, ObservedExchange>()
  readonly #earlyFields = new Map<string, NetworkEvents['Network.requestWillBeSentExtraInfo']['headers']>()
  /** Those that have ended, and wait for fields on the connection. */
  readonly #ended = new Map<string, ObservedExchange>()
  /** What the session was told once. */
  readonly #told = new Set<string>()

  constructor(target: ObservedTarget, isWanted: (url: string) => boolean) {
    this.#target = target
    this.#isWanted = isWanted
  }

  /**
   * Takes an event. Events of other domains are ignored.
   * @param hostTime Converts a time of the program, in seconds, to the host's clock.
   * @param arrivedAt On the host's clock.
   */
  event(method: string, params: unknown, hostTime: (timestamp: number) => number, arrivedAt: number): void {
    const take = this.#handlers[method as keyof NetworkEvents] as
      | ((event: unknown, time: number) => void)
      | undefined
    if (take === undefined) return
    const result = v.safeParse(NETWORK_EVENTS[method as keyof NetworkEvents], params)
    if (!result.success) {
      this.#tellOnce(`An event of the program cannot be read: ${method}.`)
      return
    }
    const event = result.output
    take(event, 'timestamp' in event ? hostTime(event.timestamp) : arrivedAt)
  }

  /** Ends what is open, except for what belongs to the document. */
  left(departure: Departure, document?: string): void {
    for (const socket of this.#sockets.values()) socket.left(departure)
    this.#sockets.clear()
    for (const [id, exchange] of this.#exchanges) {
      if (document !== undefined && exchange.document === document) continue
      exchange.left(departure)
      this.#exchanges.delete(id)
    }
  }

  readonly #handlers: {
    readonly [Name in keyof NetworkEvents]: (event: NetworkEvents[Name], time: number) => void
  } = {
    'Network.webSocketCreated': ({ requestId, url, initiator }, time) => {
      if (this.#isWanted(url) && this.#hasRoom())
        this.#sockets.set(requestId, new ObservedSocket(this.#target, url, initiator, time))
    },
    'Network.webSocketWillSendHandshakeRequest': ({ requestId, request }, time) =>
      this.#sockets.get(requestId)?.handshake(request, time),
    'Network.webSocketHandshakeResponseReceived': ({ requestId, response }, time) =>
      this.#sockets.get(requestId)?.response(response, time),
    'Network.webSocketFrameSent': ({ requestId, response }, time) =>
      this.#sockets.get(requestId)?.frame('out', response, time),
    'Network.webSocketFrameReceived': ({ requestId, response }, time) =>
      this.#sockets.get(requestId)?.frame('in', response, time),
    'Network.webSocketFrameError': ({ requestId, errorMessage }, time) =>
      this.#sockets.get(requestId)?.error(errorMessage, time),
    'Network.webSocketClosed': ({ requestId }, time) => {
      this.#sockets.get(requestId)?.closed(time)
      this.#sockets.delete(requestId)
    },
    'Network.requestWillBeSent': (event, time) => this.#request(event, time),
    'Network.requestWillBeSentExtraInfo': ({ requestId, headers }) => {
      const exchange = this.#exchange(requestId)
      if (exchange !== undefined) exchange.sent(headers)
      else remember(this.#earlyFields, requestId, headers)
    },
    'Network.responseReceived': (event, time) => this.#exchanges.get(event.requestId)?.response(event, time),
    'Network.responseReceivedExtraInfo': (event) => this.#exchange(event.requestId)?.received(event),
    'Network.dataReceived': (event, time) => this.#exchanges.get(event.requestId)?.data(event, time),
    'Network.eventSourceMessageReceived': (event, time) =>
      this.#exchanges.get(event.requestId)?.event(event, time),
    'Network.loadingFinished': ({ requestId }, time) => {
      this.#exchanges.get(requestId)?.finished(time)
      this.#end(requestId)
    },
    'Network.loadingFailed': (event, time) => {
      this.#exchanges.get(event.requestId)?.failed(event, time)
      this.#end(event.requestId)
    },
  }

  #request(event: NetworkEvents['Network.requestWillBeSent'], time: number): void {
    const { requestId, request, redirectResponse, type, documentURL } = event
    const redirected = this.#exchanges.get(requestId)
    if (redirected !== undefined && redirectResponse !== undefined) {
      redirected.redirected(redirectResponse)
      return
    }
    // Node.js also reports the handshake of a WebSocket as a request.
    const isHandshake = Object.keys(request.headers).some((name) => /^sec-websocket-key$/i.test(name))
    if (!/^https?:/.test(request.url) || type === 'Preflight' || isHandshake) return
    if (OF_BROWSER.test(documentURL)) return
    if (!this.#isWanted(request.url) || !this.#hasRoom()) return
    const exchange = new ObservedExchange(this.#target, event, time)
    this.#exchanges.set(requestId, exchange)
    const early = this.#earlyFields.get(requestId)
    this.#earlyFields.delete(requestId)
    if (early !== undefined) exchange.sent(early)
  }

  #exchange(requestId: string): ObservedExchange | undefined {
    return this.#exchanges.get(requestId) ?? this.#ended.get(requestId)
  }

  #end(requestId: string): void {
    const exchange = this.#exchanges.get(requestId)
    this.#exchanges.delete(requestId)
    if (exchange?.awaitsFields) remember(this.#ended, requestId, exchange)
  }

  #hasRoom(): boolean {
    const hasRoom = this.#sockets.size + this.#exchanges.size < MAX_OPEN
    if (!hasRoom)
      this.#tellOnce(
        `The program has more than ${MAX_OPEN} connections open; what it opens beyond these is not seen.`,
      )
    return hasRoom
  }

  #tellOnce(text: string): void {
    if (this.#told.has(text)) return
    this.#told.add(text)
    this.#target.host.mark(text)
  }
}

/** Adds an entry to a map, and forgets the oldest one if there are too many. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > MAX_APART && oldest !== undefined) map.delete(oldest)
}
