/** The replacement of secrets, and what a caller wants masked or revealed. */

export const MASK = '***'

/** The name of `user:password@` in a URL, to report and reveal it. */
export const USERINFO = 'user:password'
/** The name of a token in a URL's path or one recognized by its format, to report and reveal it. */
export const TOKEN_VALUE = 'token'

export interface Masking {
  /** Names of values to reveal; case is ignored. */
  readonly reveal?: readonly string[]
  /** More names of values to mask, in lower case. */
  readonly names?: ReadonlySet<string>
  /** Collects the names of masked values. */
  readonly masked?: Set<string>
}

/** Whether to mask the value of `name`; if so, adds the name to `masked`. */
export function hide(name: string, masking: Masking): boolean {
  const lower = name.toLowerCase()
  if (masking.reveal?.some((revealed) => revealed.toLowerCase() === lower)) return false
  masking.masked?.add(name)
  return true
}
