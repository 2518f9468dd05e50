/** The head of an HTTP/1.1 message as it passes through a proxy: every line stays as it was sent, unless it is changed. */
import { MalformedResponse } from '../../parse/http/malformed.ts'
import { isFieldOrFolded, isFolded, parseFields, splitLines } from '../../parse/http/section.ts'
import type { Headers } from '../../shared/headers.ts'

/** A field line, with the lines that continue it. Latin-1 characters represent bytes. */
export interface FieldLine {
  /** In lower case. */
  readonly name: string
  /** As it was sent. */
  readonly spelled: string
  readonly value: string
  /** As it is passed on. */
  readonly line: string
}

export interface MessageHead {
  /** The request line or the status line. */
  readonly start: string
  readonly fields: readonly FieldLine[]
  /** The fields by name, in lower case. */
  readonly headers: Headers
  /** It has lines that are not fields, that continue the line before them, or with white space before the colon. */
  readonly isOdd: boolean
}

/** Parses the lines of a head, with the empty line. Throws a `MalformedResponse`. */
export function parseHead(section: string, isRequest: boolean): MessageHead {
  const { lines } = splitLines(section, isRequest ? 0 : Math.max(0, section.indexOf('\n')))
  const [start = '', ...rest] = lines
  const fields: FieldLine[] = []
  for (const line of rest) {
    const last = fields.at(-1)
    if (isFolded(line) && last !== undefined) fields[fields.length - 1] = continued(last, line)
    else fields.push(fieldLine(line))
  }
  const isOdd = rest.some((line) => isFolded(line) || !isFieldOrFolded(line) || /^[^:]*[ \t]:/.test(line))
  return { start, fields, headers: parseFields(rest), isOdd }
}

/** RFC 9112 section 5.1: white space between name and colon must not be passed on. */
function fieldLine(line: string): FieldLine {
  const colon = line.indexOf(':')
  if (colon < 0) return { name: '', spelled: '', value: '', line }
  const spelled = line.slice(0, colon).trimEnd()
  return {
    name: spelled.toLowerCase(),
    spelled,
    value: line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, ''),
    line: `${spelled}${line.slice(colon)}`,
  }
}

function continued(field: FieldLine, line: string): FieldLine {
  const value = `${field.value} ${line.replace(/^[ \t]+|[ \t]+$/g, '')}`
  return { ...field, value, line: `${field.line}\r\n${line}` }
}

/** The same field with another value. */
export function withValue(field: FieldLine, value: string): FieldLine {
  return value === field.value ? field : { ...field, value, line: `${field.spelled}: ${value}` }
}

export function newField(spelled: string, value: string): FieldLine {
  return { name: spelled.toLowerCase(), spelled, value, line: `${spelled}: ${value}` }
}

/** The head as it is written, with the empty line. */
export function formatHead(start: string, fields: readonly FieldLine[]): string {
  return `${[start, ...fields.map(({ line }) => line)].join('\r\n')}\r\n\r\n`
}

/** RFC 9112 section 3. */
const REQUEST_LINE = /^([\w!#$%&'*+\-.^`|~]{1,64}) ([\x21-\xff]+) HTTP\/1\.([01])$/
/** RFC 9112 section 4. The reason phrase and the space before it may be missing. */
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: |$)/

export interface RequestLine {
  readonly method: string
  readonly target: string
  readonly version: '1.0' | '1.1'
}

/** Throws a `MalformedResponse`. */
export function parseRequestLine(start: string): RequestLine {
  const [, method, target, minor] = REQUEST_LINE.exec(start) ?? []
  if (method === undefined || target === undefined)
    throw new MalformedResponse('HTTP_INVALID', 'the request line is not valid')
  return { method, target, version: minor === '0' ? '1.0' : '1.1' }
}

/** Throws a `MalformedResponse`. */
export function parseStatusLine(start: string): { readonly status: number; readonly version: '1.0' | '1.1' } {
  const [, minor, status] = STATUS_LINE.exec(start) ?? []
  if (status === undefined) throw new MalformedResponse('HTTP_NOT_SPOKEN', 'Expected HTTP/')
  return { status: Number(status), version: minor === '0' ? '1.0' : '1.1' }
}
