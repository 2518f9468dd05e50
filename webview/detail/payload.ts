/** A payload as people read it. */
import { formatBytes } from '../format/count.ts'

export interface PayloadView {
  readonly form: 'json' | 'text' | 'binary' | 'none'
  /** Pretty-printed where it is JSON and whole; empty for binary. */
  readonly text: string
}

/** Bytes of JSON that are pretty-printed; beyond, text is shown as it came. */
const MOST_JSON = 4 * 1024 * 1024

function decode(bytes: Uint8Array, whole: boolean): string | undefined {
  try {
    // A prefix may end inside a character: in a stream that is no error.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: !whole })
  } catch {
    return undefined
  }
}

/** Shows `bytes`, the beginning of a payload of `size` bytes. */
export function viewPayload(bytes: Uint8Array, size: number): PayloadView {
  if (size === 0) return { form: 'none', text: '' }
  const text = decode(bytes, bytes.length === size)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what tells binary from text.
  if (text === undefined || /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text.slice(0, 4096)))
    return { form: 'binary', text: '' }
  if (bytes.length === size && size <= MOST_JSON && /^\s*[[{"]/.test(text)) {
    try {
      JSON.parse(text)
      return { form: 'json', text: prettyPrint(text) }
    } catch {
      return { form: 'text', text }
    }
  }
  return { form: 'text', text }
}

/**
 * Valid JSON laid out with two spaces. Works on the text, not on parsed values, so numbers keep their
 * digits, keys their order and duplicates stay.
 */
export function prettyPrint(json: string): string {
  const tokens = json.match(/"[^"\\]*(?:\\.[^"\\]*)*"|[^\s[\]{}:,"]+|[[\]{}:,]/g) ?? []
  const parts: string[] = []
  let depth = 0
  const newline = () => `\n${'  '.repeat(depth)}`
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] ?? ''
    if (token === '{' || token === '[') {
      const next = tokens[i + 1]
      if (next === '}' || next === ']') {
        parts.push(token + next)
        i++
      } else {
        depth++
        parts.push(token, newline())
      }
    } else if (token === '}' || token === ']') {
      depth--
      parts.push(newline(), token)
    } else if (token === ',') parts.push(token, newline())
    else parts.push(token === ':' ? ': ' : token)
  }
  return parts.join('')
}

export interface Token {
  readonly role: 'key' | 'string' | 'number' | 'literal' | 'plain'
  readonly text: string
}

/** Splits JSON text into coloured pieces. */
export function highlight(json: string): Token[] {
  const tokens: Token[] = []
  const pattern = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)/g
  let last = 0
  for (const match of json.matchAll(pattern)) {
    if (match.index > last) tokens.push({ role: 'plain', text: json.slice(last, match.index) })
    const [whole, string, colon, number] = match
    if (string !== undefined) {
      tokens.push({ role: colon === undefined ? 'string' : 'key', text: string })
      if (colon !== undefined) tokens.push({ role: 'plain', text: colon })
    } else tokens.push({ role: number === undefined ? 'literal' : 'number', text: whole })
    last = match.index + whole.length
  }
  if (last < json.length) tokens.push({ role: 'plain', text: json.slice(last) })
  return tokens
}

const FORM_NAMES = { json: 'text (JSON)', text: 'text', binary: 'binary', none: '' } as const

/** `412 B text (JSON)` */
export function describePayload(view: PayloadView, size: number): string {
  return `${formatBytes(size)} ${FORM_NAMES[view.form]}`.trim()
}

/** Text in blocks of whole lines, so that only blocks in view are laid out; a very long line is cut. */
export function splitBlocks(text: string, blockLength = 8192): string[] {
  const blocks: string[] = []
  const longest = blockLength * 8
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', Math.min(start + blockLength, text.length))
    const lineEnd = newline === -1 ? text.length : newline + 1
    const end = Math.min(lineEnd, start + longest)
    blocks.push(text.slice(start, end))
    start = end
  }
  return blocks
}
