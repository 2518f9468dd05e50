/** What a poll resumes from: how it is read from a response, and how the next request carries it. */
import jsonpointer from 'jsonpointer'
import type { Cursor } from '../../shared/cursor.ts'
import type { Headers } from '../../shared/event.ts'
import { fieldText, percentEncodeField } from '../../shared/headers.ts'
import { isSecretHeader, isSecretParam, MASK } from '../../shared/secrets.ts'
import { field } from '../http/fields.ts'
import type { ResumeState } from '../transport.ts'
import { cursorInexact, cursorTooLong, responseNotJson } from './failures.ts'

/** The query with one parameter set, and all others unchanged byte for byte. */
function withParam(query: string, name: string, value: string): string {
  const kept = query
    .replace(/^\?/, '')
    .split('&')
    .filter((pair) => pair !== '' && !new URLSearchParams(pair).has(name))
  return `?${[...kept, `${percentEncodeField(name)}=${percentEncodeField(value)}`].join('&')}`
}

/** The URL with the cursor's query parameters. */
export function withParams(url: string, params: Readonly<Record<string, string>>): string {
  const entries = Object.entries(params)
  if (entries.length === 0) return url
  const resumed = new URL(url)
  for (const [name, value] of entries) resumed.search = withParam(resumed.search, name, value)
  return resumed.href
}

/** The header fields with those of the cursor, which replace fields of the same name. */
export function withCursorHeaders(headers: Headers, cursor: Readonly<Record<string, string>>): Headers {
  if (Object.keys(cursor).length === 0) return headers
  const names = new Set(Object.keys(cursor).map((name) => name.toLowerCase()))
  const kept = Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase()))
  return { ...Object.fromEntries(kept), ...cursor }
}

/** The cursor after a response. It is applied when the response is complete. */
export interface CursorPosition {
  /** The cursor as events show it; `***` if it is a secret. */
  readonly cursor: string | undefined
  readonly cursorHeaders: Readonly<Record<string, string>>
  readonly cursorParams: Readonly<Record<string, string>>
  /** False if the cursor is the same as before, so that the response is not new. */
  readonly moved: boolean
}

export function applyPosition(
  { cursor, cursorHeaders, cursorParams }: CursorPosition,
  resume: ResumeState,
): void {
  resume.cursor = cursor
  resume.cursorHeaders = cursorHeaders
  resume.cursorParams = cursorParams
}

/** The position as it was. */
export function samePosition(
  { cursor, cursorHeaders, cursorParams }: ResumeState,
  moved: boolean,
): CursorPosition {
  return { cursor, cursorHeaders, cursorParams, moved }
}

/** The position by the validators of a response. A validator that is missing keeps its value. */
function afterValidators(headers: Headers, before: ResumeState): CursorPosition {
  const etag = textOf(headers, 'etag')
  const lastModified = textOf(headers, 'last-modified')
  const { 'If-None-Match': knownTag, 'If-Modified-Since': knownDate } = before.cursorHeaders
  if ((etag ?? knownTag) === knownTag && (lastModified ?? knownDate) === knownDate)
    return samePosition(before, true)
  const cursorHeaders = {
    ...before.cursorHeaders,
    ...(etag !== undefined && { 'If-None-Match': etag }),
    ...(lastModified !== undefined && { 'If-Modified-Since': lastModified }),
  }
  const cursor = Object.values(cursorHeaders).join(' ') || undefined
  return { cursor, cursorHeaders, cursorParams: before.cursorParams, moved: true }
}

/**
 * The position by a value. Events do not show it if its source is secret, or if the parameter's name looks like one.
 */
function afterValue(
  value: string | undefined,
  param: string,
  before: ResumeState,
  isSecret = false,
): CursorPosition {
  if (value === undefined) return samePosition(before, before.cursor === undefined)
  if (value === before.cursorParams[param]) return samePosition(before, false)
  const cursorParams = { ...before.cursorParams, [param]: value }
  const { cursorHeaders } = before
  const cursor = isSecret || isSecretParam(param) ? MASK : value
  return { cursor, cursorHeaders, cursorParams, moved: true }
}

/** A field of a response, in the form in which it is sent back byte for byte. */
function textOf(headers: Headers, name: string): string | undefined {
  const value = field(headers, name)
  return value === undefined ? undefined : fieldText(value)
}

/** The position after a response head. */
export function afterHead(cursor: Cursor, headers: Headers, before: ResumeState): CursorPosition {
  if (cursor.kind === 'auto') return afterValidators(headers, before)
  if (cursor.kind === 'header')
    return afterValue(textOf(headers, cursor.name), cursor.param, before, isSecretHeader(cursor.name))
  return samePosition(before, true)
}

/** The position after a body that contains the cursor. Throws a `Failure` `BAD_CURSOR` if the body is not JSON. */
export function afterBody(
  { pointer, param }: Extract<Cursor, { readonly kind: 'json' }>,
  body: Uint8Array,
  before: ResumeState,
): CursorPosition {
  const isSecret = isSecretParam(pointer.slice(pointer.lastIndexOf('/') + 1))
  return afterValue(valueAt(Buffer.from(body).toString(), pointer), param, before, isSecret)
}

/** Longest cursor in characters. Servers may refuse URLs of more than 8000 (RFC 9110 section 4.1). */
const MAX_CURSOR = 8000

/** The value at the pointer, as text for a query; undefined if there is none. */
function valueAt(json: string, pointer: string): string | undefined {
  const value = textAt(json, pointer)
  if (value !== undefined && value.length > MAX_CURSOR) throw cursorTooLong(pointer, value.length)
  return value
}

function textAt(json: string, pointer: string): string | undefined {
  let value = lookUp(json, pointer)
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) value = lookUp(json, pointer, keepDigits)
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw cursorInexact(pointer)
  return JSON.stringify(value)
}

function lookUp(json: string, pointer: string, reviver?: typeof keepDigits): unknown {
  try {
    const value: unknown = jsonpointer.get(JSON.parse(json, reviver), pointer)
    return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) return undefined
    throw responseNotJson(pointer)
  }
}

/** A reviver that keeps the digits of integers beyond 2^53, if this version of Node passes the source text. */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const { source = '' } = context ?? {}
  return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? source : value
}
