/** The access token of one connection, which is asked for before each attempt and renewed when it expires. */
import type { Authorization } from '../../shared/authorization.ts'
import type { OAuthCredentials } from '../../shared/credentials.ts'
import { Failure } from '../../shared/failure.ts'
import type { SchemeHost } from './scheme.ts'

/** A token that expires within this many milliseconds is renewed before a request. */
const MARGIN = 10_000
/** RFC 9110 section 15.5.2. */
const UNAUTHORIZED = 401

export class AccessToken {
  readonly #credentials: OAuthCredentials
  readonly #host: SchemeHost
  #authorization: Authorization | undefined
  #url = ''
  /** A token was refused, and no request was accepted since. */
  #wasRefused = false

  constructor(credentials: OAuthCredentials, host: SchemeHost) {
    this.#credentials = credentials
    this.#host = host
  }

  /** The latest one; empty before the first. */
  get latest(): string {
    return this.#authorization?.token ?? ''
  }

  /** Asks for a token although one is known: it may have been revoked, or forgotten by the user. */
  async begin(): Promise<void> {
    this.#authorization = undefined
    await this.#authorize()
  }

  /** One that can be used for a request to that URL. */
  async forRequest(url: string): Promise<Authorization> {
    this.#url = url
    const { expiresAt = Number.POSITIVE_INFINITY } = this.#authorization ?? {}
    const isFresh = expiresAt - MARGIN > Date.now()
    return this.#authorization !== undefined && isFresh ? this.#authorization : await this.#authorize()
  }

  /** Sees the status of a response. Resolves to true if it refused the token, and there is another one now. */
  async received(status: number): Promise<boolean> {
    const before = this.#authorization
    if (status !== UNAUTHORIZED) this.#wasRefused = false
    if (status !== UNAUTHORIZED || this.#wasRefused || before === undefined) return false
    this.#wasRefused = true
    const after = await this.#authorize(before.token)
    return after.token !== before.token
  }

  async #authorize(refused?: string): Promise<Authorization> {
    const { authorize, hold } = this.#host
    if (authorize === undefined)
      throw new Failure('AUTH', 'OAuth 2 is not available here; give a token as bearer credentials.')
    const authorization = await authorize({
      credentials: this.#credentials,
      url: this.#url,
      ...(refused !== undefined && { refused }),
    })
    hold([authorization.token])
    this.#authorization = authorization
    return authorization
  }
}
