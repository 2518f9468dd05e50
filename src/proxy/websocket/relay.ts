/** Passes the bytes of a WebSocket on in both directions, and reports what they say. */
import { isUtf8 } from 'node:buffer'
import type { Socket } from 'node:net'
import type { OutboundMessage } from '../../shared/spec.ts'
import type { SeenFailure, SeenHead, SeenSocket, SeenStart, TrafficHost } from '../../shared/traffic.ts'
import { networkFailure } from '../../transport/http/network-failures.ts'
import { statusNot101, textNotUtf8 } from '../../transport/websocket/failures.ts'
import { cutByUser } from '../faults/failures.ts'
import type { ProxyFaults } from '../faults/proxy-faults.ts'
import { Guard } from '../guard.ts'
import { notOpen, type Side } from './failures.ts'
import type { GateFor } from './gated-direction.ts'
import { Passage } from './passage.ts'
import { fieldOf, type RelayEnd, WebSocketTap } from './tap.ts'

/** Why connections end that are open when the proxy stops, as a phrase. */
export const PROXY_STOPPED = 'the proxy has stopped'

/** The two connections of a WebSocket after its handshake. Neither is read yet, and neither has listeners. */
export interface WebSocketLegs {
  readonly client: Socket
  readonly server: Socket
  /** The response with status 101, as the server sent it. */
  readonly head: SeenHead
  /** What followed the handshake in the same chunk, and when it arrived. */
  readonly fromClient: { readonly bytes: Uint8Array; readonly time: number }
  readonly fromServer: { readonly bytes: Uint8Array; readonly time: number }
}

/** The handshake of a WebSocket passes through the HTTP legs, which then call one of the methods once. */
export interface WebSocketRelay {
  /** The number of its connection. */
  readonly id: number
  /** The server has switched to the WebSocket protocol, and the client has got the response. */
  open(legs: WebSocketLegs): void
  /** The server refuses with another status. The HTTP legs pass the response on. */
  refuse(head: SeenHead): void
  /** There is no response. */
  fail(failure: SeenFailure): void
  /** The proxy stops: ends both connections if they are open, which neither side has done. */
  stop(): void
  /** Passes the messages of both directions through gates from the next ones on, or through none. */
  setGates(gateFor: GateFor | undefined): void
}

export interface RelayHost {
  readonly host: TrafficHost
  /** Absent: there are none. */
  readonly faults?: ProxyFaults
}

/** Begins when the client asks for a WebSocket. `cut` ends the handshake. */
export function relayWebSocket(start: SeenStart, host: RelayHost, cut: () => void): WebSocketRelay {
  return new Relay({ ...start, ...subprotocolsOf(start) }, host, cut)
}

/** The subprotocols that the client offers. */
function subprotocolsOf({ headers = {} }: SeenStart): Pick<SeenStart, 'subprotocols'> {
  const offered = fieldOf(headers, 'sec-websocket-protocol')
  return offered === undefined ? {} : { subprotocols: offered.split(',').map((name) => name.trim()) }
}

class Relay implements WebSocketRelay {
  readonly #start: SeenStart
  readonly #host: TrafficHost
  readonly #faults: ProxyFaults | undefined
  readonly #socket: SeenSocket
  readonly #cutHandshake: () => void
  #legs: WebSocketLegs | undefined
  #tap: WebSocketTap | undefined
  #passages: { readonly out: Passage; readonly in: Passage } | undefined
  #gateFor: GateFor | undefined
  #paused = false
  #end: RelayEnd | undefined
  #areLegsClosed = false
  readonly #guard = new Guard((failure) => {
    if (this.#areLegsClosed) this.fail({ time: this.#host.clock.now(), error: failure })
    else this.#destroy({ side: undefined, failure })
  })

  constructor(start: SeenStart, { host, faults }: RelayHost, cutHandshake: () => void) {
    this.#start = start
    this.#host = host
    this.#faults = faults
    this.#cutHandshake = cutHandshake
    this.#socket = host.webSocket(start, {
      disconnect: () => this.#cut(),
      send: (message) => this.#send(message),
      pause: () => this.#pause(true),
      resume: () => this.#pause(false),
    })
  }

  get id(): number {
    return this.#socket.id
  }

  open(legs: WebSocketLegs): void {
    this.#legs = legs
    const { client, server, head, fromClient, fromServer } = legs
    const now = () => this.#host.clock.now()
    const tap = new WebSocketTap(this.#socket, head, this.#host, this.#guard)
    this.#tap = tap
    const guard = this.#guard
    const passages = {
      out: new Passage({
        ...{ direction: 'out', from: client, to: server, tap: tap.out, now, guard },
        ended: () => this.#ended('client', undefined),
      }),
      in: new Passage({
        ...{ direction: 'in', from: server, to: client, tap: tap.in, now, guard },
        ended: (error) => this.#ended('server', error),
      }),
    }
    this.#passages = passages
    let open = 2
    for (const leg of [client, server])
      leg.once('close', () => {
        if (--open > 0) return
        this.#areLegsClosed = true
        guard.run(() => {
          faults?.ended()
          for (const passage of Object.values(passages)) passage.stop()
          tap.finish(this.#end ?? { side: undefined, failure: undefined })
        })
      })
    if (this.#paused) this.#pause(true)
    if (this.#gateFor !== undefined) this.setGates(this.#gateFor)
    const faults = this.#faults?.opened({
      ...{ id: this.id, url: this.#start.url },
      cut: (failure) => this.#cut(failure),
      setGates: (gates) => this.setGates(gates),
    })
    passages.out.begin(fromClient)
    passages.in.begin(fromServer)
    for (const leg of [client, server]) leg.on('data', () => faults?.activity())
  }

  setGates(gateFor: GateFor | undefined): void {
    this.#gateFor = gateFor
    this.#passages?.out.setGate(gateFor)
    this.#passages?.in.setGate(gateFor)
  }

  refuse({ time, status }: SeenHead): void {
    const { failure } = statusNot101(status, this.#start.url, { excerpt: '' })
    this.#socket.emit({ type: 'error', time, code: failure.code, status, message: failure.message })
    this.#socket.emit({ type: 'close', time, by: 'server' })
  }

  fail({ time, by, error, reason }: SeenFailure): void {
    if (error !== undefined) {
      const { code, message } = error
      this.#socket.emit({ type: 'error', time, code, message })
    }
    this.#socket.emit({
      ...{ type: 'close', time },
      ...(by !== undefined && { by }),
      ...(reason !== undefined && { reason }),
    })
  }

  stop(): void {
    if (this.#legs !== undefined)
      this.#destroy({ side: undefined, failure: undefined, reason: PROXY_STOPPED })
  }

  #ended(side: Side, error: Error | undefined): void {
    const failure = error && networkFailure(error, this.#start.url, 'body')
    this.#end ??= { side, failure }
  }

  #cut(failure = cutByUser()): void {
    if (this.#legs === undefined) this.#cutHandshake()
    else this.#destroy({ side: undefined, failure })
  }

  #destroy(end: RelayEnd): void {
    this.#end ??= end
    this.#legs?.client.destroy()
    this.#legs?.server.destroy()
  }

  /** Sends a message to the server. Throws a `Failure`. */
  #send(message: OutboundMessage): void {
    if (this.#passages === undefined || this.#tap === undefined) throw notOpen()
    if (message.opcode === 'text' && !isUtf8(message.payload)) throw textNotUtf8()
    this.#tap.sent(message, this.#passages.out.send(message))
  }

  #pause(paused: boolean): void {
    this.#paused = paused
    for (const passage of Object.values(this.#passages ?? {})) {
      if (paused) passage.pause()
      else passage.resume()
    }
  }
}
