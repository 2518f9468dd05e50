/** Keeps connections alive for the requests of one transport: one connection per origin, or HTTP/2 sessions. */

import type { Failure } from '../../shared/failure.ts'
import { DEFAULT_TIMEOUT } from '../../shared/spec.ts'
import { Deadline } from '../deadline.ts'
import { Http2Sessions } from '../http2/sessions.ts'
import { type ConnectContext, type ConnectTarget, type OpenSocket, openSocket } from './connect.ts'
import { connectionClosedHere, timedOut } from './failures.ts'
import { HttpConnection } from './http-connection.ts'

/** Origins to which connections are kept. A chain of redirects may lead to any number. */
const MAX_ORIGINS = 8

/** What opening a connection takes. */
export type OriginContext = Omit<ConnectContext, 'signal'>

/** One origin, reached directly or through a proxy, with at most one connection. */
export class Origin {
  readonly #target: ConnectTarget
  readonly #context: OriginContext
  /** Why it was destroyed. */
  #destroyed: Failure | undefined
  /** Aborted to stop the opening of a connection. */
  #opening: Deadline | undefined
  #connection: HttpConnection | undefined

  constructor(target: ConnectTarget, context: OriginContext) {
    this.#target = target
    this.#context = context
  }

  get destroyed(): boolean {
    return this.#destroyed !== undefined
  }

  /** The connection, if a request can be sent on it now. */
  get free(): HttpConnection | undefined {
    return this.#connection?.isFree === true ? this.#connection : undefined
  }

  /** Opens a connection in place of the current one. Rejects with a `Failure` or an error of the network. */
  async connect(): Promise<HttpConnection> {
    const { spec } = this.#context
    this.#connection?.destroy(connectionClosedHere())
    const milliseconds = spec.timeout ?? DEFAULT_TIMEOUT
    const late = () => timedOut(this.#target.origin.href, milliseconds, 'connection')
    const opening = new Deadline(undefined, milliseconds, late)
    this.#opening = opening
    if (this.#destroyed !== undefined) opening.abort(this.#destroyed)
    try {
      const context = { ...this.#context, signal: opening }
      this.#connection = new HttpConnection(await openSocket(this.#target, context, { lendsReads: true }))
      return this.#connection
    } finally {
      opening.clear()
      if (this.#opening === opening) this.#opening = undefined
    }
  }

  /** Uses a connection that is open already in place of the current one. */
  adopt(opened: OpenSocket): void {
    this.#connection?.destroy(connectionClosedHere())
    this.#connection = new HttpConnection(opened)
    if (this.#destroyed !== undefined) this.#connection.destroy(this.#destroyed)
  }

  /** Ends the connection at once. If it is still being opened, `connect` rejects with `failure`. */
  destroy(failure: Failure): void {
    this.#destroyed ??= failure
    this.#opening?.abort(failure)
    this.#connection?.destroy(failure)
  }
}

/** The key of a connection. A connection to a proxy that forwards requests serves every origin. */
function keyOf({ origin, proxy, tunnel }: ConnectTarget): string {
  return `${proxy !== undefined && !tunnel ? 'forward' : origin.origin} ${proxy?.href ?? ''}`
}

/** Waits for a signal. */
export interface Watcher {
  /** Called when the signal aborts. */
  aborted(): void
}

/** The watchers of one signal, and the listener that calls them. */
interface Watch {
  /** A set would take more memory: mostly, there is one, which comes and goes with each request. */
  readonly watchers: Watcher[]
  readonly listener: () => void
}

/** The connections of one transport for all its requests. Its creator closes it. */
export class HttpAgent {
  readonly #origins = new Map<string, Origin>()
  /** The origin of the latest request, which is most likely that of the next one, too. */
  #latest: { readonly target: ConnectTarget; readonly entry: Origin } | undefined
  readonly #watches = new Map<AbortSignal, Watch>()
  readonly #shared: Http2Sessions | undefined
  #own: Http2Sessions | undefined
  #closed = false

  /** `shared`: the HTTP/2 sessions to use. Default: its own ones. */
  constructor(shared?: Http2Sessions) {
    this.#shared = shared
  }

  get sessions(): Http2Sessions {
    if (this.#shared !== undefined) return this.#shared
    this.#own ??= new Http2Sessions()
    return this.#own
  }

  /** Calls `watcher` when the signal aborts, until `unwatch`. All exchanges share one listener of the signal. */
  watch(signal: AbortSignal, watcher: Watcher): void {
    let watch = this.#watches.get(signal)
    if (watch === undefined) {
      const watchers: Watcher[] = []
      const listener = () => {
        for (const each of watchers.slice()) each.aborted()
      }
      watch = { watchers, listener }
      this.#watches.set(signal, watch)
      signal.addEventListener('abort', listener)
    }
    watch.watchers.push(watcher)
  }

  unwatch(signal: AbortSignal, watcher: Watcher): void {
    const watchers = this.#watches.get(signal)?.watchers
    if (watchers === undefined) return
    // Mostly, there is one, and `splice` would make an array for it.
    if (watchers.at(-1) === watcher) watchers.pop()
    else if (watchers.includes(watcher)) watchers.splice(watchers.indexOf(watcher), 1)
  }

  /** The origin of a target, created at its first use. */
  origin(target: ConnectTarget, context: OriginContext): Origin {
    if (this.#latest?.target === target && !this.#latest.entry.destroyed) return this.#latest.entry
    const entry = this.#find(target, context)
    this.#latest = { target, entry }
    return entry
  }

  /** Whether a connection of HTTP/1.1 to that target can be used now. */
  hasFree(target: ConnectTarget): boolean {
    return this.#origins.get(keyOf(target))?.free !== undefined
  }

  /** Makes the next request to that origin open a new connection. No request may be in progress on the current one. */
  renew(target: ConnectTarget): void {
    this.#origins.get(keyOf(target))?.destroy(connectionClosedHere())
  }

  #find(target: ConnectTarget, { spec, network, clock, connected }: OriginContext): Origin {
    const key = keyOf(target)
    const known = this.#origins.get(key)
    const entry =
      known === undefined || known.destroyed ? new Origin(target, { spec, network, clock, connected }) : known
    this.#origins.delete(key)
    this.#origins.set(key, entry)
    for (const [oldest, origin] of this.#origins) {
      if (this.#origins.size <= MAX_ORIGINS) break
      this.#origins.delete(oldest)
      origin.destroy(connectionClosedHere())
    }
    if (this.#closed) this.close()
    return entry
  }

  /** Closes all connections at once; requests in progress fail. */
  close(): void {
    this.#closed = true
    for (const origin of this.#origins.values()) origin.destroy(connectionClosedHere())
    this.#origins.clear()
    this.#own?.close()
    for (const [signal, { listener }] of this.#watches) signal.removeEventListener('abort', listener)
    this.#watches.clear()
  }
}
