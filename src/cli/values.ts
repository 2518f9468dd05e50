/** Readers of option values: each takes what was typed and returns what it means, or says what it must be. */
import { InvalidArgumentError } from 'commander'
import { maskingOf } from '../session/payload-masks.ts'
import { CURSOR_FORMS, isCursor } from '../shared/cursor.ts'
import { Failure } from '../shared/failure.ts'
import type { ReconnectPolicy } from '../shared/spec.ts'

/** The longest delay Node's timers take, in milliseconds. */
export const MAX_TIMER = 2 ** 31 - 1

/** Any text, as it was typed. */
export function text(value: string): string {
  return value
}

const SLOWEST = 0.01
const FASTEST = 10_000

/** How many times as fast as recorded; `max` does not wait at all. */
export function speed(value: string): number {
  if (value === 'max') return Number.POSITIVE_INFINITY
  const factor = /^(\d+\.?\d*|\.\d+)$/.test(value) ? Number(value) : Number.NaN
  if (!(factor >= SLOWEST && factor <= FASTEST))
    throw new InvalidArgumentError(`It must be max, or a number from ${SLOWEST} to ${FASTEST}.`)
  return factor
}

/** A reader of whole numbers in decimal from `min` to `max`. */
export function integer(min: number, max: number, unit: string): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= min && value <= max))
      throw new InvalidArgumentError(
        `It must be a whole number${unit && ` of ${unit}`} from ${min} to ${max}.`,
      )
    return value
  }
}

/** A time of more than 0 seconds, fractions allowed, as milliseconds. */
export function seconds(text: string): number {
  const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) * 1000 : Number.NaN
  if (!(value > 0 && value <= MAX_TIMER))
    throw new InvalidArgumentError(
      `It must be a number of seconds above 0 and up to ${Math.floor(MAX_TIMER / 1000)}.`,
    )
  return value
}

/** A request method (RFC 9110 section 9.1: a token). */
export function method(text: string): string {
  if (!TOKEN.test(text)) throw new InvalidArgumentError('It must be a method such as GET or POST.')
  return text
}

/** One name of the header `Sec-WebSocket-Protocol` (RFC 6455 section 4.1: a token). */
export function subprotocol(text: string): string {
  if (!TOKEN.test(text)) throw new InvalidArgumentError('It must be one name without spaces or commas.')
  return text
}

export function reconnect(text: string): ReconnectPolicy {
  if (text === 'never' || text === 'backoff') return text
  if (/^\d{1,10}$/.test(text) && Number(text) <= MAX_TIMER) return Number(text)
  throw new InvalidArgumentError('It must be never, backoff, or a number of milliseconds.')
}

/** How a poll resumes, in one of the forms of the spec. */
export function cursor(text: string): string {
  if (!isCursor(text))
    throw new InvalidArgumentError(
      `It must be ${CURSOR_FORMS}, such as header:X-Consul-Index:index or json:/next_batch:since.`,
    )
  return text
}

export function proxy(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new InvalidArgumentError('It must be a URL such as http://proxy.example:3128.')
  return text
}

/** An origin (RFC 6454 section 6.2), or `*` for any. */
export function origin(text: string): string {
  const isOrigin = URL.canParse(text) && new URL(text).host !== '' && /^[^/]+:\/\/[^/?#@]+\/?$/.test(text)
  if (text !== '*' && text !== 'null' && !isOrigin)
    throw new InvalidArgumentError('It must be an origin such as https://app.example, or * for any.')
  return text
}

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** What a field value may hold and HTTP/1.1 can carry: no control characters but tab, no character above U+00FF. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

export type HeaderField = readonly [name: string, value: string]

/** A file with a header field on each line; `-` is standard input. */
export interface HeaderFile {
  readonly file: string
}

/** `Name: value`, or `@FILE`. */
export function headerOrFile(text: string): HeaderField | HeaderFile {
  return text.startsWith('@') ? { file: text.slice(1) } : header(text)
}

/** `Name: value`; a value may be empty. */
export function header(text: string): HeaderField {
  const [name, value] = splitOnce(text, ':')
  if (value === undefined || !TOKEN.test(name))
    throw new InvalidArgumentError("It must be 'Name: value', with a name of letters, digits and hyphens.")
  const trimmed = trimBlanks(value)
  if (!FIELD_VALUE.test(trimmed))
    throw new InvalidArgumentError('Its value must be one line of characters that a header can carry.')
  return [name, trimmed]
}

/** Without the optional white space around a field value (RFC 9110 section 5.6.3). */
function trimBlanks(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && '\t '.includes(text.charAt(start))) start++
  while (end > start && '\t '.includes(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

/** What is to be masked in payloads: a field's name or a JSONPath. */
export function maskable(text: string): string {
  try {
    maskingOf({ mask: [text] })
    return text
  } catch (thrown) {
    throw thrown instanceof Failure ? new InvalidArgumentError(thrown.message) : thrown
  }
}

/** Adds up the values of an option that may be given more than once. */
export function repeated<T>(
  read: (text: string) => T,
): (text: string, before: readonly T[] | undefined) => T[] {
  return (text, before = []) => [...before, read(text)]
}

/** Before and after the first separator; the second is undefined where there is none. */
function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)]
}
