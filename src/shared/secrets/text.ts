/** Masks secrets in sentences, and in text of unknown format. */
import { maskLooks } from './credential-formats.ts'
import { hide, MASK, type Masking, USERINFO } from './masking.ts'
import { maskNamed, maskUrlAt } from './url.ts'

/** The authority of a URL, with or without a scheme. */
const AUTHORITY = /\/\/[^/\\?#\s"'<>]+/g

const WORD = /[^\s"'<>]+/g
/** Distinguishes URLs, also percent-encoded ones, from other words. */
const IN_URL = /:\/\/|\?|%3[DF]/i

/** The end of the URL in a word, without the punctuation of the sentence. */
function endOfUrl(word: string): number {
  let end = word.length
  while (end > 0 && '.,;:!?)]}`'.includes(word.charAt(end - 1))) end--
  return end
}

/** The text with every secret masked: in URLs, next to names, or recognized by format. */
export function maskText(text: string, masking: Masking = {}): string {
  const hasUrls = text.includes('//') || IN_URL.test(text)
  return maskLooks(maskNamed(hasUrls ? maskUrls(text, masking) : text, masking), masking)
}

function maskUrls(text: string, masking: Masking): string {
  return text
    .replaceAll(WORD, (word) => {
      if (!IN_URL.test(word)) return word
      const end = endOfUrl(word)
      const pieces = splitAtSchemes(word.slice(0, end))
      const masked = pieces.map((piece) => (IN_URL.test(piece) ? maskUrlAt(piece, masking, 0) : piece))
      return masked.join('') + word.slice(end)
    })
    .replaceAll(AUTHORITY, (authority) => {
      const at = authority.lastIndexOf('@')
      const hasPassword = at > 0 && authority.lastIndexOf(':', at) > 0
      return hasPassword && hide(USERINFO, masking) ? `//${MASK}${authority.slice(at)}` : authority
    })
}

/** Splits before each `scheme://`. */
function splitAtSchemes(word: string): string[] {
  const pieces: string[] = []
  let from = 0
  for (let at = word.indexOf('://'); at >= 0; at = word.indexOf('://', at + 3)) {
    let head = at
    while (head > from && /[a-z0-9+.-]/i.test(word.charAt(head - 1))) head--
    if (head > from) pieces.push(word.slice(from, head))
    from = head
  }
  pieces.push(word.slice(from))
  return pieces
}
