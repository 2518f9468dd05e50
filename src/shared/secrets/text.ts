/** Secrets in sentences, and in text of which nothing is known. */
import { maskLooks } from './looks.ts'
import { hide, MASK, type Masking, USERINFO } from './masking.ts'
import { maskNamed, maskUrlAt } from './url.ts'

/** What a URL has for its authority, with or without a scheme before it. */
const AUTHORITY = /\/\/[^/\\?#\s"'<>]+/g

/** Text with every secret in it masked: in URLs, beside its name, or known by its looks. */
export function maskText(text: string, masking: Masking = {}): string {
  const hasUrls = text.includes('//') || text.includes('?')
  return maskLooks(maskNamed(hasUrls ? maskUrls(text, masking) : text, masking), masking)
}

function maskUrls(text: string, masking: Masking): string {
  return text
    .replaceAll(/[^\s"'<>]+/g, (word) => {
      if (!word.includes('://')) return word.includes('?') ? maskUrlAt(word, masking, 0) : word
      return splitAtSchemes(word)
        .map((piece) => (piece.includes('://') || piece.includes('?') ? maskUrlAt(piece, masking, 0) : piece))
        .join('')
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
