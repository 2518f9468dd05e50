/** What a poll or a stream resumes from: how it is read from a response, and how the next request carries it. */
import jsonpointer from 'jsonpointer'
import type { Cursor, JsonCursor } from '../shared/cursor.ts'
import type { Headers } from '../shared/event.ts'
import type { Failure } from '../shared/failure.ts'
import { fieldText } from '../shared/headers.ts'
import { valueAtPath } from '../shared/json-path.ts'
import { isSecretHeader, isSecretParam, MASK } from '../shared/secrets.ts'
import { field, withoutFields } from './http/fields.ts'
import { cursorGone, cursorInexact, cursorNotWhole, cursorTooLong, responseNotJson } from './poll/failures.ts'
import type { ResumeState } from './transport.ts'

/** The header fields with those of the cursor, which replace fields of the same name. */
export function withCursorHeaders(headers: Headers, cursor: Readonly<Record<string, string>>): Headers {
  if (Object.keys(cursor).length === 0) return headers
  const names = new Set(Object.keys(cursor).map((name) => name.toLowerCase()))
  return { ...withoutFields(headers, (name) => names.has(name)), ...cursor }
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

/** The position by a value. Events do not show it if its source is secret, or if the parameter's name looks like one. */
function afterValue(value: string, param: string, before: ResumeState, isSecret: boolean): CursorPosition {
  if (value === before.cursorParams[param]) return samePosition(before, false)
  const cursorParams = { ...before.cursorParams, [param]: value }
  const { cursorHeaders } = before
  const cursor = isSecret || isSecretParam(param) ? MASK : value
  return { cursor, cursorHeaders, cursorParams, moved: true }
}

/** The position of a connection without a cursor. */
const START = { cursor: undefined, cursorHeaders: {}, cursorParams: {} } as const

/** The position by a header field. If its number falls, the server has started to count again, so the cursor is dropped. */
function afterField(
  { name, param }: Extract<Cursor, { readonly kind: 'header' }>,
  headers: Headers,
  before: ResumeState,
): CursorPosition {
  const value = textOf(headers, name)
  if (value === undefined) return samePosition(before, before.cursor === undefined)
  if (isLower(value, before.cursorParams[param])) return { ...START, moved: true }
  return afterValue(value, param, before, isSecretHeader(name))
}

const NUMBER = /^\d{1,30}$/

function isLower(value: string, than: string | undefined): boolean {
  return than !== undefined && NUMBER.test(value) && NUMBER.test(than) && BigInt(value) < BigInt(than)
}

/**
 * Drops the cursor if the server answers 410: it no longer has what follows the cursor. Returns the failure to end the
 * attempt with; undefined if there was no cursor.
 */
export function droppedCursor(status: number, resume: ResumeState): Failure | undefined {
  if (status !== GONE || resume.cursor === undefined) return undefined
  const failure = cursorGone(resume.cursor)
  applyPosition({ ...START, moved: true }, resume)
  return failure
}

/** RFC 9110 section 15.5.11. Kubernetes answers so for a version that is too old, also in a record. */
export const GONE = 410

/** A field of a response, in the form in which it is sent back byte for byte. */
function textOf(headers: Headers, name: string): string | undefined {
  const value = field(headers, name)
  return value === undefined ? undefined : fieldText(value)
}

/** The position after a response head. */
export function afterHead(cursor: Cursor, headers: Headers, before: ResumeState): CursorPosition {
  if (cursor.kind === 'auto') return afterValidators(headers, before)
  if (cursor.kind === 'header') return afterField(cursor, headers, before)
  return samePosition(before, true)
}

/** The position after a body that contains the cursor. Throws a `Failure` `BAD_CURSOR` if the body is not JSON. */
export function afterBody(cursor: JsonCursor, body: Uint8Array, before: ResumeState): CursorPosition {
  const value = valueAt(Buffer.from(body).toString(), cursor)
  // A path leads into what is new, such as the last item of a list: without it, nothing is new.
  if (value === undefined)
    return samePosition(before, typeof cursor.at === 'string' && before.cursor === undefined)
  return afterValue(value, cursor.param, before, isSecretParam(lastName(cursor)))
}

function lastName({ at }: JsonCursor): string {
  return String(typeof at === 'string' ? at.slice(at.lastIndexOf('/') + 1) : at.at(-1))
}

/** Longest cursor in characters. Servers may refuse URLs of more than 8000 (RFC 9110 section 4.1). */
const MAX_CURSOR = 8000

/** The value for the query, as text; undefined if there is none. */
function valueAt(json: string, cursor: JsonCursor): string | undefined {
  const value = textAt(json, cursor)
  if (value !== undefined && value.length > MAX_CURSOR) throw cursorTooLong(cursor.shown, value.length)
  if (value === undefined || !cursor.isNext) return value
  if (!NUMBER.test(value)) throw cursorNotWhole(cursor.shown)
  return String(BigInt(value) + 1n)
}

function textAt(json: string, cursor: JsonCursor): string | undefined {
  let value = lookUp(json, cursor)
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) value = lookUp(json, cursor, keepDigits)
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw cursorInexact(cursor.shown)
  return JSON.stringify(value)
}

function lookUp(json: string, { at, shown }: JsonCursor, reviver?: typeof keepDigits): unknown {
  try {
    const document: unknown = JSON.parse(json, reviver)
    return typeof at === 'string' ? jsonpointer.get(document as object, at) : valueAtPath(document, at)
  } catch (error) {
    if (!(error instanceof SyntaxError)) return undefined
    throw responseNotJson(shown)
  }
}

/** A reviver that keeps the digits of integers beyond 2^53, if this version of Node passes the source text. */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const { source = '' } = context ?? {}
  return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? source : value
}
