/** Sends the cookies of a jar with requests, and stores those of their responses. */
import { fieldText, type Headers } from '../../shared/headers.ts'
import { protocolIn } from '../../shared/transports.ts'
import { field, withoutFields } from '../../transport/http/fields.ts'
import type { RequestHook } from '../../transport/request-hook.ts'
import type { Jar } from './jar.ts'

/** RFC 9110 section 15.5.8: the response of a proxy, not of the URL. */
const PROXY_AUTHENTICATION_REQUIRED = 407

export function cookieHook(jar: () => Promise<Jar>): RequestHook {
  return {
    async outgoing(request) {
      const cookie = (await jar()).cookieFor(httpUrl(request.url))
      return { ...request, headers: withCookie(request.headers, cookie) }
    },
    async received({ url }, { status, headers }) {
      const setCookies = [headers['set-cookie'] ?? []].flat()
      if (setCookies.length > 0 && status !== PROXY_AUTHENTICATION_REQUIRED)
        (await jar()).received(
          httpUrl(url),
          setCookies.map((value) => fieldText(value)),
        )
      return false
    },
  }
}

/** The HTTP URL that has the cookies of the URL of a WebSocket. */
function httpUrl(url: URL): URL {
  return new URL(`${protocolIn('http', url.protocol)}//${url.host}${url.pathname}`)
}

function nameOf(pair: string): string {
  return pair.slice(0, Math.max(pair.indexOf('='), 0)).trim()
}

function pairsOf(cookie: string): string[] {
  return cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
}

/**
 * The fields with a `Cookie` field added, or joined with the one that is there: a request has at most one (RFC 6265bis
 * section 5.8.1). A cookie that the fields have wins over one of the same name.
 */
function withCookie(headers: Headers, cookie: string | undefined): Headers {
  if (cookie === undefined) return headers
  const given = pairsOf(field(headers, 'cookie') ?? '')
  const names = new Set(given.map(nameOf))
  const added = pairsOf(cookie).filter((pair) => !names.has(nameOf(pair)))
  return {
    ...withoutFields(headers, (name) => name === 'cookie'),
    cookie: [...given, ...added].join('; '),
  }
}
