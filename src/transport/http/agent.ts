/** Kept-alive connections, one an origin, for the requests of one transport. */
import type net from 'node:net'
import { TLSSocket } from 'node:tls'
import Client from 'undici/lib/dispatcher/client.js'
import type { Clock } from '../../shared/clock.ts'
import type { Timing, TlsInfo } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { maskUrl } from '../../shared/secrets.ts'
import { type ConnectionSpec, DEFAULT_TIMEOUT, type NetworkSettings } from '../../shared/spec.ts'
import { MAX_TIMER_DELAY } from '../reconnect.ts'
import { type ConnectTarget, openSocket } from './connect.ts'
import { type TappedSocket, tapSocket } from './tap.ts'
import { tlsInfo } from './tls.ts'
import type { ResponseWire } from './wire.ts'

/** Bytes of a response head, informational ones before it included. */
export const MAX_HEAD_SIZE = 64 * 1024
/** Origins a chain of redirects keeps connections to. */
const MAX_ORIGINS = 8

/** The live connection of an origin. */
export interface LiveSocket {
  readonly socket: net.Socket
  readonly tapped: TappedSocket
  readonly timing: Timing
  readonly tls: TlsInfo | undefined
  /** Requests written to it so far. */
  requests: number
  /** Its reader wants no more for now. */
  paused: boolean
  /** The response that what arrives belongs to. */
  wire: ResponseWire | undefined
  /** What the socket itself failed with, which the HTTP client may take for the end of a body. */
  error: Error | undefined
}

export interface OriginOptions {
  readonly target: ConnectTarget
  readonly spec: ConnectionSpec
  readonly network: NetworkSettings
  readonly clock: Clock
}

/** One origin, reached directly or through a proxy: at most one connection at a time. */
export class Origin {
  readonly client: Client
  live: LiveSocket | undefined
  readonly #options: OriginOptions
  readonly #given = new AbortController()

  constructor(options: OriginOptions) {
    this.#options = options
    const { origin, proxy, tunnel } = options.target
    this.client = new Client(proxy !== undefined && !tunnel ? proxy.origin : origin.origin, {
      connect: ({ servername }, callback) => {
        this.#connect(servername).then(
          (socket) => callback(null, socket),
          (error: Error) => callback(error, null),
        )
      },
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: MAX_HEAD_SIZE,
    })
  }

  /** Ends its connection at once, also one that is being opened; requests under way fail with `failure`. */
  destroy(failure: Failure): void {
    this.#given.abort(failure)
    void this.client.destroy(failure)
  }

  async #connect(servername: string | undefined): Promise<net.Socket> {
    const { target, spec, clock } = this.#options
    const limit = new AbortController()
    const milliseconds = Math.min(spec.timeout ?? DEFAULT_TIMEOUT, MAX_TIMER_DELAY)
    const timer = setTimeout(
      () => limit.abort(timedOut(target.origin.href, milliseconds, 'connection')),
      milliseconds,
    )
    try {
      const { socket, timing } = await openSocket(
        { ...target, servername: servername || undefined },
        { ...this.#options, signal: AbortSignal.any([limit.signal, this.#given.signal]) },
      )
      this.#watch(socket, timing, clock)
      return socket
    } finally {
      clearTimeout(timer)
    }
  }

  #watch(socket: net.Socket, timing: Timing, clock: Clock): void {
    const tapped = tapSocket(socket, {
      arrived: (bytes) => {
        const rest = live.wire?.push(bytes, clock.now()) ?? bytes
        if (live.wire?.overlong === true)
          socket.destroy(Object.assign(new Error('too long'), { code: 'UND_ERR_HEADERS_OVERFLOW' }))
        return rest
      },
      isPaused: () => live.paused,
    })
    const tls = socket instanceof TLSSocket ? tlsInfo(socket) : undefined
    const live: LiveSocket = {
      ...{ socket, tapped, timing, tls, requests: 0, paused: false },
      ...{ wire: undefined, error: undefined },
    }
    socket.on('error', (error) => {
      live.error = error
    })
    this.live = live
  }
}

/** What a time limit comes to. */
export function timedOut(url: string, milliseconds: number, what: 'connection' | 'answer'): Failure {
  return new Failure(
    'TIMEOUT',
    `There was no ${what} from ${maskUrl(url)} within ${milliseconds} ms; check the address and the server, or allow more time.`,
  )
}

function closedHere(): Failure {
  return new Failure('DISCONNECTED', 'The connection was closed here; connect again to go on.')
}

/** What tells connections apart: those to a proxy that forwards serve every origin. */
function keyOf({ origin, proxy, tunnel }: ConnectTarget): string {
  return `${proxy !== undefined && !tunnel ? 'forward' : origin.origin} ${proxy?.href ?? ''}`
}

/** Who is to be told that a signal aborts. */
interface Watch {
  readonly callbacks: Set<() => void>
  readonly listener: () => void
}

/** The connections of one transport, over all its requests. Whoever makes it closes it. */
export class HttpAgent {
  readonly #origins = new Map<string, Origin>()
  /** The origin asked for last, which is mostly asked for again. */
  #latest: { readonly target: ConnectTarget; readonly entry: Origin } | undefined
  readonly #watches = new Map<AbortSignal, Watch>()
  #closed = false

  /** Calls back when the signal aborts, until `unwatch`; the signal is listened to once for all exchanges. */
  watch(signal: AbortSignal, callback: () => void): void {
    let watch = this.#watches.get(signal)
    if (watch === undefined) {
      const callbacks = new Set<() => void>()
      const listener = () => {
        for (const each of callbacks) each()
      }
      watch = { callbacks, listener }
      this.#watches.set(signal, watch)
      signal.addEventListener('abort', listener)
    }
    watch.callbacks.add(callback)
  }

  unwatch(signal: AbortSignal, callback: () => void): void {
    this.#watches.get(signal)?.callbacks.delete(callback)
  }

  /** The origin's connection, made when first asked for. */
  origin(options: OriginOptions): Origin {
    const { target } = options
    if (this.#latest?.target === target && !this.#latest.entry.client.destroyed) return this.#latest.entry
    const entry = this.#find(options)
    this.#latest = { target, entry }
    return entry
  }

  /** Has the next request to that origin open a connection of its own; none may be under way on the one there is. */
  renew(target: ConnectTarget): void {
    this.#origins.get(keyOf(target))?.destroy(closedHere())
  }

  #find(options: OriginOptions): Origin {
    const key = keyOf(options.target)
    const known = this.#origins.get(key)
    const entry = known === undefined || known.client.destroyed ? new Origin(options) : known
    this.#origins.delete(key)
    this.#origins.set(key, entry)
    for (const [oldest, { client }] of this.#origins) {
      if (this.#origins.size <= MAX_ORIGINS) break
      this.#origins.delete(oldest)
      void client.destroy()
    }
    if (this.#closed) this.close()
    return entry
  }

  /** Closes every connection at once; requests under way fail. */
  close(): void {
    this.#closed = true
    for (const origin of this.#origins.values()) origin.destroy(closedHere())
    this.#origins.clear()
    for (const [signal, { listener }] of this.#watches) signal.removeEventListener('abort', listener)
    this.#watches.clear()
  }
}
