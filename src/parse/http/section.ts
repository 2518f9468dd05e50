/**
 * Field sections: the lines of a response's head or of its trailers, up to an empty line (RFC 9112 sections 2.1 and 5).
 */
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
/** A carriage return that is not followed by a line feed. */
const LONE_CR = /\r(?!\n)/
const BARE_LF = /(?:^|[^\r])\n/

/** Collects lines up to an empty one, from any split of the bytes. */
export class SectionReader {
  readonly #kept = new ByteBuffer()
  /** The current line: empty so far, a CR, or more. */
  #line: 'empty' | 'cr' | 'more' = 'empty'

  /** Whether no part of a section has been read. */
  get isEmpty(): boolean {
    return this.#kept.length === 0
  }

  /** The first characters of an incomplete section. */
  get beginning(): string {
    return latin1(this.#kept.view(), 0, Math.min(this.#kept.length, 8))
  }

  /**
   * Reads the bytes from `from` on. Returns the section's lines and where it ends; undefined if it continues after
   * `bytes`. The lines have one Latin-1 character per byte, and include the empty line.
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
 * Splits a section into lines, and returns its oddities as phrases. Fields begin at `fieldsAt`. Throws a
 * `MalformedResponse` if it contains bytes that a line must not have.
 */
export function splitLines(section: string, fieldsAt: number): { lines: string[]; oddities: string[] } {
  if (LONE_CR.test(section) || section.includes('\0', fieldsAt))
    throw new MalformedResponse('HTTP_INVALID', 'Invalid header value: a NUL or a lone CR')
  const lines = section.replaceAll('\r', '').split('\n')
  while (lines.at(-1) === '') lines.pop()
  const oddities: string[] = []
  if (BARE_LF.test(section)) oddities.push('lines of the head end with a line feed alone')
  if (lines.some(isFolded)) oddities.push('a header field is folded over several lines')
  if (lines.some((line) => SPACE_BEFORE_COLON.test(line)))
    oddities.push('a header field has white space before its colon')
  return { lines, oddities }
}

/**
 * Parses lines as fields: names in lower case, values with one Latin-1 character per byte, a list for a field that occurs
 * more than once. A line that begins with white space continues the line before it (obsolete line folding, RFC 9112
 * section 5.2). A line that is not a field is ignored, as browsers do.
 */
export function parseFields(lines: readonly string[]): Headers {
  const fields = new Map<string, string | string[]>()
  for (let index = 0; index < lines.length; ) {
    const [name, first] = splitField(lines[index++] ?? '')
    let value = first
    for (; isFolded(lines[index]); index++) value = `${value} ${trim(lines[index] ?? '', 0)}`
    if (!TOKEN.test(name)) continue
    const text = value === first ? value : trim(value, 0)
    const known = fields.get(name)
    if (known === undefined) fields.set(name, text)
    else if (typeof known === 'string') fields.set(name, [known, text])
    else known.push(text)
  }
  return Object.fromEntries(fields)
}

/** Whether the line continues the line before it. */
export function isFolded(line: string | undefined): boolean {
  return line !== undefined && isSpace(line.charCodeAt(0))
}

/** Whether the line is a field or continues the line before it. */
export function isFieldOrFolded(line: string): boolean {
  return isFolded(line) || TOKEN.test(splitField(line)[0])
}

/**
 * RFC 9112 section 5.1. White space between name and colon is removed, as proxies must do. The name is not a token if
 * the line is not a field.
 */
function splitField(line: string): [name: string, value: string] {
  const colon = line.indexOf(':')
  const name = trim(line.slice(0, Math.max(0, colon)), 0)
  return [name.toLowerCase(), trim(line, colon + 1)]
}

/**
 * Removes white space around the text. `String.prototype.trim` would also remove characters that stand for bytes of
 * text.
 */
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
