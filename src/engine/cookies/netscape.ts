/** The format of Netscape's cookie files, as curl reads and writes it (https://curl.se/docs/http-cookies.html). */
import { Failure } from '../../shared/failure.ts'
import type { StoredCookie } from '../../shared/protocol/cookies.ts'

const HEAD = `# Netscape HTTP Cookie File
# https://curl.se/docs/http-cookies.html
# Written by Realtime Inspector; a connection that uses this file replaces it.
`

const HTTP_ONLY = '#HttpOnly_'
const FLAGS = new Map([
  ['TRUE', true],
  ['FALSE', false],
])
/** The last date that JavaScript has, in seconds. */
const LAST_DATE = 8.64e12

/**
 * Reads the text of a cookie file; expired cookies are left out. Throws a `Failure` `BAD_COOKIES` for a line that is not a
 * cookie: the file may be another one, which must not be overwritten.
 */
export function parseCookies(text: string, now: number): StoredCookie[] {
  return text.split('\n').flatMap((written, index) => {
    const line = written.endsWith('\r') ? written.slice(0, -1) : written
    if (line.trim() === '' || (line.startsWith('#') && !line.startsWith(HTTP_ONLY))) return []
    const cookie = parseLine(line)
    if (cookie === undefined)
      throw new Failure(
        'BAD_COOKIES',
        `Line ${index + 1} is not a cookie in the format of Netscape and curl; choose a file that has only cookies, or one that does not exist yet.`,
      )
    return cookie.expires !== undefined && cookie.expires <= now ? [] : [cookie]
  })
}

/** Domain, whether hosts below it get the cookie, path, secure, expiry in seconds or 0, name, and value. */
function parseLine(line: string): StoredCookie | undefined {
  const isHttpOnly = line.startsWith(HTTP_ONLY)
  const fields = (isHttpOnly ? line.slice(HTTP_ONLY.length) : line).split('\t')
  const [domain = '', below = '', path = '', secure = '', expiry = '', name, value = ''] = fields
  const isBelow = FLAGS.get(below)
  const isSecure = FLAGS.get(secure)
  const isWhole = name !== undefined && fields.length <= 7 && /^-?\d{1,19}$/.test(expiry)
  const host = domain.replace(/^\./, '').toLowerCase()
  if (!isWhole || isBelow === undefined || isSecure === undefined || host === '' || !path.startsWith('/'))
    return undefined
  const seconds = Math.min(Number(expiry), LAST_DATE)
  return {
    ...{ name, value, domain: host, path, isHostOnly: !isBelow, isSecure, isHttpOnly },
    ...(seconds !== 0 && { expires: seconds * 1000 }),
  }
}

/** The text of a cookie file. A cookie that a line cannot carry is left out. */
export function formatCookies(cookies: readonly StoredCookie[]): string {
  const lines = cookies.filter(fits).map(
    ({ domain, isHostOnly, path, isSecure, isHttpOnly, expires, name, value }) =>
      (isHttpOnly ? HTTP_ONLY : '') +
      [
        isHostOnly ? domain : `.${domain}`,
        isHostOnly ? 'FALSE' : 'TRUE',
        path,
        isSecure ? 'TRUE' : 'FALSE',
        // 0 would be a cookie without an expiry.
        expires === undefined ? 0 : Math.max(Math.floor(expires / 1000), 1),
        name,
        value,
      ].join('\t'),
  )
  return `${[HEAD, ...lines].join('\n')}\n`
}

/** A cookie cannot have control characters (RFC 6265bis section 5.6), but its path can have a tab. */
function fits({ domain, path, name, value }: StoredCookie): boolean {
  return ![domain, path, name, value].some((field) => /[\t\r\n]/.test(field))
}
