/** Field sections: the lines of a response's head or of its trailers, up to an empty one (RFC 9112 sections 2.1, 5). */
import type { Headers } from '../../shared/headers.ts'
import { ByteBuffer } from '../byte-buffer.ts'
import { indexOfByte } from '../byte-search.ts'
import { MalformedResponse } from './malformed.ts'

const CR = 0x0d
const LF = 0x0a
const SPACE = 0x20
const TAB = 0x09
/** RFC 9110 section 5.6.2. */
const TOKEN = /^[\w!#$%&'*+\-.^`|~]+$/
const SPACE_BEFORE_COLON = /^[\w!#$%&'*+\-.^`|~]+[ \t]+:/
/** A carriage return that ends no line. */
const LONE_CR = /\r(?!\n)/
const BARE_LF = /(?:^|[^\r])\n/

/** Collects lines up to an empty one, in any split. */
export class SectionReader {
  readonly #kept = new ByteBuffer()
  /** Of the line under way: whether it is empty so far, a CR, or more. */
  #line: 'empty' | 'cr' | 'more' = 'empty'

  /** The first characters of a section that is not whole yet. */
  get beginning(): string {
    return latin1(this.#kept.view(), 0, Math.min(this.#kept.length, 8))
  }

  /**
   * Takes bytes from `from` on. Returns the section's lines and where it ends, or undefined if it goes on beyond
   * `bytes`. The lines have a Latin-1 character for each byte, and no empty line behind them.
   */
  take(bytes: Uint8Array, from: number): { readonly lines: string; readonly end: number } | undefined {
    const end = this.#find(bytes, from)
    if (end < 0) {
      this.#kept.append(from === 0 ? bytes : bytes.subarray(from))
      return undefined
    }
    if (this.#kept.length === 0) return { lines: latin1(bytes, from, end), end }
    this.#kept.append(bytes.subarray(from, end))
    const lines = latin1(this.#kept.view(), 0, this.#kept.length)
    this.#kept.clear()
    return { lines, end }
  }

  /** Where the first empty line ends, or -1. */
  #find(bytes: Uint8Array, from: number): number {
    let at = from
    for (;;) {
      const lineFeed = indexOfByte(bytes, LF, at)
      const end = lineFeed < 0 ? bytes.length : lineFeed
      if (end > at) this.#line = this.#line === 'empty' && end - at === 1 && bytes[at] === CR ? 'cr' : 'more'
      if (lineFeed < 0) return -1
      const isEmpty = this.#line !== 'more'
      this.#line = 'empty'
      at = lineFeed + 1
      if (isEmpty) return at
    }
  }
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
}

/**
 * The lines of a section, of which fields begin at `fieldsAt`, and in phrases what is odd about them. Throws a `MalformedResponse` if bytes are in it that no
 * line may have.
 */
export function splitLines(section: string, fieldsAt: number): { lines: string[]; oddities: string[] } {
  if (LONE_CR.test(section) || section.includes('\0', fieldsAt))
    throw new MalformedResponse('HTTP_INVALID', 'Invalid header value: a NUL or a lone CR')
  const lines = section.replaceAll('\r', '').split('\n')
  while (lines.at(-1) === '') lines.pop()
  const oddities: string[] = []
  if (BARE_LF.test(section)) oddities.push('lines of the head end in a line feed alone')
  if (lines.some(isFolded)) oddities.push('a header field is folded over several lines')
  if (lines.some((line) => SPACE_BEFORE_COLON.test(line)))
    oddities.push('white space stands before the colon of a header field')
  return { lines, oddities }
}

/**
 * The fields of lines, names in lower case, values with a Latin-1 character for each byte; a field that came more than once has a list. A line that begins with white
 * space goes on with the one before it (obsolete line folding, RFC 9112 section 5.2). Throws a `MalformedResponse` for
 * a line that is no field.
 */
export function parseFields(lines: readonly string[]): Headers {
  const fields = new Map<string, string | string[]>()
  for (let index = 0; index < lines.length; ) {
    const [name, first] = splitField(lines[index++] ?? '')
    let value = first
    for (; isFolded(lines[index]); index++) value = `${value} ${trim(lines[index] ?? '', 0)}`
    const text = value === first ? value : trim(value, 0)
    const known = fields.get(name)
    if (known === undefined) fields.set(name, text)
    else if (typeof known === 'string') fields.set(name, [known, text])
    else known.push(text)
  }
  return Object.fromEntries(fields)
}

/** Whether the line goes on with the one before it. */
export function isFolded(line: string | undefined): boolean {
  return line !== undefined && isSpace(line.charCodeAt(0))
}

/** RFC 9112 section 5.1; white space between name and colon is taken off, as it asks of proxies. */
function splitField(line: string): [name: string, value: string] {
  const colon = line.indexOf(':')
  const name = trim(line.slice(0, Math.max(0, colon)), 0)
  if (!TOKEN.test(name))
    throw new MalformedResponse('HTTP_INVALID', 'Invalid header token: a line that is no header field')
  return [name.toLowerCase(), trim(line, colon + 1)]
}

/** The line from there on without the white space around it; `String.prototype.trim` would take bytes of text. */
function trim(line: string, from: number): string {
  let start = from
  let end = line.length
  while (start < end && isSpace(line.charCodeAt(start))) start++
  while (end > start && isSpace(line.charCodeAt(end - 1))) end--
  return line.slice(start, end)
}

function isSpace(code: number): boolean {
  return code === SPACE || code === TAB
}
