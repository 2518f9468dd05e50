/**
 * Digest authentication (RFC 7616). The first request is refused with a challenge, and sent again with the response to it.
 * Later requests use the same nonce, until the server names another one.
 */
import type { DigestCredentials } from '../../../shared/credentials.ts'
import type { Headers } from '../../../shared/event.ts'
import { field } from '../../../transport/http/fields.ts'
import type { OutgoingRequest, ResponseHead } from '../../../transport/request-hook.ts'
import { CONNECT, withHeader } from '../request-changes.ts'
import type { Scheme, SchemeHost } from '../scheme.ts'
import { challengesIn } from './challenges.ts'
import { type DigestChallenge, digestChallenge, digestResponse } from './response.ts'

/** RFC 9110 section 15.5.2. */
const UNAUTHORIZED = 401

export class Digest implements Scheme {
  readonly #credentials: DigestCredentials
  readonly #host: SchemeHost
  #challenge: DigestChallenge | undefined
  /** How often its nonce was used. */
  #count = 0
  /** The latest response was accepted, so user and password are right: only the nonce can be wrong. */
  #isAccepted = false
  /**
   * Signs GET instead of CONNECT, for a WebSocket over HTTP/2: servers such as Apache, and gateways before an origin, make that of an
   * extended CONNECT before they check the digest. If GET is refused too, the next attempt begins with CONNECT again.
   */
  #isGet = false

  constructor(credentials: DigestCredentials, host: SchemeHost) {
    this.#credentials = credentials
    this.#host = host
  }

  outgoing(request: OutgoingRequest): OutgoingRequest {
    if (this.#challenge === undefined) return request
    this.#count++
    const { url, body } = request
    const method = this.#isGet && request.method === CONNECT ? 'GET' : request.method
    const { user, password } = this.#credentials
    const uri = `${url.pathname}${url.search}`
    const value = digestResponse(this.#challenge, { user, password, method, uri, body, count: this.#count })
    this.#host.hold([value, /response="(\w+)"/.exec(value)?.[1] ?? ''])
    return withHeader(request, 'authorization', value)
  }

  /**
   * A response that the server refuses is wrong, unless the server says that the nonce is, or accepted one before, or may have checked
   * another method. After a wrong one, the next attempt asks for a new challenge: the nonce may expire until then, and a server that does
   * not say so would seem to check another method.
   */
  received(sent: OutgoingRequest, { status, headers }: ResponseHead): boolean {
    const isAnswered = this.#challenge !== undefined && sent.headers.authorization !== undefined
    if (status !== UNAUTHORIZED) {
      this.#isAccepted ||= isAnswered
      this.#useNext(headers)
      return false
    }
    const challenge = digestChallenge(challengesIn(headers))
    const isKnown = !isAnswered || this.#isAccepted || challenge?.isStale === true
    const isOther = !isKnown && !this.#isGet && sent.method === CONNECT
    if (!isKnown) this.#isGet = isOther
    const isAgain = challenge !== undefined && (isKnown || isOther)
    this.#begin(isAgain ? challenge : undefined)
    return isAgain
  }

  /** A server may name the nonce for the next request (RFC 7616 section 3.5). */
  #useNext(headers: Headers): void {
    if (this.#challenge === undefined) return
    const info = field(headers, 'authentication-info') ?? ''
    const nonce = /(?:^|[\s,])nextnonce="([^"\\]{1,4096})"/i.exec(info)?.[1]
    if (nonce === undefined) return
    this.#challenge = { ...this.#challenge, nonce }
    this.#count = 0
  }

  #begin(challenge: DigestChallenge | undefined): void {
    this.#challenge = challenge
    this.#count = 0
    this.#isAccepted = false
  }
}
