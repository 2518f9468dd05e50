/** Sends HTTP requests for the transports, with connections, proxies, TLS, redirects and time limits. */

import { basicOf } from '../../shared/credentials.ts'
import type { Headers } from '../../shared/event.ts'
import type { Failure } from '../../shared/failure.ts'
import { type ConnectionSpec, DEFAULT_MAX_MESSAGE_SIZE, type NetworkSettings } from '../../shared/spec.ts'
import { MAX_TIMER_DELAY } from '../../shared/timer-delay.ts'
import { parseUrl } from '../../shared/url.ts'
import { requestFields } from '../http2/request-fields.ts'
import { versionFor } from '../http2/sessions.ts'
import { VersionedCall } from '../http2/versioned-call.ts'
import { MAX_SENDS, type RequestHook, untilAborted } from '../request-hook.ts'
import { HttpAgent, type Watcher } from './agent.ts'
import type { Call, CallHost, CallOptions, MeasuredResponse } from './call.ts'
import type { ConnectTarget, OpenSocket } from './connect.ts'
import type { ExchangeRequest, HeadSizes, HttpResponse } from './exchange.ts'
import { badRequest, disconnectedHere, proxyRefused, timedOut, tooManyRedirects } from './failures.ts'
import { field, withoutFields } from './fields.ts'
import { Http1Call } from './http1-call.ts'
import { networkFailure } from './network-failures.ts'
import { proxyAuthorization, proxyFor } from './outgoing-proxy.ts'
import { followRedirect, type Hop, MAX_REDIRECTS } from './redirect.ts'
import { requestHead } from './request-head.ts'
import { isSocks } from './socks.ts'
import { isIdempotent } from './spec-request.ts'

/**
 * Sends the request, follows redirects, and resolves with the response's head. The caller then reads the body or aborts
 * the response. Rejects with a `Failure`: `DISCONNECTED` if the signal aborts, `TIMEOUT` if the head does not arrive in
 * time, or the failure of the network, TLS, the proxy or a redirect. If the signal aborts after the head has arrived,
 * the body ends with `DISCONNECTED`.
 */
export function exchange(request: ExchangeRequest): Promise<HttpResponse> {
  return new Promise((responded, failed) => new Exchange(request).send({ responded, failed }))
}

/** Gets what comes of a request: one of the two. */
export interface ResponseReceiver {
  responded(response: HttpResponse): void
  /** `error` is a `Failure`, unless something is wrong in this program. */
  failed(error: unknown): void
}

const NO_REDIRECTS: HttpResponse['redirects'] = []
const NO_HEADS: HeadSizes = { requestHeadSize: 0, headSize: 0 }

/** See `exchange`. A request that is sent repeatedly is prepared once. */
export class Exchange implements Watcher, CallHost {
  readonly #request: ExchangeRequest
  readonly #agent: HttpAgent
  #receiver: ResponseReceiver | undefined
  /** The request itself, and with what it is sent. */
  #first: PreparedRequest | undefined
  #firstOptions: CallOptions | undefined
  /** What is sent now: the request, or the one that it was redirected to. */
  #sent: PreparedRequest | undefined
  #redirects = NO_REDIRECTS
  #challenges = 0
  /** Of the redirects and challenges so far. */
  #heads = NO_HEADS
  #call: Call | undefined
  /** When the request was sent that led to the redirects. */
  #requestTime: number | undefined
  /** The call whose response was returned; the exchange is over when it is. */
  #final: Call | undefined
  /** Gets what comes of a call if a hook waits for it. */
  #hooked: Pick<CallHost, 'responded' | 'failed'> | undefined
  /** Aborted if the exchange is cancelled. Only a hook waits for it. */
  readonly #gone: AbortController | undefined
  /** Ends with the head of the response. */
  #timer: NodeJS.Timeout | undefined
  /** Why the exchange was cancelled: the time limit, or the user. */
  #cancelled: Failure | undefined

  constructor(request: ExchangeRequest) {
    this.#request = request
    this.#gone = request.hook && new AbortController()
    this.#agent = request.agent ?? new HttpAgent(request.sessions)
  }

  /**
   * Sends the request, again once the response before has ended. Makes no promise and no function that waits, since a thousand
   * polls may do so. May call the receiver at once.
   */
  send(receiver: ResponseReceiver): void {
    const { signal, headTimeout, url } = this.#request
    this.#receiver = receiver
    try {
      this.#first ??= prepareRequest(this.#request)
      this.#redirects = NO_REDIRECTS
      this.#challenges = 0
      this.#heads = NO_HEADS
      this.#requestTime = undefined
      this.#final = undefined
      this.#agent.watch(signal, this)
      if (signal.aborted) this.aborted()
      if (headTimeout !== undefined && headTimeout <= MAX_TIMER_DELAY)
        this.#timer = setTimeout(
          () => this.#cancel(this.#call?.lateness?.(headTimeout) ?? timedOut(url, headTimeout, 'answer')),
          headTimeout,
        )
      this.#sendNext(this.#first)
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Sends the request, or the one that a response redirected to. Throws if the exchange is cancelled. */
  #sendNext(next: PreparedRequest): void {
    const { hook } = this.#request
    this.#sent = next
    if (hook === undefined) this.#send(next)
    else
      this.#sendHooked(next, hook).then(
        (response) => this.#answered(response),
        (error) => this.#fail(error),
      )
  }

  #answered(response: MeasuredResponse): void {
    try {
      const next = this.#sent && this.#follow(this.#sent, response)
      if (next !== undefined) {
        this.#sendNext(next)
        return
      }
    } catch (error) {
      this.#fail(error)
      return
    }
    clearTimeout(this.#timer)
    this.#receiver?.responded(response)
  }

  /** Ends the exchange because of an error. */
  #fail(error: unknown): void {
    const receiver = this.#receiver
    this.#receiver = undefined
    clearTimeout(this.#timer)
    if (this.#call?.over === false) this.#call.cancel(networkFailure(error, this.#request.url))
    this.#cleanUp()
    receiver?.failed(error)
  }

  /** The request to which a response redirects; undefined if it does not. Throws a `Failure` if it ends the exchange. */
  #follow({ hop, target }: PreparedRequest, response: MeasuredResponse): PreparedRequest | undefined {
    if (this.#cancelled !== undefined) throw this.#cancelled
    const { spec, network, url } = this.#request
    if (response.status === 407 && target.proxy !== undefined && !target.tunnel)
      throw proxyRefused(407, target.proxy.host, hop.url.host, target.proxyAuthorization)
    const next = followRedirect(hop, response, spec)
    if (next === undefined) {
      this.#final = this.#call
      return undefined
    }
    // The connection can be kept if the body has arrived already; otherwise it is not worth waiting for.
    if (this.#call?.over === false) response.abort()
    if (this.#redirects.length === MAX_REDIRECTS) throw tooManyRedirects(parseUrl(url), MAX_REDIRECTS)
    this.#requestTime = response.requestTime
    this.#heads = response
    this.#redirects = [...this.#redirects, { status: response.status, location: next.url.href }]
    return prepareHop(next, spec, network)
  }

  /** Sends the request as the hook changes it, and again if the hook answers a refusal. */
  async #sendHooked(prepared: PreparedRequest, hook: RequestHook): Promise<MeasuredResponse> {
    const { spec, network } = this.#request
    const { signal } = this.#gone ?? new AbortController()
    for (let sends = 1; ; sends++) {
      const { hop } = prepared
      const outgoing = hook.outgoing ? await untilAborted(hook.outgoing(hop), signal) : hop
      const response = await this.#sendAwaited({ ...prepareHop(outgoing, spec, network), hop })
      const isAgain = (await hook.received?.(outgoing, response)) === true && sends < MAX_SENDS
      if (!isAgain || this.#cancelled !== undefined) return response
      this.#challenges++
      this.#heads = response
      if (this.#call?.over === false) response.abort()
    }
  }

  #sendAwaited(prepared: PreparedRequest): Promise<MeasuredResponse> {
    return new Promise((resolve, reject) => {
      this.#hooked = {
        responded: (_call, response) => resolve(response),
        failed: (_call, error) => reject(error),
      }
      this.#send(prepared)
    })
  }

  /** Sends the request. Throws if the exchange is cancelled. */
  #send(prepared: PreparedRequest): void {
    if (this.#cancelled !== undefined) throw this.#cancelled
    const options = this.#optionsFor(prepared)
    const version = versionFor(prepared.hop.url, this.#request.spec)
    // A server may close the connection right after a redirect; it would be unknown whether it received a POST.
    if (!options.repeatable && this.#redirects.length > 0) this.#agent.renew(prepared.target)
    this.#call =
      version === '1.1' ? this.#overHttp1(prepared, options) : this.#negotiated(prepared, options, version)
  }

  responded(call: Call, response: MeasuredResponse): void {
    if (this.#hooked === undefined) this.#answered(response)
    else this.#hooked.responded(call, response)
  }

  failed(call: Call, error: unknown): void {
    if (this.#hooked === undefined) this.#fail(error)
    else this.#hooked.failed(call, error)
  }

  #optionsFor(prepared: PreparedRequest): CallOptions {
    if (prepared !== this.#first) return this.#newOptions(prepared)
    this.#firstOptions ??= this.#newOptions(prepared)
    return this.#firstOptions
  }

  #newOptions({ hop }: PreparedRequest): CallOptions {
    const { spec, clock } = this.#request
    return {
      url: hop.url.href,
      method: hop.method,
      body: hop.body,
      clock,
      redirects: this.#redirects,
      challenges: this.#challenges,
      headsBefore: this.#heads,
      firstRequestTime: this.#requestTime,
      repeatable: isIdempotent(hop.method),
      maxExpansion: spec.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE,
      host: this,
    }
  }

  #overHttp1({ target, head }: PreparedRequest, options: CallOptions, opened?: OpenSocket): Call {
    const origin = this.#agent.origin(target, this.#request)
    if (opened !== undefined) origin.adopt(opened)
    return new Http1Call(options, origin, head)
  }

  /** Sends the request over HTTP/2. `auto`: over HTTP/1.1, if the server chooses that, or chose it before. */
  #negotiated(prepared: PreparedRequest, options: CallOptions, version: 'auto' | '2'): Call {
    const { spec, network, clock, connected } = this.#request
    const { hop, target, fields } = prepared
    const mayBeHttp1 = version === 'auto'
    if (mayBeHttp1 && this.#agent.hasFree(target)) return this.#overHttp1(prepared, options)
    return new VersionedCall({
      ...options,
      sessions: this.#agent.sessions,
      request: { target, spec, network, clock, connected, mayBeHttp1 },
      fields: requestFields({ url: options.url, method: hop.method, headers: fields, body: hop.body }),
      overHttp1: (opened: OpenSocket, host: CallHost) =>
        this.#overHttp1(prepared, { ...options, host }, opened),
    })
  }

  aborted(): void {
    this.#cancel(disconnectedHere(this.#request.url))
  }

  settled(call: Call): void {
    if (this.#final === call) this.#cleanUp()
  }

  #cancel(failure: Failure): void {
    this.#cancelled ??= failure
    this.#gone?.abort(failure)
    this.#call?.cancel(failure)
  }

  #cleanUp(): void {
    this.#agent.unwatch(this.#request.signal, this)
    if (this.#request.agent === undefined) this.#agent.close()
  }
}

/** A request that is ready to be sent: over which connection, and with which head (RFC 9112 section 3.2). */
interface PreparedRequest {
  readonly hop: Hop
  readonly target: ConnectTarget
  /** The request line and the header fields as HTTP/1.1 writes them. */
  readonly head: string
  /** The header fields, as `head` has them. */
  readonly fields: Headers
}

/** Throws a `Failure` if the request cannot be sent: `BAD_REQUEST`, `BAD_URL`, `BAD_PROXY`. */
function prepareRequest(request: ExchangeRequest): PreparedRequest {
  const { url, method, headers, body, spec, network } = request
  if (method === 'CONNECT')
    throw badRequest(
      url,
      'CONNECT opens a tunnel through a proxy and has no response to read',
      'use another method, such as GET or POST',
    )
  return prepareHop({ url: parseUrl(url), method, headers, body }, spec, network)
}

function prepareHop(hop: Hop, spec: ConnectionSpec, network: NetworkSettings): PreparedRequest {
  const { url } = hop
  const own = field(hop.headers, 'proxy-authorization')
  const headers: Record<string, string | readonly string[]> = {
    ...withoutFields(hop.headers, (name) => name === 'proxy-authorization'),
  }
  if (url.username !== '' && field(headers, 'authorization') === undefined)
    headers.authorization = basicOf(url)
  const path = `${url.pathname}${url.search}`
  const proxy = proxyFor(url, spec, network)
  // A proxy forwards requests of HTTP/1.1 only.
  const tunnel =
    url.protocol === 'https:' || (proxy !== undefined && isSocks(proxy)) || versionFor(url, spec) === '2'
  const authorization = proxy === undefined ? undefined : (own ?? proxyAuthorization(proxy, network))
  const target = { origin: url, proxy, tunnel, proxyAuthorization: authorization, servername: undefined }
  const isForwarded = proxy !== undefined && !tunnel
  if (isForwarded && authorization !== undefined) headers['proxy-authorization'] = authorization
  const head = requestHead({
    ...{ url: url.href, method: hop.method, host: url.host, headers, body: hop.body },
    target: isForwarded ? `${url.origin}${path}` : path,
  })
  return { hop, target, head, fields: headers }
}
