import type { ComponentChildren } from 'preact'

/** U+2400 to U+241F picture the characters U+0000 to U+001F, and U+2421 DEL; few fonts have them. */
const PICTURES = /[\u2400-\u241f\u2421]/
const EACH = new RegExp(`(${PICTURES.source})`)
const NAMES: Readonly<Record<string, string>> = { '␀': '\\0', '␉': '\\t', '␊': '\\n', '␍': '\\r' }

function escapeOf(picture: string): string {
  const code = picture === '\u2421' ? 0x7f : picture.charCodeAt(0) - 0x2400
  return NAMES[picture] ?? `\\x${code.toString(16).padStart(2, '0')}`
}

/** A line whose control characters were made pictures, with the pictures as escapes that any font can show. */
export function Printable({ text }: { text: string }): ComponentChildren {
  if (!PICTURES.test(text)) return text
  return text.split(EACH).map((part, i) =>
    i % 2 === 0 ? (
      part
    ) : (
      <span key={i} class="escape">
        {escapeOf(part)}
      </span>
    ),
  )
}
