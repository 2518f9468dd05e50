/** Responses that refuse a request: their failure, with what the server says about it. */
import { STATUS_CODES } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { parseMediaType } from '../../parse/media-type.ts'
import type { Failure } from '../../shared/failure.ts'
import type { Headers } from '../../shared/headers.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { decodeUtf8 } from '../../shared/text/decode.ts'
import type { AttemptContext } from '../transport.ts'
import { errorReason } from './error-reason.ts'
import { type HttpResponse, readBody } from './exchange.ts'
import { type SaidInBody, statusAdvice, statusFailure } from './failures.ts'
import { contentTypeOf, field } from './fields.ts'
import { specRequest } from './spec-request.ts'

/** Longest wait for an excerpt of a body, in milliseconds. */
const EXCERPT_TIME = 300
/** Bytes from which the excerpt is made, and its length in characters. */
const EXCERPT_SIZE = 2048
const EXCERPT_CHARS = 160
/** A longer `Retry-After`, in milliseconds, is ignored. */
const LONGEST_RETRY_AFTER = 60 * 60 * 1000

/** A response whose body may contain text for people. */
interface ExcerptSource {
  readonly status: number
  readonly headers: Headers
  readonly contentType: string | undefined
  /** Resolves at the body's end. It may call `take` after the excerpt is complete. */
  read(take: (bytes: Uint8Array) => void): Promise<unknown>
}

/**
 * The failure for a response's status, with an excerpt of its body. Stores its `Retry-After` in the resume state. Aborts
 * the response.
 */
export async function refusal(
  response: HttpResponse,
  { spec, resume }: Pick<AttemptContext, 'spec' | 'resume'>,
): Promise<Failure> {
  const { status, url, headers } = response
  resume.retryAfter = retryAfter(field(headers, 'retry-after'))
  const said = await readAnswer(response)
  const more = lacksType(status, spec)
    ? '; the body was sent without a Content-Type, which may be the reason'
    : ''
  return statusFailure(status, url, said, statusAdvice(status) + more)
}

/** The beginning of a response's body, as text for people. Aborts the response. */
export async function excerptOf(response: HttpResponse): Promise<string> {
  return (await readAnswer(response)).excerpt
}

async function readAnswer(response: HttpResponse): Promise<SaidInBody> {
  const { status, headers } = response
  const said = await readExcerpt({
    status,
    headers,
    contentType: contentTypeOf(headers),
    read: (take) => readBody(response, { data: take }),
  })
  response.abort()
  return said
}

/** Whether the server may have refused the request because its body has no Content-Type. */
function lacksType(status: number, spec: ConnectionSpec): boolean {
  const { headers, body } = specRequest(spec)
  const isClientError = status >= 400 && status < 500
  return isClientError && body !== undefined && field(headers, 'content-type') === undefined
}

/** Media types whose bodies are not suitable as an excerpt: HTML pages, and binary data. */
const NOT_TEXT = /^(?:text\/html$|application\/xhtml\+xml$|image\/|audio\/|video\/|font\/)/
/** The beginning of an HTML page, whatever its Content-Type. */
const HTML = /^(?:<!doctype html|<html|<head|<body|<!--)/i

/** What the body of a response says: its beginning in one line, empty if it is an HTML page or binary. */
export async function readExcerpt({
  status,
  headers,
  contentType = '',
  read,
}: ExcerptSource): Promise<SaidInBody> {
  const { essence } = parseMediaType(contentType)
  const isText = !NOT_TEXT.test(essence)
  const body = isText || (status === 400 && essence === 'text/html') ? await readBeginning(read) : ''
  const text = body.replaceAll(/[\s\p{C}]+/gu, ' ').trim()
  const certificate = certificateProblem(body)
  if (certificate !== undefined) return certificate
  const isForPeople = isText && !HTML.test(text) && !body.includes('\0')
  const reason = errorReason(isForPeople ? body : '', headers, STATUS_CODES[status] ?? '')
  return {
    excerpt: isForPeople ? shortened(text) : '',
    ...(reason !== undefined && { reason }),
  }
}

/** The pages with which nginx refuses client certificates (https://nginx.org/en/docs/http/ngx_http_ssl_module.html#errors). */
const CERTIFICATE_PAGES: Readonly<Record<string, string>> = {
  'No required SSL certificate was sent':
    'the server requires a client certificate, so give one (in the terminal: --cert and --key; in the editor: in the form, or in the setting realtimeInspector.certificates)',
  'The SSL certificate error':
    'the server does not accept the client certificate, so check that it is for this server and has not expired',
}

function certificateProblem(body: string): SaidInBody | undefined {
  const [, title = ''] = /<title>400 ([^<]{1,100})<\/title>/i.exec(body) ?? []
  return Object.hasOwn(CERTIFICATE_PAGES, title)
    ? { excerpt: '', reason: title, advice: CERTIFICATE_PAGES[title] ?? '' }
    : undefined
}

function shortened(text: string): string {
  return text.length > EXCERPT_CHARS ? `${text.slice(0, EXCERPT_CHARS)}…` : text
}

async function readBeginning(read: ExcerptSource['read']): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  const enough = new AbortController()
  const end = read((bytes) => {
    if (size < EXCERPT_SIZE) chunks.push(bytes.slice(0, EXCERPT_SIZE - size))
    size += bytes.length
    if (size >= EXCERPT_SIZE) enough.abort()
  })
  // Rejects only if the wait is ended early.
  await Promise.race([end, delay(EXCERPT_TIME, undefined, { signal: enough.signal }).catch(() => {})])
  enough.abort()
  return decodeUtf8(Buffer.concat(chunks), false) ?? ''
}

/**
 * A `Retry-After` (RFC 9110 section 10.2.3) in milliseconds from now; undefined if it is absent, invalid or too long.
 */
export function retryAfter(value: string | undefined): number | undefined {
  // A date begins with the day of the week. `Date.parse` accepts much else.
  if (value === undefined || !/^(?:\d+$|[A-Z][a-z]{2})/.test(value)) return undefined
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  if (Number.isNaN(milliseconds) || milliseconds > LONGEST_RETRY_AFTER) return undefined
  return Math.max(0, milliseconds)
}
