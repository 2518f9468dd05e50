/** Calls on the cookies of a live session. Values are given one by one, and only on request. */

/** What makes a cookie another one (RFC 6265bis section 5.7). */
export interface CookieKey {
  /** The host that set it, or the domain whose hosts get it. */
  readonly domain: string
  readonly path: string
  /** Empty for a cookie without a name. */
  readonly name: string
}

/** A cookie without its value. */
export interface CookieInfo extends CookieKey {
  /** Hosts below the domain do not get it. */
  readonly isHostOnly: boolean
  /** Only encrypted connections get it, and those to this machine. */
  readonly isSecure: boolean
  /** Scripts of a page do not get it. */
  readonly isHttpOnly: boolean
  /** Milliseconds since 1970; absent if it has no expiry, so that it lasts as long as the session. */
  readonly expires?: number
}

export interface StoredCookie extends CookieInfo {
  readonly value: string
}

export type CookieMethods = {
  /** By domain, path and name. */
  cookies: { params: null; result: readonly CookieInfo[] }
  /** Null if there is no such cookie any more. */
  cookieValue: { params: CookieKey; result: { readonly value: string } | null }
  /** Deletes one cookie, those of a domain, or all. */
  deleteCookies: { params: CookieKey | { readonly domain: string } | null; result: null }
}
