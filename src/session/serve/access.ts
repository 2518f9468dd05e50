/**
 * Who may ask. A browser lets every page that is open send requests to this machine, so a request has to come from a
 * page of this machine, or of an origin that is allowed, or from no page at all.
 */
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { maskUrl } from '../../shared/secrets.ts'

/** Allows every origin and every host name. */
export const ANY_ORIGIN = '*'

export interface Refusal {
  readonly status: number
  /** One sentence. */
  readonly reason: string
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')
LOOPBACK.addSubnet('::ffff:127.0.0.0', 104, 'ipv6')

/** Whether an IP address or a host name is this machine's own (RFC 6761 section 6.3 for the names). */
export function isLoopback(host: string): boolean {
  const version = isIP(host)
  if (version !== 0) return LOOPBACK.check(host, version === 4 ? 'ipv4' : 'ipv6')
  return host === 'localhost' || host.endsWith('.localhost')
}

export class Access {
  readonly #any: boolean
  readonly #origins: ReadonlySet<string>
  /** Host names by which the server may be asked for, beside those that are always good. */
  readonly #hosts: ReadonlySet<string>

  /** `allowed` are origins, or `ANY_ORIGIN`; `listening` is the name or address that the server listens on. */
  constructor(allowed: readonly string[], listening: string) {
    this.#any = allowed.includes(ANY_ORIGIN)
    this.#origins = new Set(allowed.map(normalize))
    this.#hosts = new Set([listening.toLowerCase(), ...allowed.map(hostOf)])
  }

  /** Why a request is not answered; undefined if it is. */
  refusal(request: IncomingMessage): Refusal | undefined {
    if (this.#any) return undefined
    const host = askedHost(request)
    if (host !== undefined && !this.#isOwn(host))
      return {
        status: 421,
        reason: `What was recorded is not served as ${shorten(host)}; if it is to be, serve it with ${shorten(`http://${host}`)} among the allowed origins (--allow-origin).`,
      }
    const origin = askingOrigin(request)
    if (origin === undefined || this.#mayRead(origin, request)) return undefined
    return {
      status: 403,
      reason: `What was recorded is not served to pages of ${shorten(origin)}; if it is to be, serve it with ${shorten(origin)} among the allowed origins (--allow-origin).`,
    }
  }

  /**
   * Whether a host name is one that no stranger can point at this machine (DNS rebinding): an address, this machine's
   * own name, a name without a dot, which is not in the public DNS, or one that is allowed.
   */
  #isOwn(host: string): boolean {
    return isIP(host) !== 0 || isLoopback(host) || !host.includes('.') || this.#hosts.has(host)
  }

  #mayRead(origin: string, { headers: { host } }: IncomingMessage): boolean {
    const named = normalize(origin)
    return isLoopback(hostOf(named)) || this.#origins.has(named) || named === normalize(`http://${host}`)
  }
}

/** The host that a request is for, without a port (RFC 9112 section 3.2.2: an absolute URL in its first line goes first). */
function askedHost({ url = '', headers }: IncomingMessage): string | undefined {
  if (!url.startsWith('/') && URL.canParse(url)) return hostOf(url)
  const { host } = headers
  if (host === undefined) return undefined
  return URL.canParse(`http://${host}`) ? hostOf(`http://${host}`) : host
}

/**
 * The origin of the page that asks; undefined if none does. What a page of another site embeds, such as an image or a
 * script, is asked for without an `Origin`: there the `Referer` says whose it is.
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

/** An origin as browsers write it; what is not a URL as it is. */
function normalize(origin: string): string {
  if (!URL.canParse(origin)) return origin.toLowerCase()
  const { protocol, host } = new URL(origin)
  return `${protocol}//${host}`
}

/** The host name or address in a URL, without brackets and a last dot; what is not a URL as it is. */
function hostOf(url: string): string {
  if (!URL.canParse(url)) return url
  return new URL(url).hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '')
}
