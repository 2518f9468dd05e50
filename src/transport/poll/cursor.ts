/** What a poll resumes from: where an answer says it, and how the next request says it back. */
import jsonpointer from 'jsonpointer'
import type { Cursor } from '../../shared/cursor.ts'
import type { Headers } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { fieldText, percentEncodeField } from '../../shared/headers.ts'
import { isSecretHeader, isSecretParam, MASK } from '../../shared/secrets.ts'
import { field } from '../http/fields.ts'
import type { ResumeState } from '../transport.ts'

/** The query with one parameter set, all else byte for byte as it was. */
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

/** The header fields with the cursor's; those replace fields of the same name. */
export function withCursorHeaders(headers: Headers, cursor: Readonly<Record<string, string>>): Headers {
  if (Object.keys(cursor).length === 0) return headers
  const names = new Set(Object.keys(cursor).map((name) => name.toLowerCase()))
  const kept = Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase()))
  return { ...Object.fromEntries(kept), ...cursor }
}

/** Where a poll would stand after an answer; it stands there once the whole answer has come. */
export interface Position {
  /** What events tell of it; `***` for a secret. */
  readonly cursor: string | undefined
  readonly cursorHeaders: Readonly<Record<string, string>>
  readonly cursorParams: Readonly<Record<string, string>>
  /** Whether the answer can be news: false where its cursor stands where it stood. */
  readonly moved: boolean
}

/** Stands where the answer says. */
export function moveTo({ cursor, cursorHeaders, cursorParams }: Position, resume: ResumeState): void {
  resume.cursor = cursor
  resume.cursorHeaders = cursorHeaders
  resume.cursorParams = cursorParams
}

/** The position of before. */
export function standStill({ cursor, cursorHeaders, cursorParams }: ResumeState, moved: boolean): Position {
  return { cursor, cursorHeaders, cursorParams, moved }
}

/** Where the validators of a response lead; one that a response lacks stays as it was. */
function afterValidators(headers: Headers, before: ResumeState): Position {
  const etag = textOf(headers, 'etag')
  const lastModified = textOf(headers, 'last-modified')
  const { 'If-None-Match': knownTag, 'If-Modified-Since': knownDate } = before.cursorHeaders
  if ((etag ?? knownTag) === knownTag && (lastModified ?? knownDate) === knownDate)
    return standStill(before, true)
  const cursorHeaders = {
    ...before.cursorHeaders,
    ...(etag !== undefined && { 'If-None-Match': etag }),
    ...(lastModified !== undefined && { 'If-Modified-Since': lastModified }),
  }
  const cursor = Object.values(cursorHeaders).join(' ') || undefined
  return { cursor, cursorHeaders, cursorParams: before.cursorParams, moved: true }
}

/** `isSecret` if the value came under the name of a secret; then, or if it is sent under one, the events do not tell it. */
function afterValue(
  value: string | undefined,
  param: string,
  before: ResumeState,
  isSecret = false,
): Position {
  if (value === undefined) return standStill(before, before.cursor === undefined)
  const cursorParams = { ...before.cursorParams, [param]: value }
  const { cursorHeaders } = before
  const cursor = isSecret || isSecretParam(param) ? MASK : value
  return { cursor, cursorHeaders, cursorParams, moved: value !== before.cursorParams[param] }
}

/** A received field as it is sent back, byte for byte. */
function textOf(headers: Headers, name: string): string | undefined {
  const value = field(headers, name)
  return value === undefined ? undefined : fieldText(value)
}

/** Where a response head leads. */
export function afterHead(cursor: Cursor, headers: Headers, before: ResumeState): Position {
  if (cursor.kind === 'auto') return afterValidators(headers, before)
  if (cursor.kind === 'header')
    return afterValue(textOf(headers, cursor.name), cursor.param, before, isSecretHeader(cursor.name))
  return standStill(before, true)
}

/** Where a body leads, for a cursor that stands there. Throws a `Failure` `BAD_CURSOR` for one that is no JSON. */
export function afterBody(
  { pointer, param }: Extract<Cursor, { readonly kind: 'json' }>,
  body: Uint8Array,
  before: ResumeState,
): Position {
  const isSecret = isSecretParam(pointer.slice(pointer.lastIndexOf('/') + 1))
  return afterValue(pointed(Buffer.from(body).toString(), pointer), param, before, isSecret)
}

/** Characters a cursor may have; servers refuse longer URLs (RFC 9110 section 4.1 asks for 8000 at least). */
const MAX_CURSOR = 8000

/** What the pointer points at, as text for a query. */
function pointed(json: string, pointer: string): string | undefined {
  const value = pointedAt(json, pointer)
  if (value !== undefined && value.length > MAX_CURSOR)
    throw new Failure(
      'BAD_CURSOR',
      `What stands at ${pointer} has ${value.length} characters, too many for a URL; use another cursor (--cursor), or none.`,
    )
  return value
}

function pointedAt(json: string, pointer: string): string | undefined {
  let value = lookUp(json, pointer)
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) value = lookUp(json, pointer, keepDigits)
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new Failure(
      'BAD_CURSOR',
      `The number at ${pointer} has more digits than this version of Node keeps; use Node 22 or newer.`,
    )
  return JSON.stringify(value)
}

function lookUp(json: string, pointer: string, reviver?: typeof keepDigits): unknown {
  try {
    const value: unknown = jsonpointer.get(JSON.parse(json, reviver), pointer)
    return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) return undefined
    throw new Failure(
      'BAD_CURSOR',
      `The answer is not JSON, so nothing stands at ${pointer}; use another cursor (--cursor), or none.`,
    )
  }
}

/** Integers beyond 2^53 as the digits they came as, where this Node tells them. */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const { source = '' } = context ?? {}
  return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? source : value
}
