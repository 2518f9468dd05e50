/**
 * A jar of cookies (RFC 6265bis). Connections have no page, so `SameSite` does not restrict them. Loopback addresses count as
 * secure, as in browsers. Public suffixes are those of the list in the library.
 */
import { Cookie, CookieJar, MemoryCookieStore } from 'tough-cookie'
import type { CookieKey, StoredCookie } from '../../shared/protocol/cookies.ts'

/** RFC 6265bis section 5.6: the longest name and value together, in bytes. */
const MAX_PAIR = 4096
/** The longest field, in characters: the pair, and some attributes of at most 1024 bytes each. */
const MAX_FIELD = 3 * MAX_PAIR
/** As many as Chromium keeps. */
const MAX_IN_DOMAIN = 180
const MAX_COOKIES = 3000
/** The longest life of a cookie (RFC 6265bis section 5.5), in milliseconds. */
const MAX_AGE = 400 * 24 * 3600 * 1000

/** URLs are those of HTTP: a WebSocket has the cookies of the http: or https: URL. Field values are text. */
export class Jar {
  readonly #store = new MemoryCookieStore()
  readonly #jar = new CookieJar(this.#store, { looseMode: true })

  /** The value of `Cookie` for a request to the URL; undefined if no cookie belongs there. */
  cookieFor(url: URL): string | undefined {
    const text = this.#jar.getCookieStringSync(url.href)
    return text === '' ? undefined : text
  }

  /** Stores what the values of `Set-Cookie` of a response from the URL say. */
  received(url: URL, setCookies: readonly string[]): void {
    for (const field of setCookies) {
      if (field.length > MAX_FIELD) continue
      const cookie = Cookie.parse(field, { loose: true })
      if (cookie === undefined || Buffer.byteLength(cookie.key + cookie.value) > MAX_PAIR) continue
      fixExpiry(cookie)
      this.#jar.setCookieSync(cookie, url.href, { ignoreError: true })
    }
    this.#bound()
  }

  /** By domain, path and name, without those that have expired. */
  list(): readonly StoredCookie[] {
    const now = Date.now()
    return this.#all()
      .map(stored)
      .filter(({ expires = Number.POSITIVE_INFINITY }) => expires > now)
      .sort((a, b) => compare(a.domain, b.domain) || compare(a.path, b.path) || compare(a.name, b.name))
  }

  valueOf(key: CookieKey): string | undefined {
    return this.list().find((each) => isSame(each, key))?.value
  }

  /** Deletes one cookie, those of a domain, or all. */
  delete(which: CookieKey | Pick<CookieKey, 'domain'> | null): void {
    for (const cookie of this.#all()) {
      const each = stored(cookie)
      if (which === null || ('name' in which ? isSame(each, which) : each.domain === which.domain))
        this.#remove(cookie)
    }
  }

  /** Adds cookies that were stored before, the oldest first. */
  add(cookies: readonly StoredCookie[]): void {
    for (const cookie of cookies) this.#store.putCookie(revived(cookie), () => {})
    this.#bound()
  }

  /** The store calls back before it returns. */
  #all(): Cookie[] {
    let all: Cookie[] = []
    this.#store.getAllCookies((_error, cookies) => {
      all = cookies ?? []
    })
    return all
  }

  #remove({ domain, path, key }: Cookie): void {
    this.#store.removeCookie(domain ?? '', path ?? '/', key, () => {})
  }

  /** Removes the cookies that were used least recently, beyond the limits (RFC 6265bis section 5.7). */
  #bound(): void {
    const counts = new Map<string, number>()
    const newestFirst = this.#all().sort(
      (a, b) => lastUse(b) - lastUse(a) || b.creationIndex - a.creationIndex,
    )
    let kept = 0
    for (const cookie of newestFirst) {
      const domain = cookie.domain ?? ''
      const count = (counts.get(domain) ?? 0) + 1
      counts.set(domain, count)
      if (count > MAX_IN_DOMAIN || kept >= MAX_COOKIES) this.#remove(cookie)
      else kept++
    }
  }
}

/** Makes the expiry a date: the library counts `Max-Age` from the last use of a cookie. */
function fixExpiry(cookie: Cookie): void {
  const now = Date.now()
  const expires = cookie.expiryTime(new Date(now)) ?? Number.POSITIVE_INFINITY
  const isSession = cookie.maxAge === null && expires === Number.POSITIVE_INFINITY
  cookie.maxAge = null
  cookie.expires = isSession ? 'Infinity' : new Date(Math.min(Math.max(expires, 0), now + MAX_AGE))
}

function lastUse({ lastAccessed }: Cookie): number {
  return lastAccessed instanceof Date ? lastAccessed.getTime() : 0
}

function stored(cookie: Cookie): StoredCookie {
  const expires = cookie.expiryTime()
  return {
    name: cookie.key,
    value: cookie.value,
    domain: cookie.domain ?? '',
    path: cookie.path ?? '/',
    isHostOnly: cookie.hostOnly === true,
    isSecure: cookie.secure,
    isHttpOnly: cookie.httpOnly,
    ...(expires !== undefined && Number.isFinite(expires) && { expires }),
  }
}

function revived(stored: StoredCookie): Cookie {
  const { name, value, domain, path, isHostOnly, isSecure, isHttpOnly, expires } = stored
  return new Cookie({
    ...{ key: name, value, domain, path, hostOnly: isHostOnly, secure: isSecure, httpOnly: isHttpOnly },
    expires: expires === undefined ? 'Infinity' : new Date(expires),
    creation: new Date(),
    lastAccessed: new Date(),
  })
}

function isSame(a: CookieKey, b: CookieKey): boolean {
  return a.domain === b.domain && a.path === b.path && a.name === b.name
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
