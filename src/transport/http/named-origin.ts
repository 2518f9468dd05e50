/** What holds for the origin that the user named, and not where a redirect leads. */
import { Failure } from '../../shared/failure.ts'
import { maskUrl } from '../../shared/secrets.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'

/** The schemes of a WebSocket's URL, as those of the HTTP request that opens it. */
const HTTP_SCHEME: Readonly<Record<string, string>> = { 'ws:': 'http:', 'wss:': 'https:' }

function originOf(url: URL): string {
  return `${HTTP_SCHEME[url.protocol] ?? url.protocol}//${url.host}`
}

function isEncrypted(url: URL): boolean {
  return (HTTP_SCHEME[url.protocol] ?? url.protocol) === 'https:'
}

/** Whether the URL, of any scheme, is of the origin that the connection was asked for. */
export function isNamedOrigin(url: URL, { url: named }: ConnectionSpec): boolean {
  return URL.canParse(named) && originOf(new URL(named)) === originOf(url)
}

/** Throws a `Failure` `BAD_REDIRECT` if a redirect leads from an encrypted connection to a plain one, unless allowed. */
export function refusePlainRedirect(from: URL, to: URL, { tls }: ConnectionSpec): void {
  if (!isEncrypted(from) || isEncrypted(to) || tls?.plainRedirects === true) return
  throw new Failure(
    'BAD_REDIRECT',
    `${maskUrl(from.href)} redirects to ${maskUrl(to.href.slice(0, 200))}, which is not encrypted; connect to it directly, or allow such redirects (plainRedirects).`,
  )
}
