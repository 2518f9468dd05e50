/** Credentials that are known by their looks, whatever name they go by. Every look takes one pass over the text. */
import { hide, MASK, type Masking, TOKEN_VALUE } from './masking.ts'

/** Prefixes by which services mark their keys, so that scanners find them. */
const PREFIX =
  /\b(?:(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)[-_]\w|sk-\w{20}|(?:gh[pousr]|github_pat|glpat|xox[abeprs]|xapp|npm|shpat|dop_v1)[-_]\w{8}|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[\w-]{20}|SG\.[\w-]{16}|ya29\.\w{8})/

/** A scheme of the Authorization field and what follows it (RFC 9110 section 11.6.2), if that is not a challenge. */
const CREDENTIALS = /^\s{0,8}(?:bearer|basic|digest|negotiate|ntlm|apikey)\s+\S/i
const CHALLENGE =
  /^\s{0,8}\w{1,16}\s{1,8}(?:realm|error|scope|charset|nonce|qop|algorithm|stale|opaque|domain|resource_metadata|authorization_uri)\s{0,8}=/i

/** The first part of a JSON Web Token: the base64 of `{"`. */
const JWT_HEADER = /\beyJ/

/** A JSON Web Token (RFC 7519 section 3): a header, and at least one more part behind a full stop. */
function isJsonWebToken(word: string): boolean {
  const parts = word.split('.')
  return parts.some((part, index) => {
    const start = index < parts.length - 1 ? part.search(JWT_HEADER) : -1
    if (start < 0 || part.length - start < 'eyJ'.length + 5) return false
    return (parts[index + 1] ?? '').length >= 2 || index + 2 < parts.length
  })
}

/** Characters of a token; a shorter run is none. */
const WORDS = /[\w.-]{8,}/g

/** Whether a value looks like a credential: an Authorization scheme's, a JSON Web Token, a known prefix. */
export function looksSecret(value: string): boolean {
  if (CREDENTIALS.test(value) && !CHALLENGE.test(value)) return true
  for (const [word] of value.matchAll(WORDS)) if (isToken(word)) return true
  return false
}

function isToken(word: string): boolean {
  return isJsonWebToken(word) || PREFIX.test(word)
}

/** Whether a part of a path is as long and mixed as only machines write: not a word, a number or a date. */
export function looksRandom(part: string): boolean {
  return part.length >= 16 && /\d/.test(part) && /[a-z]/i.test(part)
}

const SCHEME = /\b(bearer|basic|negotiate|ntlm|apikey)([ \t]{1,8})([^\s"'<>,;]+)/gi
/** What follows the name of a scheme in a sentence about it, or in a challenge. */
const PLAIN = /^(?:[A-Za-z]?[a-z]{1,19}[.:!?)]*$|[a-z_]+=)/

/** The text with every credential in it that is known by its looks as `***`. */
export function maskLooks(text: string, masking: Masking): string {
  return text
    .replaceAll(WORDS, (word) => (isToken(word) && hide(TOKEN_VALUE, masking) ? MASK : word))
    .replaceAll(SCHEME, (whole, scheme: string, space: string, value: string) =>
      value.startsWith(MASK) || PLAIN.test(value) || !hide(TOKEN_VALUE, masking)
        ? whole
        : `${scheme}${space}${MASK}`,
    )
}
