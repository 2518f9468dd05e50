/** Header fields as people write them, a line each. */
import * as v from 'valibot'
import { Failure } from '../shared/failure.ts'
import type { Headers } from '../shared/headers.ts'
import type { ConnectionSpec } from '../shared/spec.ts'
import { token } from './spec-fields.ts'

export type HeaderField = readonly [name: string, value: string]

/** What a field value may hold and HTTP/1.1 can carry: no control characters but tab, no character above U+00FF. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
const FORM = "'Name: value', with a name of letters, digits and hyphens"

/** One field that was read from a line. */
export const headerField = v.tuple(
  [
    token(FORM),
    v.pipe(
      v.string(`must be ${FORM}`),
      v.regex(FIELD_VALUE, 'must have a value of one line, in characters that a header can carry'),
    ),
  ],
  `must be ${FORM}`,
)

/** The parts of `Name: value`, the value trimmed; the value is undefined if there is no colon. */
export function splitHeaderLine(line: string): [name: string, value: string | undefined] {
  const colon = line.indexOf(':')
  return colon < 0 ? [line, undefined] : [line.slice(0, colon), trimBlanks(line.slice(colon + 1))]
}

/** Removes the optional white space around a field value (RFC 9110 section 5.6.3). */
function trimBlanks(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && '\t '.includes(text.charAt(start))) start++
  while (end > start && '\t '.includes(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

/** Fields with the same name, in any case, become one header with all their values. */
export function groupHeaders(fields: readonly HeaderField[]): Headers {
  const byName = new Map<string, { readonly name: string; readonly values: string[] }>()
  for (const [name, value] of fields) {
    const key = name.toLowerCase()
    const header = byName.get(key) ?? { name, values: [] }
    header.values.push(value)
    byName.set(key, header)
  }
  return Object.fromEntries(
    [...byName.values()].map(({ name, values }) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  )
}

/**
 * Sets the header that was typed as `Name: value`, in place of one with that name in any case. Without a value, removes
 * it. Throws a `Failure` `BAD_SPEC` if the line has no name or no colon.
 */
export function withHeader(spec: ConnectionSpec, line: string): ConnectionSpec {
  if (line.trim() === '') return spec
  const [typed, value] = splitHeaderLine(line.trim())
  const name = typed.trim()
  if (name === '' || value === undefined) throw new Failure('BAD_SPEC', 'A header is written as Name: value.')
  const others = Object.entries(spec.headers ?? {}).filter(
    ([other]) => other.toLowerCase() !== name.toLowerCase(),
  )
  return { ...spec, headers: Object.fromEntries(value === '' ? others : [...others, [name, value]]) }
}
