/** Which requests of a program go to the same address, although parts of their URLs change from request to request. */
import { isSecretName } from '../../shared/secrets/names.ts'

/** Parameters that tell a server where to continue, or that keep caches from answering. */
const CHANGING_NAMES: ReadonlySet<string> = new Set(
  (
    '_ after before cachebust cachebuster cb connectionid cursor etag from lasteventid lastid lastmessageid lastseen lastseenid lastupdate latest ' +
    'messageid nocache nonce now offset pos position r rand random requestid resourceversion rev revision seq sequence serial since sid start t tid time ' +
    'timestamp tm ts version'
  ).split(' '),
)
/** Seconds or milliseconds since 1970, with fractions. */
const TIMESTAMP = /^\d{10}(?:\d{3})?(?:\.\d{1,9})?$/
const DATE = /^\d{4}-\d\d-\d\dT/
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i
/** Letters and digits as no person writes them. */
const RANDOM = /^(?=[\w.~-]*\d)(?=[\w.~-]*[a-z])[\w.~-]{12,}$/i

/** Longer URLs are compared as a whole. */
const LONGEST = 8192

/**
 * What the URLs of requests to one address have in common: the origin, the path, and the parameters that do not change from request to
 * request. Cursors, timestamps, tokens and random values do.
 */
export function addressOf(url: string): string {
  if (url.length > LONGEST || !URL.canParse(url)) return url
  const parsed = new URL(url)
  const kept = [...parsed.searchParams]
    .filter(([name, value]) => !isChanging(name, value))
    .map((pair) => JSON.stringify(pair))
    .sort()
  return JSON.stringify([parsed.protocol, parsed.host, parsed.pathname, kept])
}

function isChanging(name: string, value: string): boolean {
  const compact = name.toLowerCase().replaceAll(/[^a-z0-9_]|(?<=.)_/g, '')
  if (CHANGING_NAMES.has(compact) || isSecretName(name)) return true
  return [TIMESTAMP, DATE, UUID, RANDOM].some((pattern) => pattern.test(value.slice(0, 200)))
}

/** What the bodies of requests to one address have in common: numbers and random texts in JSON change. */
export function bodyShape(body: string | { readonly base64: string } | undefined): string {
  if (typeof body !== 'string') return body?.base64 ?? ''
  return body
    .replaceAll(/"([^"\\]{12,200})"/g, (text, inner) => (RANDOM.test(inner) ? '""' : text))
    .replaceAll(/\d+/g, '0')
}
