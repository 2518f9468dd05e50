/** Checks URLs to connect to. */
import { Failure } from './failure.ts'
import { maskUrl } from './secrets.ts'
import { protocolIn, schemeOf, type TransportName, traitsOf } from './transports.ts'
import { isUnixUrl, splitUnixUrl } from './unix-url.ts'

function bad(sentence: string): Failure {
  return new Failure('BAD_URL', sentence)
}

function quote(url: string): string {
  const masked = maskUrl(url)
  return `"${masked.length > 200 ? `${masked.slice(0, 200)}…` : masked}"`
}

/** Whether a URL is a host and port, such as `localhost:8080`, which would parse as scheme and path. */
function looksLikeHost(url: string): boolean {
  return /^[\w.-]+:\d{1,5}(?:[/?#]|$)/.test(url)
}

function parse(url: string): URL {
  if (url.trim() === '')
    throw bad('There is no URL; give one such as ws://localhost:8080/ or https://example.com/events.')
  if (looksLikeHost(url) || !/^[a-z][a-z\d+.-]*:/i.test(url))
    throw bad(`The URL ${quote(url)} has no scheme; begin it with ws://, wss://, http:// or https://.`)
  try {
    // Chromium would encode a space in the host.
    if (/^[^/?#]*[/\\]*[^/\\?#]*\s/.test(url.trim())) throw new TypeError('a space in the host')
    return new URL(url)
  } catch {
    throw bad(`The URL ${quote(url)} is not valid; check its host, port and brackets.`)
  }
}

function otherScheme(url: URL): string {
  const family = schemeOf(url.protocol) === 'ws' ? 'http' : 'ws'
  return `${protocolIn(family, url.protocol)}//${url.host}${url.pathname}`
}

/**
 * Parses the URL of a connection and checks that the transport can speak to it. Of one that names a Unix socket, returns that of the
 * request. Throws a `Failure`
 * `BAD_URL` whose sentence says what is wrong and what to write instead.
 */
export function parseUrl(text: string, transport: TransportName | 'auto' = 'auto'): URL {
  if (isUnixUrl(text) && splitUnixUrl(text) === undefined)
    throw bad(
      `The URL ${quote(text)} names no socket; write it as ws+unix:/run/app.sock:/path, with %3A for a colon in the path of the socket.`,
    )
  const url = parse(splitUnixUrl(text)?.url ?? text)
  const scheme = schemeOf(url.protocol)
  const isSocket = scheme === 'ws'
  const spoken = traitsOf(transport)?.scheme
  if (scheme === undefined)
    throw bad(`The scheme ${url.protocol} is not supported; use ws:, wss:, http: or https:.`)
  if (spoken === 'ws' && !isSocket)
    throw bad(
      `A WebSocket needs a ws: or wss: URL, and this one is ${url.protocol}; try ${otherScheme(url)}.`,
    )
  if (spoken === 'http' && isSocket)
    throw bad(
      `The transport ${transport} needs an http: or https: URL, and this one is ${url.protocol}; try ${otherScheme(url)}.`,
    )
  // RFC 6455 section 3: fragment identifiers MUST NOT be used on these URIs.
  if (isSocket && url.hash !== '')
    throw bad(`A WebSocket URL cannot have a fragment; remove ${quote(url.hash)}, or write # as %23.`)
  return url
}

/** Host, path and query of a URL. */
export function shortUrl(url: string): string {
  // `URL.parse` needs Node.js 22.
  if (!URL.canParse(url)) return url
  const parsed = new URL(url)
  const path = parsed.pathname === '/' ? '' : parsed.pathname
  return `${parsed.host}${path}${parsed.search}`
}
