/**
 * What each field of a connection's specification must be. A schema's message continues a sentence about the value:
 * `must be …`.
 */

import * as v from 'valibot'
import { API_KEY_PLACES, SIGNATURE_PLACES } from '../shared/credentials.ts'
import { CURSOR_FORMS, isCursor } from '../shared/cursor.ts'
import { pathSteps } from '../shared/json-path.ts'
import { type ConnectionSpec, FRAMINGS, HTTP_VERSIONS } from '../shared/spec.ts'
import { SPOKEN_NAMES } from '../shared/spoken/table.ts'
import { MAX_TIMER_DELAY } from '../shared/timer-delay.ts'
import { TRANSPORTS } from '../shared/transports.ts'

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/
/** RFC 9110 section 5.5 forbids CR, LF and NUL in a field value. Other controls do not survive the transfer either. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const FIELD_VALUE = /^[^\x00-\x08\x0a-\x1f\x7f]*$/
/** An absolute path, or a named pipe of Windows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const SOCKET_PATH = /^(?:\/|[\\/]{2}[.?][\\/]pipe[\\/])[^\x00-\x1f\x7f]+$/
const MAX_SOCKET_PATH = 1024
const MIN_PING_INTERVAL = 10
const MAX_TEXT = 64 * 1024 * 1024

export const text = v.pipe(v.string('must be text'), v.maxLength(MAX_TEXT, 'is too long'))
export const token = (what: string) => v.pipe(text, v.regex(TOKEN, `must be ${what}`))
const fieldValue = v.pipe(text, v.regex(FIELD_VALUE, 'must be one line of text'))
export const toggle = v.boolean('must be true or false')

/** A whole number; `unit` is plural, or empty for a count. */
export function whole(from: number, to: number, unit = '') {
  const message = `must be a whole number from ${from} to ${to}${unit && `, in ${unit}`}`
  return v.pipe(v.number(message), v.integer(message), v.minValue(from, message), v.maxValue(to, message))
}

const oneOf = <const T extends readonly string[]>(options: T) =>
  v.picklist(options, `must be one of ${options.join(', ')}`)

/** The message for a value that is not an object, lacks a field, or has an unknown field. */
export function objectMessage(object: string) {
  return (issue: v.StrictObjectIssue): string => {
    if (issue.expected === 'never') return 'is not a known option; check its spelling'
    return issue.expected === 'Object' ? `must be ${object}` : 'is missing'
  }
}

/** A text without a colon (RFC 7617 section 2). */
const user = v.pipe(fieldValue, v.excludes(':', 'must have no colon'))

const OAUTH = v.strictObject(
  {
    kind: v.literal('oauth2'),
    name: text,
    settings: v.record(v.string(), text, 'must be an object of texts'),
  },
  objectMessage('OAuth 2 credentials'),
)

const CREDENTIALS = v.variant(
  'kind',
  [
    v.strictObject({ kind: v.literal('basic'), user, password: text }, objectMessage('basic credentials')),
    v.strictObject({ kind: v.literal('bearer'), token: fieldValue }, objectMessage('bearer credentials')),
    v.strictObject(
      {
        kind: v.literal('api-key'),
        in: oneOf(API_KEY_PLACES),
        name: v.pipe(text, v.nonEmpty('must be the name of a header, a parameter or a subprotocol')),
        value: fieldValue,
      },
      objectMessage('an API key'),
    ),
    v.strictObject(
      { kind: v.literal('digest'), user: text, password: text },
      objectMessage('credentials for digest authentication'),
    ),
    v.strictObject(
      {
        kind: v.literal('aws'),
        accessKeyId: v.pipe(fieldValue, v.nonEmpty('must be an access key ID such as AKIAIOSFODNN7EXAMPLE')),
        secretAccessKey: text,
        sessionToken: v.optional(fieldValue),
        region: v.optional(fieldValue),
        service: v.optional(fieldValue),
        in: oneOf(SIGNATURE_PLACES),
      },
      objectMessage('credentials for AWS'),
    ),
    OAUTH,
  ],
  'must be an object whose kind is that of credentials, such as {"kind": "bearer", "token": "…"}',
)

/** Every field of a specification, required. */
export const SPEC_FIELDS = {
  url: v.string('must be text such as ws://localhost:8080/'),
  transport: oneOf(['auto', ...TRANSPORTS]),
  http: oneOf(HTTP_VERSIONS),
  method: token('an HTTP method such as POST'),
  headers: v.record(
    token('a header name'),
    v.union([fieldValue, v.array(fieldValue)], 'must be one line of text, or a list of such lines'),
    'must be an object of names and values',
  ),
  body: v.union(
    [text, v.strictObject({ base64: v.pipe(text, v.base64()) })],
    'must be text, or an object with the bytes in "base64"',
  ),
  subprotocols: v.array(token('a subprotocol name, without spaces or commas'), 'must be a list of names'),
  credentials: CREDENTIALS,
  tokens: v.record(v.string(), OAUTH, 'must be an object of OAuth 2 credentials'),
  reconnect: v.union(
    [v.picklist(['never', 'backoff']), whole(0, MAX_TIMER_DELAY)],
    `must be never, backoff, or milliseconds from 0 to ${MAX_TIMER_DELAY}`,
  ),
  maxAttempts: whole(0, Number.MAX_SAFE_INTEGER),
  interval: whole(0, MAX_TIMER_DELAY, 'milliseconds'),
  timeout: whole(1, MAX_TIMER_DELAY, 'milliseconds'),
  framing: oneOf(FRAMINGS),
  cursor: v.pipe(
    text,
    v.check(
      isCursor,
      `must be ${CURSOR_FORMS}, such as header:X-Consul-Index:index or json:/next_batch:since`,
    ),
  ),
  tls: v.strictObject(
    {
      insecure: v.optional(toggle),
      ca: v.optional(v.array(text, 'must be a list of PEM texts')),
      cert: v.optional(text),
      key: v.optional(text),
      passphrase: v.optional(text),
      plainRedirects: v.optional(toggle),
    },
    objectMessage('an object of TLS options'),
  ),
  cookieJar: toggle,
  asBrowser: toggle,
  proxy: text,
  socketPath: v.pipe(
    text,
    v.maxLength(MAX_SOCKET_PATH, 'is too long'),
    v.regex(
      SOCKET_PATH,
      'must be an absolute path such as /var/run/docker.sock, or \\\\.\\pipe\\NAME on Windows',
    ),
  ),
  maxMessageSize: whole(1, 2 ** 32 - 2, 'bytes'),
  plainResponse: toggle,
  compression: toggle,
  pingInterval: whole(MIN_PING_INTERVAL, MAX_TIMER_DELAY, 'milliseconds'),
  decoder: token('the name of a decoder, or none'),
  latencyField: v.pipe(
    text,
    v.check(
      (path) => pathSteps(path) !== undefined,
      'must be a JSONPath of names and positions, such as $.sentAt',
    ),
  ),
  protocol: oneOf(SPOKEN_NAMES),
  protocolOptions: v.record(v.string(), v.unknown(), 'must be an object of options of the protocol'),
} satisfies Record<keyof ConnectionSpec, v.GenericSchema>
