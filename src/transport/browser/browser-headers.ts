/**
 * The header fields that Chromium sends, in its order. To change one, change its row: `test/transport/browser` compares
 * the requests with those of the Chromium that is installed.
 */
import zlib from 'node:zlib'
import type { Headers } from '../../shared/event.ts'
import { field, withoutFields } from '../http/fields.ts'
import { isTrustworthy, Page } from './page.ts'

/** What a page calls to make the request. `fetch events` is `fetch` by a library that reads an event stream. */
export type BrowserApi = 'EventSource' | 'fetch' | 'fetch events' | 'WebSocket'

export interface BrowserRequest {
  readonly api: BrowserApi
  readonly url: URL
  readonly method: string
  /** The user's fields, which win. */
  readonly headers: Headers
}

/** The version that is claimed. */
const VERSION = 156
const BRANDS = `"Not:A-Brand";v="8", "Chromium";v="${VERSION}"`

/** The name of the operating system in `sec-ch-ua-platform`, and its reduced form in `User-Agent`. */
const SYSTEMS: Readonly<Record<string, readonly [name: string, agent: string]>> = {
  win32: ['Windows', 'Windows NT 10.0; Win64; x64'],
  darwin: ['macOS', 'Macintosh; Intel Mac OS X 10_15_7'],
}
const [SYSTEM, AGENT] = SYSTEMS[process.platform] ?? ['Linux', 'X11; Linux x86_64']
const USER_AGENT = `Mozilla/5.0 (${AGENT}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${VERSION}.0.0.0 Safari/537.36`

/** Codings that Chromium accepts everywhere, and those that it accepts only from trustworthy hosts. */
const CODINGS = ['gzip', 'deflate']
// Node.js has zstd since 22.15. What could not be decoded is not asked for.
const MORE_CODINGS = ['br', ...(zlib.createZstdDecompress === undefined ? [] : ['zstd'])]

interface Asked extends BrowserRequest {
  readonly page: Page
  readonly isTrusted: boolean
}

type Value = (asked: Asked) => string | false | undefined

/** HTML standard, section 9.2.2, and RFC 6455 section 4.1: neither is answered from a cache. */
const uncached: Value = ({ api }) => (api === 'EventSource' || api === 'WebSocket') && 'no-cache'

/** Undefined, or false, for a request that does not have the field. */
const VALUES = {
  Pragma: uncached,
  'Cache-Control': uncached,
  'sec-ch-ua-platform': ({ isTrusted }) => isTrusted && `"${SYSTEM}"`,
  'User-Agent': () => USER_AGENT,
  Accept: ({ api }) => (api === 'EventSource' || api === 'fetch events' ? 'text/event-stream' : '*/*'),
  'sec-ch-ua': ({ isTrusted }) => isTrusted && BRANDS,
  'sec-ch-ua-mobile': ({ isTrusted }) => isTrusted && '?0',
  // Fetch standard, section 3.2.
  Origin: ({ api, method, page }) =>
    (api === 'WebSocket' || !page.isSameOrigin || (method !== 'GET' && method !== 'HEAD')) && page.origin,
  'Sec-Fetch-Site': ({ isTrusted, page }) => isTrusted && page.site,
  'Sec-Fetch-Mode': ({ isTrusted }) => isTrusted && 'cors',
  'Sec-Fetch-Dest': ({ isTrusted }) => isTrusted && 'empty',
  Referer: ({ page }) => page.referrer,
  'Accept-Encoding': ({ isTrusted }) => (isTrusted ? [...CODINGS, ...MORE_CODINGS] : CODINGS).join(', '),
  'Accept-Language': () => 'en-US,en;q=0.9',
} satisfies Readonly<Record<string, Value>>

/** Fields that only the user or another part of the request gives, at their place in the order. */
type Given = 'Content-Type' | 'Last-Event-ID'
type Name = keyof typeof VALUES | Given

const BEFORE_ACCEPT = ['Pragma', 'Cache-Control', 'sec-ch-ua-platform', 'User-Agent'] as const
const AFTER_ACCEPT = [
  ...['Origin', 'Last-Event-ID', 'Sec-Fetch-Site', 'Sec-Fetch-Mode', 'Sec-Fetch-Dest', 'Referer'],
  ...['Accept-Encoding', 'Accept-Language'],
] as const satisfies readonly Name[]
const OF_FETCH: readonly Name[] = [
  ...BEFORE_ACCEPT,
  ...(['sec-ch-ua', 'Content-Type', 'sec-ch-ua-mobile', 'Accept'] as const),
  ...AFTER_ACCEPT,
]

const NAMES: Readonly<Record<BrowserApi, readonly Name[]>> = {
  EventSource: [...BEFORE_ACCEPT, 'Accept', 'sec-ch-ua', 'sec-ch-ua-mobile', ...AFTER_ACCEPT],
  fetch: OF_FETCH,
  'fetch events': OF_FETCH,
  WebSocket: ['Pragma', 'Cache-Control', 'User-Agent', 'Origin', 'Accept-Encoding', 'Accept-Language'],
}

/** The user's fields and those of the browser, in the browser's order; other fields of the user come last. */
export function browserHeaders(request: BrowserRequest): Headers {
  const { api, url, headers } = request
  const page = new Page(url, field(headers, 'origin'))
  const asked: Asked = { ...request, page, isTrusted: isTrustworthy(url) }
  const values: Readonly<Partial<Record<Name, Value>>> = VALUES
  const own: Record<string, Headers[string]> = {}
  for (const name of NAMES[api]) {
    const value = valuesOf(headers, name) ?? values[name]?.(asked)
    if (value !== undefined && value !== false) own[name] = value
  }
  const others = withoutFields(headers, (lowerName) => field(own, lowerName) !== undefined)
  return { ...own, ...others }
}

/** The handshake of a WebSocket. The fields that are not in `NAMES` are those of the protocol. */
const HANDSHAKE = [
  ...['Host', 'Connection', 'Pragma', 'Cache-Control', 'User-Agent', 'Upgrade', 'Origin'],
  ...['Sec-WebSocket-Version', 'Accept-Encoding', 'Accept-Language', 'Sec-WebSocket-Key'],
  ...['Sec-WebSocket-Extensions', 'Sec-WebSocket-Protocol'],
].map((name) => name.toLowerCase())

/** The fields of a handshake in the browser's order. */
export function inHandshakeOrder<Field extends readonly [name: string, value: string]>(
  fields: readonly Field[],
): Field[] {
  const place = ([name]: Field) => HANDSHAKE.indexOf(name.toLowerCase()) + 1 || HANDSHAKE.length + 1
  return fields.toSorted((a, b) => place(a) - place(b))
}

function valuesOf(headers: Headers, name: string): Headers[string] | undefined {
  const lower = name.toLowerCase()
  const found = Object.entries(headers).filter(([key]) => key.toLowerCase() === lower)
  const values = found.flatMap(([, value]) => value)
  return values.length > 1 ? values : values[0]
}
