/** A decoded value as one short line. */

import { byteCount } from '../shared/text/quantities.ts'
import { cutText } from '../shared/text/shortened.ts'

/** Maximum number of characters of the line, and of levels of nested values. */
const MAX_TEXT = 200
const MAX_DEPTH = 4

/** Such as `symbol: EURUSD, price: 1.07`: without the outermost braces or brackets, and at most 200 characters long. */
export function valueText(value: unknown): string {
  const line = new Line()
  if (!isBytes(value) && typeof value === 'object' && value !== null) members(value, line, 0)
  else write(value, line, 0)
  return line.text
}

class Line {
  #text = ''

  get isFull(): boolean {
    return this.#text.length > MAX_TEXT
  }

  get text(): string {
    return this.isFull ? `${cutText(this.#text, MAX_TEXT - 1)}…` : this.#text
  }

  add(text: string): void {
    this.#text += text.length > MAX_TEXT ? text.slice(0, MAX_TEXT + 1) : text
  }
}

function write(value: unknown, line: Line, depth: number): void {
  if (isBytes(value)) line.add(bytesText(value.base64))
  else if (typeof value !== 'object' || value === null) line.add(String(value))
  else {
    const [open, close] = Array.isArray(value) ? '[]' : '{}'
    line.add(open ?? '')
    if (depth < MAX_DEPTH) members(value, line, depth + 1)
    else line.add('…')
    line.add(close ?? '')
  }
}

function members(value: object, line: Line, depth: number): void {
  let isFirst = true
  // Not `Object.entries`, which would list all members of a huge value.
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue
    if (line.isFull) return
    if (!isFirst) line.add(', ')
    isFirst = false
    if (!Array.isArray(value)) line.add(`${key}: `)
    write((value as Record<string, unknown>)[key], line, depth)
  }
}

/** Whether it is an object with only this member, as decoders write bytes. */
function isBytes(value: unknown): value is { readonly base64: string } {
  if (typeof value !== 'object' || value === null || !('base64' in value)) return false
  return typeof value.base64 === 'string' && Object.keys(value).length === 1
}

function bytesText(base64: string): string {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0
  const size = Math.max(0, (base64.length / 4) * 3 - padding)
  return byteCount(Math.floor(size))
}
