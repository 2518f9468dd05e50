/** The server's side of digest authentication (RFC 7616), written apart from ours. curl checks it in the tests. */
import { createHash } from 'node:crypto'

export interface DigestServerOptions {
  readonly user: string
  readonly password: string
  /** As in the challenge, such as `SHA-256-sess`. */
  readonly algorithm: string
  /** How often a nonce can be used. */
  readonly uses: number
}

export class DigestServer {
  readonly #options: DigestServerOptions
  /** How often each nonce was used. */
  readonly #nonces = new Map<string, number>()

  constructor(options: DigestServerOptions) {
    this.#options = options
  }

  /** Undefined if the header is right; otherwise the challenge to refuse the request with. */
  refusal(method: string, authorization: string | undefined): string | undefined {
    const { user, password, algorithm, uses } = this.#options
    if (authorization === undefined) return this.#challenge(false)
    const said = new Map(
      [...authorization.matchAll(/([\w*]+)=(?:"([^"]*)"|([^\s,]+))/g)].map(([, name = '', quoted, token]) => [
        name,
        quoted ?? token ?? '',
      ]),
    )
    const get = (name: string) => said.get(name) ?? ''
    const hash = (text: string) =>
      createHash(algorithm.startsWith('SHA-256') ? 'sha256' : 'md5')
        .update(text)
        .digest('hex')
    const secret = hash(`${user}:realm of tests:${password}`)
    const a1 = algorithm.endsWith('-sess') ? hash(`${secret}:${get('nonce')}:${get('cnonce')}`) : secret
    const a2 = hash(`${method}:${get('uri')}`)
    const right = hash(`${a1}:${get('nonce')}:${get('nc')}:${get('cnonce')}:auth:${a2}`)
    const used = this.#nonces.get(get('nonce'))
    if (get('response') !== right || get('qop') !== 'auth' || get('username') !== user)
      return this.#challenge(false)
    if (used === undefined || used >= uses || Number.parseInt(get('nc'), 16) !== used + 1)
      return this.#challenge(true)
    this.#nonces.set(get('nonce'), used + 1)
    return undefined
  }

  #challenge(stale: boolean): string {
    const nonce = `nonce-${this.#nonces.size}`
    this.#nonces.set(nonce, 0)
    return `Digest realm="realm of tests", qop="auth", algorithm=${this.#options.algorithm}, nonce="${nonce}"${stale ? ', stale=true' : ''}`
  }
}
