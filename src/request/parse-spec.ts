/** The one boundary where a connection's specification comes in from outside: commands, the panel, other extensions. */
import * as v from 'valibot'
import { CURSOR_FORMS, isCursor } from '../shared/cursor.ts'
import { Failure } from '../shared/failure.ts'
import { type ConnectionSpec, FRAMINGS, TRANSPORTS } from '../shared/spec.ts'
import { parseUrl } from '../shared/url.ts'

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/
/** RFC 9110 section 5.5 forbids CR, LF and NUL in a field value; other controls do not survive the way either. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const FIELD_VALUE = /^[^\x00-\x08\x0a-\x1f\x7f]*$/
/** Largest delay a timer takes. */
const MAX_DELAY = 2 ** 31 - 1
const MAX_TEXT = 64 * 1024 * 1024

const text = v.pipe(v.string('must be text'), v.maxLength(MAX_TEXT, 'is too long'))
const token = (what: string) => v.pipe(text, v.regex(TOKEN, `must be ${what}`))
const fieldValue = v.pipe(text, v.regex(FIELD_VALUE, 'must be one line of text'))

function whole(from: number, to: number) {
  const say = `must be a whole number from ${from} to ${to}`
  return v.pipe(v.number(say), v.integer(say), v.minValue(from, say), v.maxValue(to, say))
}

const oneOf = <const T extends readonly string[]>(options: T) =>
  v.picklist(options, `must be one of ${options.join(', ')}`)

/** What is wrong with an object: it is none, it lacks a field, or it has one too many. */
function fields(object: string) {
  return (issue: v.StrictObjectIssue): string => {
    if (issue.expected === 'never') return 'is not something a connection has; check its spelling'
    return issue.expected === 'Object' ? `must be ${object}` : 'is missing'
  }
}

const delay = whole(0, MAX_DELAY)

const reconnect = v.union(
  [v.picklist(['never', 'backoff']), delay],
  `must be never, backoff, or milliseconds from 0 to ${MAX_DELAY}`,
)

const body = v.union(
  [text, v.strictObject({ base64: v.pipe(text, v.base64()) })],
  'must be text, or an object with the bytes in "base64"',
)

const tls = v.strictObject(
  {
    insecure: v.optional(v.boolean('must be true or false')),
    ca: v.optional(v.array(text, 'must be a list of PEM texts')),
    cert: v.optional(text),
    key: v.optional(text),
    plainRedirects: v.optional(v.boolean('must be true or false')),
  },
  fields('an object of TLS options'),
)

const spec = v.strictObject(
  {
    url: v.string('must be text such as ws://localhost:8080/'),
    transport: v.optional(oneOf(['auto', ...TRANSPORTS])),
    method: v.optional(token('an HTTP method such as POST')),
    headers: v.optional(
      v.record(
        token('a header name'),
        v.union([fieldValue, v.array(fieldValue)], 'must be one line of text, or a list of such lines'),
        'must be an object of names and values',
      ),
    ),
    body: v.optional(body),
    subprotocols: v.optional(v.array(token('a subprotocol name'), 'must be a list of names')),
    reconnect: v.optional(reconnect),
    maxAttempts: v.optional(whole(0, Number.MAX_SAFE_INTEGER)),
    interval: v.optional(delay),
    timeout: v.optional(whole(1, MAX_DELAY)),
    framing: v.optional(oneOf(FRAMINGS)),
    cursor: v.optional(v.pipe(text, v.check(isCursor, `must be ${CURSOR_FORMS}`))),
    tls: v.optional(tls),
    proxy: v.optional(text),
    maxMessageSize: v.optional(whole(1, 2 ** 32 - 2)),
    compression: v.optional(v.boolean('must be true or false')),
  },
  fields('an object with a "url"'),
)

function sentence(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue)
  return path === null
    ? `What to connect to ${issue.message}.`
    : `The connection's ${JSON.stringify(path)} ${issue.message}.`
}

/**
 * A connection's specification from anything. Throws a `Failure`: `BAD_SPEC` naming the field that is
 * wrong and what it must be, or `BAD_URL`.
 */
export function parseSpec(input: unknown): ConnectionSpec {
  const result = v.safeParse(spec, input, { abortEarly: true })
  if (!result.success) throw new Failure('BAD_SPEC', sentence(result.issues[0]))
  parseUrl(result.output.url, result.output.transport)
  return result.output
}
