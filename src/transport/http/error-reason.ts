/** The reason that a server gives for an error, out of the fields in which APIs commonly send it. */
import { type Headers, readableField } from '../../shared/headers.ts'
import { maskText } from '../../shared/secrets.ts'
import { field } from './fields.ts'

/** Longest reason, in characters. */
const MAX_REASON = 120

/** Fields with a short code, and with text for people (RFC 6749, RFC 9457, and the APIs of common frameworks). */
const CODES = ['error', 'code', 'type'] as const
const TEXTS = ['message', 'detail', 'error_description', 'title', 'reason', 'description'] as const

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function textIn(object: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = object[name]
    if (typeof value === 'string' && value.trim() !== '') return withoutEnd(value)
  }
  return undefined
}

/** The object that describes the error: it may be in `error`, or the first of `errors`. */
function described(json: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (isObject(json.error)) return json.error
  const [first] = Array.isArray(json.errors) ? json.errors : []
  if (typeof first === 'string') return { message: first }
  return isObject(first) ? first : json
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Text without the white space and the full stop at its end. */
function withoutEnd(text: string): string {
  return text.trim().replace(/\.$/, '')
}

/** Short, in one line, without secrets, and without what ends the reason in a sentence. */
function tidy(text: string): string {
  const line = maskText(text.replaceAll(/[\s\p{C}]+/gu, ' ').trim()).replaceAll(';', ',')
  return line.length > MAX_REASON ? `${line.slice(0, MAX_REASON)}…` : line
}

/** The reason in the body of an error, other than its status `phrase`; undefined if it has none. */
function reasonInBody(body: string, phrase: string): string | undefined {
  const json = parsed(body)
  if (typeof json === 'string') return json
  if (!isObject(json)) return undefined
  const error = described(json)
  const isNew = (text: string | undefined) => text?.toLowerCase() !== phrase.toLowerCase()
  const text = [textIn(error, TEXTS)].find(isNew)
  // A `type` is often the URL of a page.
  const code = [textIn(error, CODES)].find((each) => isNew(each) && !each?.includes('://'))
  // A text for people says more than the code, unless the code is the only thing in `error`.
  if (text === undefined || code === undefined) return text ?? code
  return error === json && typeof json.error === 'string' && text !== code ? `${code} (${text})` : text
}

/** The reason in a challenge (RFC 6750 section 3). */
function reasonInChallenge(headers: Headers): string | undefined {
  const challenge = field(headers, 'www-authenticate') ?? ''
  return /\berror_description="([^"]+)"/.exec(challenge)?.[1] ?? /\berror="([^"]+)"/.exec(challenge)?.[1]
}

/** Why a server refused a request, as it says itself: "token_expired". Undefined if it does not. */
export function errorReason(body: string, headers: Headers, phrase: string): string | undefined {
  const reason = reasonInBody(body, phrase) ?? reasonInChallenge(headers)
  const text = reason === undefined ? '' : tidy(withoutEnd(readableField(reason)))
  return text === '' ? undefined : text
}
