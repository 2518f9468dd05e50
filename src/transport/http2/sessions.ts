/** The HTTP/2 connections of an engine: one for each origin and way to it, shared by all requests. */
import { certificatesFor } from '../../shared/host-certificates.ts'
import { type ConnectionSpec, DEFAULT_TIMEOUT, type HttpVersion } from '../../shared/spec.ts'
import { Deadline, type StopSignal } from '../deadline.ts'
import { type ConnectContext, type ConnectTarget, type OpenSocket, openSocket } from '../http/connect.ts'
import { connectionClosedHere, timedOut } from '../http/failures.ts'
import { isNamedOrigin } from '../http/named-origin.ts'
import { untilAborted } from '../request-hook.ts'
import { notChosen } from './failures.ts'
import type { Http2Session } from './session.ts'

/** Sessions without requests are closed beyond this number. */
const MAX_SESSIONS = 64
/** Names of protocols in TLS (RFC 7301; RFC 9113 section 3.1). */
const H2 = 'h2'
const HTTP_1_1 = 'http/1.1'
const NO_PROTOCOL = 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL'

/** The version of HTTP for an `http` or `https` URL. Only TLS can negotiate it. */
export function versionFor({ protocol }: URL, { http = '1.1' }: ConnectionSpec): HttpVersion {
  return http === 'auto' && protocol !== 'https:' ? '1.1' : http
}

/** How a connection is asked for: over TLS, both versions may be offered to the server, which chooses. */
export interface SessionRequest extends Omit<ConnectContext, 'signal'> {
  readonly target: ConnectTarget
  /** Take HTTP/1.1 if the server does not choose HTTP/2. */
  readonly mayBeHttp1: boolean
}

/** A session, or a connection on which the server speaks HTTP/1.1. */
export type Found =
  | { readonly session: Http2Session; readonly http1?: undefined }
  | { readonly http1: OpenSocket; readonly session?: undefined }

/** A connection that is being opened, and the requests that wait for it. */
interface Opening {
  readonly result: Promise<Found>
  readonly control: AbortController
  waiters: number
  /** The connection of HTTP/1.1 has an owner. */
  isTaken: boolean
}

export class Http2Sessions {
  readonly #sessions = new Map<string, Http2Session>()
  readonly #openings = new Map<string, Opening>()
  #closed = false

  /**
   * The session for requests to the target's origin, which is opened if there is none that takes more. If the server chose HTTP/1.1,
   * and that may be: a connection for it, which belongs to the caller. Rejects with the reason of the signal, with a `Failure`, or with an
   * error for `networkFailure`.
   */
  async get(request: SessionRequest, signal: StopSignal): Promise<Found> {
    const key = keyOf(request)
    const known = this.#sessions.get(key)
    if (known?.isUsable === true) {
      request.connected?.(known.socket)
      return { session: known }
    }
    const opening = this.#openings.get(key) ?? this.#open(key, request)
    const found = await this.#wait(opening, signal)
    if (found.session === undefined) {
      // Only one request can have a connection of HTTP/1.1. The others open their own.
      if (opening.isTaken) return this.#opened(key, await open(request, signal))
      opening.isTaken = true
    }
    request.connected?.((found.session ?? found.http1).socket)
    return found
  }

  /** Closes the sessions as soon as their requests are over. */
  retire(): void {
    for (const session of this.#sessions.values()) session.retire()
    this.#sessions.clear()
  }

  /** Closes all sessions at once; requests in progress fail. */
  close(): void {
    this.#closed = true
    for (const { control } of this.#openings.values()) control.abort(connectionClosedHere())
    for (const session of this.#sessions.values()) session.destroy()
    this.#sessions.clear()
  }

  async #wait(opening: Opening, signal: StopSignal): Promise<Found> {
    opening.waiters++
    try {
      return await untilAborted(opening.result, signal)
    } finally {
      opening.waiters--
      if (opening.waiters === 0) opening.control.abort(signal.reason ?? connectionClosedHere())
    }
  }

  #open(key: string, request: SessionRequest): Opening {
    const control = new AbortController()
    const result = open(request, control.signal).then((found) => this.#opened(key, found))
    const opening: Opening = { result, control, waiters: 0, isTaken: false }
    this.#openings.set(key, opening)
    result.then(
      (found) => {
        this.#openings.delete(key)
        if (opening.waiters === 0) found.http1?.socket.destroy()
      },
      () => this.#openings.delete(key),
    )
    return opening
  }

  #opened(key: string, found: Found): Found {
    const { session } = found
    if (session === undefined) return found
    if (this.#closed) session.destroy()
    this.#sessions.delete(key)
    this.#sessions.set(key, session)
    for (const [oldest, each] of this.#sessions) {
      if (!each.isUsable) this.#sessions.delete(oldest)
      else if (this.#sessions.size > MAX_SESSIONS && each.isIdle && each !== session) {
        this.#sessions.delete(oldest)
        each.destroy()
      }
    }
    return found
  }
}

/** Whether the server chose HTTP/1.1. Without TLS, HTTP/2 is known to be spoken (RFC 9113 section 3.3). */
function isHttp1({ socket }: OpenSocket): boolean {
  return 'alpnProtocol' in socket && socket.alpnProtocol !== H2
}

/** The server ended the handshake because it speaks none of the protocols that were offered (RFC 7301 section 3.2). */
function isRefusedProtocol(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === NO_PROTOCOL
}

async function open(request: SessionRequest, signal: StopSignal): Promise<Found> {
  const { target, spec, clock, mayBeHttp1 } = request
  const milliseconds = spec.timeout ?? DEFAULT_TIMEOUT
  const late = () => timedOut(target.origin.href, milliseconds, 'connection')
  const deadline = new Deadline(signal, milliseconds, late)
  try {
    // Loading Node's HTTP/2 takes tens of milliseconds. Not while the server may already send, because nobody listens until then.
    const { Http2Session } = await import('./session.ts')
    const protocols = mayBeHttp1 ? [H2, HTTP_1_1] : [H2]
    const context = { ...request, connected: undefined, signal: deadline }
    const opened = await openSocket(target, context, { lendsReads: true, protocols })
    if (!isHttp1(opened)) return { session: new Http2Session(opened, target.origin, clock) }
    if (mayBeHttp1) return { http1: opened }
    opened.socket.destroy()
    throw notChosen(target.origin.href)
  } catch (error) {
    throw !mayBeHttp1 && isRefusedProtocol(error) ? notChosen(target.origin.href) : error
  } finally {
    deadline.clear()
  }
}

/** What two requests must have in common to share a connection: where it leads, through what, and how it is secured. */
function keyOf({ target, spec, network, mayBeHttp1 }: SessionRequest): string {
  const { origin } = target
  return JSON.stringify([
    { ...target, origin: origin.origin },
    isNamedOrigin(origin, spec) ? [spec.tls, spec.socketPath] : spec.tls?.ca,
    certificatesFor(origin, network.certificates),
    network.strictTls,
    mayBeHttp1,
  ])
}
