/** Fills access tokens of OAuth 2 into the requests of one connection, and into what its protocol sends. */
import { secretsOf } from '../../shared/credentials.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { isNamedOrigin } from '../../transport/http/named-origin.ts'
import type { OutgoingRequest, RequestHook } from '../../transport/request-hook.ts'
import { AccessToken } from './access-token.ts'
import { type CredentialsHost, schemeHost } from './connection-credentials.ts'

/** The depth to which values are filled: the check of a specification does not limit it. */
const MAX_DEPTH = 32

export class TokenPlaceholders {
  /** By the placeholders that they replace. */
  readonly #tokens: ReadonlyMap<string, AccessToken>

  constructor(tokens: NonNullable<ConnectionSpec['tokens']>, host: CredentialsHost) {
    const tokenHost = schemeHost(this, host)
    for (const credentials of Object.values(tokens)) host.secrets.add(secretsOf(credentials))
    this.#tokens = new Map(
      Object.entries(tokens).map(([written, credentials]) => [
        written,
        new AccessToken(credentials, tokenHost),
      ]),
    )
  }

  /** For an attempt with that specification. Other origins, to which redirects lead, get no tokens. */
  hook(spec: ConnectionSpec): RequestHook {
    return {
      begin: async () => {
        for (const token of this.#tokens.values()) await token.begin()
      },
      outgoing: async (request) => {
        if (!isNamedOrigin(request.url, spec)) return this.#without(request)
        for (const token of this.#tokens.values()) await token.forRequest(request.url.href)
        return this.#filled(request)
      },
      received: async (sent, { status }) => {
        if (!isNamedOrigin(sent.url, spec)) return false
        let isAgain = false
        for (const token of this.#tokens.values()) if (await token.received(status)) isAgain = true
        return isAgain
      },
    }
  }

  /** A value with the latest tokens in its texts. */
  fill<T>(value: T): T
  fill(value: unknown): unknown {
    return this.#changed(value, 0)
  }

  #changed(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.#text(value)
    if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value
    if (Array.isArray(value)) return value.map((each) => this.#changed(each, depth + 1))
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, this.#changed(each, depth + 1)]),
    )
  }

  #text(text: string): string {
    let filled = text
    for (const [written, { latest }] of this.#tokens) filled = filled.replaceAll(written, () => latest)
    return filled
  }

  /** URLs have placeholders as a URL parser or a protocol encodes them. */
  #url(url: URL): URL {
    let { href } = url
    for (const [written, { latest }] of this.#tokens) {
      const token = encodeURIComponent(latest)
      for (const form of [encodeURIComponent(written), encodeURI(written), written.replaceAll('"', '%22')])
        href = href.replaceAll(form, () => token)
    }
    return new URL(href)
  }

  #filled(request: OutgoingRequest): OutgoingRequest {
    const { url, headers, ...others } = request
    return { ...others, url: this.#url(url), headers: this.fill(headers) }
  }

  #without(request: OutgoingRequest): OutgoingRequest {
    const hasToken = (value: unknown) =>
      [...this.#tokens.keys()].some((written) => [value].flat().join('\n').includes(written))
    const headers = Object.entries(request.headers).filter(([, value]) => !hasToken(value))
    return { ...request, headers: Object.fromEntries(headers) }
  }
}
