/** Rules that distinguish the origin in the user's URL from those that redirects lead to. */
import type { ConnectionSpec } from '../../shared/spec.ts'
import { protocolIn } from '../../shared/transports.ts'
import { redirectToPlain } from './failures.ts'

function originOf(url: URL): string {
  return `${protocolIn('http', url.protocol)}//${url.host}`
}

function isEncrypted(url: URL): boolean {
  return protocolIn('http', url.protocol) === 'https:'
}

/** Whether a URL, of any scheme, has the same origin as the spec's URL. */
export function isNamedOrigin(url: URL, { url: named }: ConnectionSpec): boolean {
  return URL.canParse(named) && originOf(new URL(named)) === originOf(url)
}

/** Throws a `Failure` `BAD_REDIRECT` if a redirect leads from an encrypted URL to one that is not, unless allowed. */
export function refusePlainRedirect(from: URL, to: URL, { tls }: ConnectionSpec): void {
  if (!isEncrypted(from) || isEncrypted(to) || tls?.plainRedirects === true) return
  throw redirectToPlain(from, to)
}
