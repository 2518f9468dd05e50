/** The tokens that an authorization server gave. Plain data, so that it can be stored. */
import { fieldsOf } from '../../shared/fields.ts'

export interface TokenSet {
  readonly accessToken: string
  readonly idToken?: string
  readonly refreshToken?: string
  /** Milliseconds since 1970 when they were given. */
  readonly givenAt: number
  /** Milliseconds since 1970; absent if the server did not say when the access token expires. */
  readonly expiresAt?: number
}

/** Milliseconds before its end in which a token is renewed; a tenth of its lifetime if that is less. */
const MARGIN = 60_000
const MARGIN_SHARE = 0.1
/** Milliseconds that a token of unknown lifetime is used if another one is given without asking a person. */
const UNKNOWN_LIFETIME = 60_000

/** Whether the access token can be used for a request now. */
export function isFresh({ givenAt, expiresAt }: TokenSet, now: number, asksPerson: boolean): boolean {
  if (expiresAt === undefined) return asksPerson || now < givenAt + UNKNOWN_LIFETIME
  return now < expiresAt - Math.min(MARGIN, (expiresAt - givenAt) * MARGIN_SHARE)
}

/** Reads what was stored; undefined if that is something else. */
export function readTokenSet(stored: string): TokenSet | undefined {
  try {
    const { accessToken, idToken, refreshToken, givenAt, expiresAt } = fieldsOf(JSON.parse(stored))
    if (typeof accessToken !== 'string' || typeof givenAt !== 'number') return undefined
    return {
      accessToken,
      givenAt,
      ...(typeof idToken === 'string' && { idToken }),
      ...(typeof refreshToken === 'string' && { refreshToken }),
      ...(typeof expiresAt === 'number' && { expiresAt }),
    }
  } catch {
    return undefined
  }
}
