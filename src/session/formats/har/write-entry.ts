/** The entry of a draft, without its lists of messages and its body, which can be too large for memory. */

import { isUtf8 } from 'node:buffer'
import { asBuffer } from '../../../capture/search/event-text.ts'
import type { ConnectEvent, Headers, OpenEvent, ResponseEvent } from '../../../shared/event.ts'
import { toMicroseconds } from '../../../shared/numbers.ts'
import { isPolling } from '../../../shared/transports.ts'
import { field } from '../../../transport/http/fields.ts'
import { bodyBytes } from '../../../transport/http/spec-request.ts'
import { timestamp } from '../timestamp.ts'
import type { Draft } from './entry-draft.ts'
import { epochSeconds, UNKNOWN_TYPE } from './written-har.ts'

/** The URL of an entry if the recording lacks the start of the connection. */
const NO_URL = 'about:blank'

function pairs(headers: Headers) {
  return Object.entries(headers).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map((value) => ({ name, value })),
  )
}

function queryString(url: string) {
  if (!URL.canParse(url)) return []
  return [...new URL(url).searchParams].map(([name, value]) => ({ name, value }))
}

function version(draft: Draft): string {
  return draft.open?.httpVersion === undefined ? '' : `HTTP/${draft.open.httpVersion}`
}

function asBody(payload: Uint8Array): NonNullable<ConnectEvent['body']> {
  const bytes = asBuffer(payload)
  return isUtf8(bytes) ? bytes.toString() : { base64: bytes.toString('base64') }
}

/** The event with the sizes of the heads. With redirects, they are those of several requests. */
function headOf({ open, response }: Draft): OpenEvent | ResponseEvent | undefined {
  const event = response ?? open
  return event?.redirects === undefined && event?.challenges === undefined ? event : undefined
}

/** The request of an entry, as far as it was recorded. `_content` (HTTP Toolkit) is a body that is not text. */
export function toRequest(draft: Draft) {
  const { spec, connect, request } = draft
  const url = request?.url ?? connect?.url ?? spec?.url ?? NO_URL
  const headers = request?.headers ?? connect?.headers ?? spec?.headers ?? {}
  const body =
    draft.kind === 'websocket' ? undefined : draft.sent === undefined ? spec?.body : asBody(draft.sent)
  const size = bodyBytes(body)?.length ?? 0
  const mimeType = field(headers, 'content-type') ?? UNKNOWN_TYPE
  return {
    method: draft.kind === 'websocket' ? 'GET' : (spec?.method ?? (body === undefined ? 'GET' : 'POST')),
    url,
    httpVersion: version(draft),
    cookies: [],
    headers: pairs(headers),
    queryString: queryString(url),
    ...(typeof body === 'string' ? { postData: { mimeType, params: [], text: body } } : {}),
    ...(typeof body === 'object' ? { _content: { text: body.base64, size, encoding: 'base64' } } : {}),
    headersSize: headOf(draft)?.requestHeadSize ?? -1,
    bodySize: size,
  }
}

/** `text` is a placeholder for the body. `_error` (Chrome) says why the request failed. */
export function toResponse(draft: Draft, text: string) {
  const { open, response, error, body, kind, bodyIsText } = draft
  const headers = response?.headers ?? open?.headers ?? {}
  const rebuilt = body.size > 0 && (kind === 'sse' || kind === 'http-stream')
  return {
    status: response?.status ?? open?.status ?? error?.status ?? 0,
    statusText: '',
    httpVersion: version(draft),
    cookies: [],
    headers: pairs(headers),
    content: {
      size: body.size,
      mimeType: field(headers, 'content-type') ?? UNKNOWN_TYPE,
      ...(body.size > 0 ? { text } : {}),
      ...(body.size > 0 && !bodyIsText ? { encoding: 'base64' } : {}),
      ...(rebuilt ? { comment: 'Reassembled from the records of the stream.' } : {}),
    },
    redirectURL: '',
    headersSize: headOf(draft)?.headSize ?? -1,
    bodySize: -1,
    _error: error?.message,
  }
}

function micro(ms: number): number {
  return toMicroseconds(Math.max(ms, 0))
}

/**
 * Start and timings of an entry, in milliseconds. -1 for a phase that did not happen (HAR 1.2, `timings`). `ssl` is part
 * of `connect`, and `time` is the sum of the timings.
 */
export function toSpan(draft: Draft, startedAt: Date) {
  const { request, response, open } = draft
  const start = request?.time ?? draft.start
  const phases = response?.timing ?? open?.timing ?? {}
  const dns = phases.dns ?? -1
  const ssl = phases.tls ?? -1
  const connect = phases.tcp === undefined ? -1 : phases.tcp + Math.max(ssl, 0)
  const before = Math.max(dns, 0) + Math.max(connect, 0)
  const head = response?.time ?? open?.time ?? draft.end
  const wait = Math.max(head - start - before, 0)
  const end = isPolling(draft.kind) ? (draft.answered ?? head) : draft.end
  const timings = {
    blocked: -1,
    dns: dns < 0 ? -1 : micro(dns),
    connect: connect < 0 ? -1 : micro(connect),
    ssl: ssl < 0 ? -1 : micro(ssl),
    send: 0,
    wait: micro(wait),
    receive: micro(end - head),
  }
  return {
    startedDateTime: timestamp(startedAt, start) ?? startedAt.toISOString(),
    time: micro(before + timings.wait + timings.receive),
    timings,
  }
}

/** HAR has separate fields for the address, without brackets, and the port. */
export function toAddress({ open }: Draft): { serverIPAddress?: string; connection?: string } {
  const address = open?.remoteAddress
  if (address === undefined) return {}
  const withPort = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(address)
  if (withPort === null) return { serverIPAddress: address.replace(/^\[(.*)\]$/, '$1') }
  return { serverIPAddress: withPort[1] ?? withPort[2] ?? address, connection: withPort[3] ?? '' }
}

/** As HTTP Toolkit writes it: "aborted" if there was no close frame (code 1006, RFC 6455 section 7.1.5). */
export function toClose({ close }: Draft, startedAt: Date) {
  if (close === undefined) return undefined
  if (close.code === undefined || close.code === 1006) return 'aborted'
  const { code, reason = '', time } = close
  return { code, reason, timestamp: epochSeconds(startedAt, time) }
}
