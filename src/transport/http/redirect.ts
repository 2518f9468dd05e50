/** Where a redirect leads and what of the request goes there (RFC 9110 section 15.4, Fetch standard 4.4). */
import type { Headers } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { fieldText, percentEncodeField } from '../../shared/headers.ts'
import { maskUrl } from '../../shared/secrets.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { field, forAnotherOrigin, withoutFields } from './fields.ts'
import { refusePlainRedirect } from './named-origin.ts'

export const MAX_REDIRECTS = 20

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Whether a response of that status sends its client elsewhere by itself; 300, 304 and 305 do not. */
export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status)
}

/** The part of a request that a redirect may change. */
export interface Hop {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly body: Uint8Array | undefined
}

/** Whether a field, by its name in lower case, is about a request's body. */
export function isContentField(name: string): boolean {
  return name.startsWith('content-')
}

/** A `Location` as its server means it: its bytes are read as UTF-8, and others percent-encoded. */
export function locationText(value: string): string {
  return fieldText(value).replaceAll(/[\udc80-\udcff]+/gu, percentEncodeField)
}

function resolveLocation(location: string, base: URL): URL {
  const text = locationText(location)
  if (!URL.canParse(text, base.href))
    throw new Failure(
      'BAD_REDIRECT',
      `${maskUrl(base.href)} redirects to "${maskUrl(text.slice(0, 200))}", which is no URL; mend the server's Location.`,
    )
  const url = new URL(text, base)
  // RFC 9110 section 10.2.2: a Location without a fragment inherits the one of the request.
  if (url.hash === '') url.hash = base.hash
  return url
}

/**
 * The request that follows a response, or undefined where the response is no redirect. Throws a `Failure`
 * `BAD_REDIRECT` for one that cannot or must not be followed.
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
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Failure(
      'BAD_REDIRECT',
      `${maskUrl(hop.url.href)} redirects to ${url.protocol}, which this transport cannot speak; connect to ${maskUrl(url.href.slice(0, 200))} by another one.`,
    )
  refusePlainRedirect(hop.url, url, spec)
  const becomesGet =
    (status === 303 && hop.method !== 'GET' && hop.method !== 'HEAD') ||
    ((status === 301 || status === 302) && hop.method === 'POST')
  let { headers } = hop
  if (becomesGet) headers = withoutFields(headers, isContentField)
  if (url.origin !== hop.url.origin) headers = forAnotherOrigin(headers)
  return becomesGet ? { url, method: 'GET', headers, body: undefined } : { ...hop, url, headers }
}
