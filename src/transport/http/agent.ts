/** Kept-alive connections, one an origin, for the requests of one transport. */
import type { Clock } from '../../shared/clock.ts'
import { Failure } from '../../shared/failure.ts'
import { maskUrl } from '../../shared/secrets.ts'
import { type ConnectionSpec, DEFAULT_TIMEOUT, type NetworkSettings } from '../../shared/spec.ts'
import { MAX_TIMER_DELAY } from '../reconnect.ts'
import { type ConnectTarget, openSocket } from './connect.ts'
import { HttpConnection } from './connection.ts'

/** Origins a chain of redirects keeps connections to. */
const MAX_ORIGINS = 8

export interface OriginOptions {
  readonly target: ConnectTarget
  readonly spec: ConnectionSpec
  readonly network: NetworkSettings
  readonly clock: Clock
}

/** One origin, reached directly or through a proxy: one connection is kept to it. */
export class Origin {
  readonly #options: OriginOptions
  readonly #given = new AbortController()
  #connection: HttpConnection | undefined

  constructor(options: OriginOptions) {
    this.#options = options
  }

  get destroyed(): boolean {
    return this.#given.signal.aborted
  }

  /** The connection that is kept, if a request can be sent on it now. */
  get free(): HttpConnection | undefined {
    return this.#connection?.isFree === true ? this.#connection : undefined
  }

  /** Opens a connection, which takes the place of the one there is. Rejects with a `Failure`, or with what the network threw. */
  async connect(): Promise<HttpConnection> {
    const { target, spec } = this.#options
    this.#connection?.destroy(closedHere())
    const limit = new AbortController()
    const milliseconds = Math.min(spec.timeout ?? DEFAULT_TIMEOUT, MAX_TIMER_DELAY)
    const timer = setTimeout(
      () => limit.abort(timedOut(target.origin.href, milliseconds, 'connection')),
      milliseconds,
    )
    try {
      const signal = AbortSignal.any([limit.signal, this.#given.signal])
      const { socket, timing } = await openSocket(target, { ...this.#options, signal })
      this.#connection = new HttpConnection(socket, timing)
      return this.#connection
    } finally {
      clearTimeout(timer)
    }
  }

  /** Ends its connection at once, also one that is being opened, which then rejects with `failure`. */
  destroy(failure: Failure): void {
    this.#given.abort(failure)
    this.#connection?.destroy(failure)
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
    if (this.#latest?.target === target && !this.#latest.entry.destroyed) return this.#latest.entry
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
    const entry = known === undefined || known.destroyed ? new Origin(options) : known
    this.#origins.delete(key)
    this.#origins.set(key, entry)
    for (const [oldest, origin] of this.#origins) {
      if (this.#origins.size <= MAX_ORIGINS) break
      this.#origins.delete(oldest)
      origin.destroy(closedHere())
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
