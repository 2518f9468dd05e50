/** Where a poll or an HTTP stream resumes, in the short forms of command lines and settings. */
import { Failure } from './failure.ts'
import { type PathStep, pathSteps } from './json-path.ts'

export type Cursor =
  | { readonly kind: 'none' }
  /** ETag and Last-Modified, sent back as conditions (RFC 9110 section 13.1). */
  | { readonly kind: 'auto' }
  /** Copies a response header field to a query parameter. */
  | { readonly kind: 'header'; readonly name: string; readonly param: string }
  | JsonCursor

/** Copies a value of the body, or of each record of a stream, to a query parameter. */
export interface JsonCursor {
  readonly kind: 'json'
  /** A JSON pointer (RFC 6901), or names and positions; a position below 0 counts from the end. */
  readonly at: string | readonly PathStep[]
  /** The place as it is written, for people. */
  readonly shown: string
  /** The parameter is the value plus 1. */
  readonly isNext: boolean
  readonly param: string
}

export const CURSOR_FORMS = 'auto, none, header:NAME:PARAM, json:/pointer:PARAM or json:$.path:PARAM'

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/

function bad(text: string, why: string): Failure {
  return new Failure('BAD_CURSOR', `The cursor "${text.slice(0, 200)}" ${why}; write ${CURSOR_FORMS}.`)
}

/** Parses the `cursor` of a spec; undefined means `auto`. Throws a `Failure` `BAD_CURSOR`. */
export function parseCursor(text: string | undefined): Cursor {
  if (text === undefined || text === 'auto') return { kind: 'auto' }
  if (text === 'none') return { kind: 'none' }
  const [kind, rest] = splitOnce(text, text.indexOf(':'))
  const [source, param] = splitOnce(rest, rest.lastIndexOf(':'))
  if (kind !== 'header' && kind !== 'json') throw bad(text, 'has an unknown kind')
  if (param === '') throw bad(text, 'does not name a query parameter')
  if (kind === 'header') {
    if (!TOKEN.test(source)) throw bad(text, 'does not name a header field')
    return { kind, name: source.toLowerCase(), param }
  }
  if (source.startsWith('$')) return fromPath(text, source, param)
  // RFC 6901 section 3: reference tokens each begin with a slash; ~ only as ~0 or ~1.
  if (!source.startsWith('/') || /~(?![01])/.test(source)) throw bad(text, 'does not contain a JSON pointer')
  return { kind, at: source, shown: source, isNext: false, param }
}

/** Reads `$.result[-1].id+1`. */
function fromPath(text: string, source: string, param: string): JsonCursor {
  const isNext = source.endsWith('+1')
  const shown = isNext ? source.slice(0, -2) : source
  const at = pathSteps(shown)
  if (at === undefined)
    throw bad(text, 'does not contain a JSONPath of names and positions, such as $.result[-1].id')
  return { kind: 'json', at, shown, isNext, param }
}

export function isCursor(text: string): boolean {
  try {
    parseCursor(text)
    return true
  } catch {
    return false
  }
}

function splitOnce(text: string, at: number): [string, string] {
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
