/** Where a poll resumes, in the short forms of command lines and settings. */
import { Failure } from './failure.ts'

export type Cursor =
  | { readonly kind: 'none' }
  /** ETag and Last-Modified, sent back as conditions (RFC 9110 section 13.1). */
  | { readonly kind: 'auto' }
  /** Copies a response header field to a query parameter. */
  | { readonly kind: 'header'; readonly name: string; readonly param: string }
  /** Copies the value at a JSON pointer (RFC 6901) in the body to a query parameter. */
  | { readonly kind: 'json'; readonly pointer: string; readonly param: string }

export const CURSOR_FORMS = 'auto, none, header:NAME:PARAM or json:/pointer:PARAM'

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
  // RFC 6901 section 3: reference tokens each begin with a slash; ~ only as ~0 or ~1.
  if (!source.startsWith('/') || /~(?![01])/.test(source)) throw bad(text, 'does not contain a JSON pointer')
  return { kind, pointer: source, param }
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
