/**
 * Follows redirects: the next URL, and which parts of the request are sent there (RFC 9110 section 15.4, Fetch standard
 * 4.4).
 */
import type { Headers } from '../../shared/event.ts'
import { fieldText, percentEncodeField } from '../../shared/headers.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { redirectNotUrl, redirectToOtherScheme } from './failures.ts'
import { field, forAnotherOrigin, withoutFields } from './fields.ts'
import { refusePlainRedirect } from './named-origin.ts'

export const MAX_REDIRECTS = 20

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Whether a client follows a response with that status automatically; 300, 304 and 305 are not followed. */
export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status)
}

/** One request in a chain of redirects: the parts that a redirect may change. */
export interface Hop {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly body: Uint8Array | undefined
}

/** Whether a field describes the body. `name` is in lower case. */
export function isContentField(name: string): boolean {
  return name.startsWith('content-')
}

/** A `Location` read as UTF-8; bytes that are not valid UTF-8 are percent-encoded. */
export function locationText(value: string): string {
  return fieldText(value).replaceAll(/[\udc80-\udcff]+/gu, percentEncodeField)
}

function resolveLocation(location: string, base: URL): URL {
  const text = locationText(location)
  if (!URL.canParse(text, base.href)) throw redirectNotUrl(base, text)
  const url = new URL(text, base)
  // RFC 9110 section 10.2.2: a Location without a fragment inherits the one of the request.
  if (url.hash === '') url.hash = base.hash
  return url
}

/**
 * The request that follows a response; undefined if the response is not a redirect. Throws a `Failure` `BAD_REDIRECT` if
 * the redirect cannot or must not be followed.
 */
export function followRedirect(
  hop: Hop,
  { status, headers: received }: { readonly status: number; readonly headers: Headers },
  spec: ConnectionSpec,
): Hop | undefined {
  if (!isRedirect(status)) return undefined
  const location = field(received, 'location')
  if (location === undefined) return undefined
  const url = resolveLocation(location, hop.url)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw redirectToOtherScheme(hop.url, url)
  refusePlainRedirect(hop.url, url, spec)
  const becomesGet =
    (status === 303 && hop.method !== 'GET' && hop.method !== 'HEAD') ||
    ((status === 301 || status === 302) && hop.method === 'POST')
  let { headers } = hop
  if (becomesGet) headers = withoutFields(headers, isContentField)
  if (url.origin !== hop.url.origin) headers = forAnotherOrigin(headers)
  return becomesGet ? { url, method: 'GET', headers, body: undefined } : { ...hop, url, headers }
}
