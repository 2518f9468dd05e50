/** Answers that open no stream, as sentences. */
import { STATUS_CODES } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { parseMediaType } from '../../parse/media-type.ts'
import { decodeUtf8 } from '../../parse/utf8.ts'
import { Failure } from '../../shared/failure.ts'
import type { HttpResponse } from '../http/exchange.ts'
import { hostAndPort } from '../http/failures.ts'
import { field } from '../http/fields.ts'

/** How long and how much of a refusal's body is waited for, in milliseconds and bytes. */
const EXCERPT_TIME = 300
const EXCERPT_SIZE = 2048
const EXCERPT_CHARS = 160

const HINTS: Readonly<Record<number, string>> = {
  400: 'check the URL, the method, the headers and the body',
  401: 'give credentials, for example an Authorization header',
  403: 'check the credentials and what the account may do',
  404: 'check the path of the URL',
  405: 'check the method',
  406: 'check the Accept header',
  410: 'the stream is gone; ask for a new one',
  415: 'check the Content-Type header of the body',
  429: 'slow down and try later',
}

function hintFor(status: number): string {
  if (status >= 500) return "look in the server's log, or try later"
  return HINTS[status] ?? 'check the URL, the method and the headers'
}

/** The status with its phrase: `404 Not Found`. */
export function statusText(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim()
}

/** RFC 9110: 408 and 425 ask for a repetition, 429 for a later one; 5xx may pass. */
export function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429
}

/**
 * The failure for a response whose status opens no `wanted` ("an event stream"), with the beginning of what
 * the server says of it. Reads and gives up the body.
 */
export async function statusFailure(response: HttpResponse, wanted: string): Promise<Failure> {
  const { status, url } = response
  const said = await excerpt(response)
  const quote = said === '' ? '' : ` ("${said}")`
  return new Failure(
    'HTTP_STATUS',
    `${hostAndPort(url)} answered ${statusText(status)}${quote} rather than ${wanted}; ${hintFor(status)}.`,
    status,
  )
}

/** The first words of a short text body; empty where there are none for people to read. */
async function excerpt(response: HttpResponse): Promise<string> {
  const { essence } = parseMediaType(field(response.headers, 'content-type') ?? '')
  if (!/^text\/plain$|[/+]json$/.test(essence)) {
    response.abort()
    return ''
  }
  const chunks: Uint8Array[] = []
  let size = 0
  const enough = new AbortController()
  const done = response.read({
    data(bytes) {
      if (size < EXCERPT_SIZE) chunks.push(bytes.slice(0, EXCERPT_SIZE - size))
      size += bytes.length
      if (size >= EXCERPT_SIZE) enough.abort()
    },
  })
  const timeout = delay(EXCERPT_TIME, undefined, { signal: enough.signal }).catch(() => {})
  await Promise.race([done, timeout])
  enough.abort()
  response.abort()
  const text = decodeUtf8(Buffer.concat(chunks))
    .replaceAll(/[\s\p{C}]+/gu, ' ')
    .trim()
  return text.length > EXCERPT_CHARS ? `${text.slice(0, EXCERPT_CHARS)}…` : text
}
