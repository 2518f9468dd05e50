/** Secrets in sentences, and in text of which nothing is known. */
import { maskLooks } from './looks.ts'
import { hide, MASK, type Masking, USERINFO } from './masking.ts'
import { maskNamed, maskUrlAt } from './url.ts'

/** What a URL has for its authority, with or without a scheme before it. */
const AUTHORITY = /\/\/[^/\\?#\s"'<>]+/g

const WORD = /[^\s"'<>]+/g
/** What tells a URL from another word, also one that is percent-encoded. */
const IN_URL = /:\/\/|\?|%3[DF]/i

/** Where the URL that begins a word ends: what punctuates the sentence is not a part of it. */
function endOfUrl(word: string): number {
  let end = word.length
  while (end > 0 && '.,;:!?)]}`'.includes(word.charAt(end - 1))) end--
  return end
}

/** Text with every secret in it masked: in URLs, beside its name, or known by its looks. */
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

/** Cuts before each `scheme://`. */
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
