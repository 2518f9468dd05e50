/**
 * Controls who is served. A browser lets every open page send requests to this machine, so a request has to come from a
 * page of this machine, from a page of an allowed origin, or from outside of any page.
 */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { isLoopback } from '../../shared/loopback.ts'
import { maskUrl } from '../../shared/secrets.ts'

/** Allows every origin and every host name. */
const ANY_ORIGIN = '*'

export interface Refusal {
  readonly status: number
  /** One sentence. */
  readonly reason: string
}

export class Access {
  readonly #any: boolean
  readonly #origins: ReadonlySet<string>
  /** Allowed host names of the server, besides those that are always allowed. */
  readonly #hosts: ReadonlySet<string>

  /** `allowed` has origins, or `ANY_ORIGIN`. `listening` is the name or address that the server listens on. */
  constructor(allowed: readonly string[], listening: string) {
    this.#any = allowed.includes(ANY_ORIGIN)
    this.#origins = new Set(allowed.map(normalize))
    this.#hosts = new Set([listening.toLowerCase(), ...allowed.map(hostOf)])
  }

  /** Why a request is refused. Undefined if it is allowed. */
  refusal(request: IncomingMessage): Refusal | undefined {
    if (this.#any) return undefined
    const host = askedHost(request)
    if (host !== undefined && !this.#isOwn(host))
      return {
        status: 421,
        reason: `This server does not answer requests to the host ${shorten(host)}. To allow it, add ${shorten(`http://${host}`)} to the allowed origins (--allow-origin).`,
      }
    const origin = askingOrigin(request)
    if (origin === undefined || this.#mayRead(origin, request)) return undefined
    return {
      status: 403,
      reason: `The recording is not served to pages of ${shorten(origin)}. To allow them, add ${shorten(origin)} to the allowed origins (--allow-origin).`,
    }
  }

  /**
   * Whether others cannot point the host name at this machine (DNS rebinding): it is an address, this machine's
   * own name, a name without a dot, which is not in the public DNS, or an allowed name.
   */
  #isOwn(host: string): boolean {
    return isIP(host) !== 0 || isLoopback(host) || !host.includes('.') || this.#hosts.has(host)
  }

  #mayRead(origin: string, { headers: { host } }: IncomingMessage): boolean {
    const named = normalize(origin)
    return isLoopback(hostOf(named)) || this.#origins.has(named) || named === normalize(`http://${host}`)
  }
}

/** The requested host without a port. An absolute URL in the request line takes precedence (RFC 9112 section 3.2.2). */
function askedHost({ url = '', headers }: IncomingMessage): string | undefined {
  if (!url.startsWith('/') && URL.canParse(url)) return hostOf(url)
  const { host } = headers
  if (host === undefined) return undefined
  return URL.canParse(`http://${host}`) ? hostOf(`http://${host}`) : host
}

/**
 * The origin of the requesting page. Undefined if there is no page. Content that a page of another site embeds, such as
 * an image or a script, is requested without an `Origin` but with a `Referer`.
 */
function askingOrigin({ headers }: IncomingMessage): string | undefined {
  const { origin, referer } = headers
  if (origin !== undefined) return origin
  const isEmbedded = headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate'
  return isEmbedded ? normalize(referer ?? 'null') : undefined
}

function shorten(text: string): string {
  return maskUrl(text.slice(0, 200))
}

/** An origin as browsers write it. Anything that is not a URL stays unchanged. */
function normalize(origin: string): string {
  if (!URL.canParse(origin)) return origin.toLowerCase()
  const { protocol, host } = new URL(origin)
  return `${protocol}//${host}`
}

/** The host name or address in a URL, without brackets and a trailing dot. Anything else stays unchanged. */
function hostOf(url: string): string {
  if (!URL.canParse(url)) return url
  return new URL(url).hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '')
}
