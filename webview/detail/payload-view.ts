/** Payloads in a form that people can read. */

import * as l10n from '@vscode/l10n'
import { decodeText } from '../../src/shared/text/decode.ts'
import { endOfString, isJsonText, prettyPrint } from '../../src/shared/text/json-text.ts'
import { formatBytes } from '../format/count.ts'

export interface PayloadView {
  readonly form: 'json' | 'text' | 'binary' | 'none'
  /** Pretty-printed if it is complete JSON. Empty for binary. */
  readonly text: string
}

/** Bytes of the longest JSON that is pretty-printed. Longer text is shown as it is. */
const MOST_JSON = 4 * 1024 * 1024

/** The view of `bytes`, the beginning of a payload of `size` bytes. */
export function viewPayload(bytes: Uint8Array, size: number): PayloadView {
  if (size === 0) return { form: 'none', text: '' }
  const text = decodeText(bytes, bytes.length === size)
  if (text === undefined) return { form: 'binary', text: '' }
  if (bytes.length === size && size <= MOST_JSON && isJsonText(text))
    return { form: 'json', text: prettyPrint(text) }
  return { form: 'text', text }
}

export interface Token {
  readonly role: 'key' | 'string' | 'number' | 'literal' | 'plain'
  readonly text: string
}

/** Splits JSON text, or a part of it, into colored tokens. A string without its end is plain. */
export function highlight(json: string): Token[] {
  const tokens: Token[] = []
  const pattern = /"|(-?\d[\d.eE+-]*)|(true|false|null)/g
  const colon = /\s*:/y
  let last = 0
  const add = (role: Token['role'], end: number) => {
    if (end > last) tokens.push({ role, text: json.slice(last, end) })
    last = end
  }
  for (let match = pattern.exec(json); match !== null; match = pattern.exec(json)) {
    const [whole, number] = match
    add('plain', match.index)
    if (whole === '"') {
      const end = endOfString(json, match.index)
      if (!isClosed(json, match.index, end)) break
      colon.lastIndex = end
      const isKey = colon.test(json)
      add(isKey ? 'key' : 'string', end)
      if (isKey) add('plain', colon.lastIndex)
    } else add(number === undefined ? 'literal' : 'number', match.index + whole.length)
    pattern.lastIndex = last
  }
  add('plain', json.length)
  return tokens
}

/** Whether the string in [start, end) has its closing quote. */
function isClosed(json: string, start: number, end: number): boolean {
  let escapes = 0
  while (json[end - 2 - escapes] === '\\') escapes++
  return json[end - 1] === '"' && end - 1 > start && escapes % 2 === 0
}

const FORM_NAMES: Readonly<Record<PayloadView['form'], string>> = {
  json: l10n.t('text (JSON)'),
  text: l10n.t('text'),
  binary: l10n.t('binary'),
  none: '',
}

/** `412 B text (JSON)` */
export function describePayload(view: PayloadView, size: number): string {
  return `${formatBytes(size)} ${FORM_NAMES[view.form]}`.trim()
}

/** Text in blocks of whole lines, so that the browser lays out only blocks in view. A very long line is split. */
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

/** Bytes in a line of the hex dump, in a wide and in a narrow pane. */
export const LINE_BYTES = { wide: 16, narrow: 8 } as const

/** Lines of a hex dump of `length` bytes. */
export function hexLineCount(length: number, lineBytes: number): number {
  return Math.ceil(length / lineBytes)
}
