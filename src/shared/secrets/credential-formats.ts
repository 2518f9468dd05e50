/** Recognizes credentials by their format, whatever their name. Every check is one pass over the text. */
import { hide, MASK, type Masking, TOKEN_VALUE } from './masking.ts'

/** Prefixes that services give their keys so that scanners find them. */
const PREFIX =
  /\b(?:(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)[-_]\w|sk-\w{20}|(?:gh[pousr]|github_pat|glpat|xox[abeprs]|xapp|npm|shpat|dop_v1)[-_]\w{8}|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[\w-]{20}|SG\.[\w-]{16}|ya29\.\w{8})/

/** An Authorization scheme and its credentials (RFC 9110 section 11.6.2), unless it is a challenge. */
const CREDENTIALS = /^\s{0,8}(?:bearer|basic|digest|negotiate|ntlm|apikey)\s+\S/i
const CHALLENGE =
  /^\s{0,8}\w{1,16}\s{1,8}(?:realm|error|scope|charset|nonce|qop|algorithm|stale|opaque|domain|resource_metadata|authorization_uri)\s{0,8}=/i

/** The start of a JSON Web Token: `{"` in base64. */
const JWT_HEADER = /\beyJ/

/** Whether a word is a JSON Web Token (RFC 7519 section 3): a header, and at least one more part after a dot. */
function isJsonWebToken(word: string): boolean {
  const parts = word.split('.')
  return parts.some((part, index) => {
    const start = index < parts.length - 1 ? part.search(JWT_HEADER) : -1
    if (start < 0 || part.length - start < 'eyJ'.length + 5) return false
    return (parts[index + 1] ?? '').length >= 2 || index + 2 < parts.length
  })
}

/** Runs of characters that are long enough for a token. */
const WORDS = /[\w.-]{8,}/g

/** Whether a value looks like a credential: an Authorization scheme, a JSON Web Token, or a known prefix. */
export function looksSecret(value: string): boolean {
  if (CREDENTIALS.test(value) && !CHALLENGE.test(value)) return true
  for (const [word] of value.matchAll(WORDS)) if (isToken(word)) return true
  return false
}

function isToken(word: string): boolean {
  return isJsonWebToken(word) || PREFIX.test(word)
}

/** Whether a part of a path looks generated: long, with both letters and digits. */
export function looksRandom(part: string): boolean {
  return part.length >= 16 && /\d/.test(part) && /[a-z]/i.test(part)
}

const SCHEME = /\b(bearer|basic|negotiate|ntlm|apikey)([ \t]{1,8})([^\s"'<>,;]+)/gi
/** What follows the name of a scheme in a sentence or in a challenge. */
const PLAIN = /^(?:[A-Za-z]?[a-z]{1,19}[.:!?)]*$|[a-z_]+=)/

/** The text with every credential that is recognized by its format replaced by `***`. */
export function maskLooks(text: string, masking: Masking): string {
  return text
    .replaceAll(WORDS, (word) => (isToken(word) && hide(TOKEN_VALUE, masking) ? MASK : word))
    .replaceAll(SCHEME, (whole, scheme: string, space: string, value: string) =>
      value.startsWith(MASK) || PLAIN.test(value) || !hide(TOKEN_VALUE, masking)
        ? whole
        : `${scheme}${space}${MASK}`,
    )
}
