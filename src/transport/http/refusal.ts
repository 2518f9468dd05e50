/** Answers whose status brings nothing of what was asked for. */
import { setTimeout as delay } from 'node:timers/promises'
import { parseMediaType } from '../../parse/media-type.ts'
import { decodeUtf8 } from '../../parse/utf8.ts'
import type { Failure } from '../../shared/failure.ts'
import type { ResumeState } from '../transport.ts'
import type { HttpResponse } from './exchange.ts'
import { statusFailure } from './failures.ts'
import { contentTypeOf, field } from './fields.ts'

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
export async function refusal(response: HttpResponse, resume: ResumeState): Promise<Failure> {
  resume.retryAfter = retryAfter(field(response.headers, 'retry-after'))
  const words = await firstWords({
    contentType: contentTypeOf(response.headers),
    read: (take) => response.read({ data: take }),
  })
  response.abort()
  return statusFailure(response.status, response.url, words)
}

/** The first words of a text or JSON body; empty where there are none for people to read. */
export async function firstWords({ contentType = '', read }: WordyBody): Promise<string> {
  const { essence } = parseMediaType(contentType)
  if (!/^text\/plain$|[/+]json$/.test(essence)) return ''
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
  const text = decodeUtf8(Buffer.concat(chunks))
    .replaceAll(/[\s\p{C}]+/gu, ' ')
    .trim()
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
