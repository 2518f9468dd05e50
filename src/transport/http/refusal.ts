/** Answers whose status brings nothing of what was asked for. */
import { setTimeout as delay } from 'node:timers/promises'
import { parseMediaType } from '../../parse/media-type.ts'
import type { Failure } from '../../shared/failure.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { decodeUtf8 } from '../../shared/text/decode.ts'
import type { AttemptContext } from '../transport.ts'
import type { HttpResponse } from './exchange.ts'
import { statusAdvice, statusFailure } from './failures.ts'
import { contentTypeOf, field } from './fields.ts'
import { specRequest } from './spec-request.ts'

/** How long, in milliseconds, and for how many bytes the words of a refusal are waited for. */
const EXCERPT_TIME = 300
const EXCERPT_SIZE = 2048
const EXCERPT_CHARS = 160
/** A `Retry-After` of more than this, in milliseconds, is not waited for. */
const LONGEST_RETRY_AFTER = 60 * 60 * 1000

/** A body of which the beginning may be something for people to read. */
interface WordyBody {
  readonly contentType: string | undefined
  /** Settles at the body's end; `take` may still be called when no one listens any more. */
  read(take: (bytes: Uint8Array) => void): Promise<unknown>
}

/**
 * The failure for a response's status, with the beginning of what the server says of it; when it wants the next
 * attempt is noted. Gives the response up.
 */
export async function refusal(
  response: HttpResponse,
  { spec, resume }: Pick<AttemptContext, 'spec' | 'resume'>,
): Promise<Failure> {
  const { status, url, headers } = response
  resume.retryAfter = retryAfter(field(headers, 'retry-after'))
  const words = await wordsOf(response)
  const more = lacksType(status, spec) ? '; the body was sent without a Content-Type, which may be why' : ''
  return statusFailure(status, url, words, statusAdvice(status) + more)
}

/** The first words of a response's body, which is all that is read of it. Gives the response up. */
export async function wordsOf(response: HttpResponse): Promise<string> {
  const words = await firstWords({
    contentType: contentTypeOf(response.headers),
    read: (take) => response.read({ data: take }),
  })
  response.abort()
  return words
}

/** Whether a body whose type was not named may be why the server refuses the request. */
function lacksType(status: number, spec: ConnectionSpec): boolean {
  const { headers, body } = specRequest(spec)
  const isClientError = status >= 400 && status < 500
  return isClientError && body !== undefined && field(headers, 'content-type') === undefined
}

/** Media types whose bodies are not words for people: pages, and what is not text. */
const NOT_WORDS = /^(?:text\/html$|application\/xhtml\+xml$|image\/|audio\/|video\/|font\/)/
/** How an HTML page begins, whatever type it is said to have. */
const HTML = /^(?:<!doctype html|<html|<head|<body|<!--)/i

/** The first words of a body; empty if it is an HTML page or not text. */
export async function firstWords({ contentType = '', read }: WordyBody): Promise<string> {
  if (NOT_WORDS.test(parseMediaType(contentType).essence)) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  const enough = new AbortController()
  const end = read((bytes) => {
    if (size < EXCERPT_SIZE) chunks.push(bytes.slice(0, EXCERPT_SIZE - size))
    size += bytes.length
    if (size >= EXCERPT_SIZE) enough.abort()
  })
  // Rejects only when the wait is ended early.
  await Promise.race([end, delay(EXCERPT_TIME, undefined, { signal: enough.signal }).catch(() => {})])
  enough.abort()
  const body = decodeUtf8(Buffer.concat(chunks), false) ?? ''
  const text = body.replaceAll(/[\s\p{C}]+/gu, ' ').trim()
  if (HTML.test(text) || body.includes('\0')) return ''
  return text.length > EXCERPT_CHARS ? `${text.slice(0, EXCERPT_CHARS)}…` : text
}

/** A `Retry-After` (RFC 9110 section 10.2.3) in milliseconds from now; undefined where absent, bad or too long. */
export function retryAfter(value: string | undefined): number | undefined {
  // A date begins with the day of the week; JavaScript takes much else for one.
  if (value === undefined || !/^(?:\d+$|[A-Z][a-z]{2})/.test(value)) return undefined
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  if (Number.isNaN(milliseconds) || milliseconds > LONGEST_RETRY_AFTER) return undefined
  return Math.max(0, milliseconds)
}
