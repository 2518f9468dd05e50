/** What stands in the place of a secret, and what a caller wants hidden or shown. */

export const MASK = '***'

/** The name under which `user:password@` in a URL is reported and revealed. */
export const USERINFO = 'user:password'
/** The name under which a token in a URL's path, or one recognised by its looks, is reported and revealed. */
export const TOKEN_VALUE = 'token'

export interface Masking {
  /** Names that are not to be hidden; case does not matter. */
  readonly reveal?: readonly string[]
  /** Further names to hide, in lower case. */
  readonly names?: ReadonlySet<string>
  /** Collects the names of what was hidden. */
  readonly masked?: Set<string>
}

/** Whether the value of `name` is to be hidden; notes the name if so. */
export function hide(name: string, masking: Masking): boolean {
  const lower = name.toLowerCase()
  if (masking.reveal?.some((revealed) => revealed.toLowerCase() === lower)) return false
  masking.masked?.add(name)
  return true
}
