import type { ComponentChildren } from 'preact'

/** Pictures of control characters: U+2400 to U+241F for U+0000 to U+001F, U+2421 for DEL. Few fonts have them. */
const PICTURES = /[\u2400-\u241f\u2421]/
const EACH = new RegExp(`(${PICTURES.source})`)
const NAMES: Readonly<Record<string, string>> = { '␀': '\\0', '␉': '\\t', '␊': '\\n', '␍': '\\r' }

function escapeOf(picture: string): string {
  const code = picture === '\u2421' ? 0x7f : picture.charCodeAt(0) - 0x2400
  return NAMES[picture] ?? `\\x${code.toString(16).padStart(2, '0')}`
}

/** A line with control pictures, which are shown as escapes so that every font can show them. */
export function printable(text: string): ComponentChildren {
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
