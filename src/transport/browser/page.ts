/** The page that a browser's request would come from, and what the browser tells a server of it. */
import { isLoopback } from '../../shared/loopback.ts'
import { protocolIn } from '../../shared/transports.ts'

let getDomain: typeof import('tldts').getDomain | undefined

/** Loads the public suffix list, which knows what is one site. It takes some time to load, and few connections need it. */
export async function loadSites(): Promise<void> {
  getDomain = (await import('tldts')).getDomain
}

/** Whether a browser takes the URL for trustworthy: encrypted, or on this machine (Secure Contexts, section 3.1). */
export function isTrustworthy({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || protocol === 'wss:' || isLoopback(hostname)
}

/** The origin of a URL. That of `ws:` is the one of `http:`, as for the page that opens it. */
function originOf({ protocol, host }: URL): string {
  return `${protocolIn('http', protocol)}//${host}`
}

/** A page that requests `url`. `loadSites` must have resolved. */
export class Page {
  readonly #url: URL
  readonly origin: string

  /** `origin` is the value of the user's `Origin` field. By default, the page has the origin of the URL. */
  constructor(url: URL, origin = originOf(url)) {
    this.#url = url
    this.origin = origin
  }

  get isSameOrigin(): boolean {
    return this.origin === originOf(this.#url)
  }

  /** The value of `Sec-Fetch-Site` (Fetch Metadata, section 2.4). */
  get site(): 'same-origin' | 'same-site' | 'cross-site' {
    if (this.isSameOrigin) return 'same-origin'
    if (!URL.canParse(this.origin)) return 'cross-site'
    const page = new URL(this.origin)
    const isSameScheme = page.protocol === protocolIn('http', this.#url.protocol)
    return isSameScheme && siteOf(page) === siteOf(this.#url) ? 'same-site' : 'cross-site'
  }

  /** The value of `Referer` by the default policy, `strict-origin-when-cross-origin`, for a page at `/`. */
  get referrer(): string | undefined {
    if (!URL.canParse(this.origin)) return undefined
    const isDowngrade = new URL(this.origin).protocol === 'https:' && !isTrustworthy(this.#url)
    return isDowngrade ? undefined : `${this.origin}/`
  }
}

/** The registrable domain; the host itself if it has none, such as an IP address. */
function siteOf({ hostname }: URL): string {
  if (getDomain === undefined) throw new TypeError('The public suffix list is not loaded.')
  return getDomain(hostname, { allowPrivateDomains: true }) ?? hostname
}
