/**
 * A short line of text for an event in a list. Secrets are masked, and the line has no line breaks or control
 * characters.
 */
import { isUtf8 } from 'node:buffer'
import { CLOSE_CODES } from '../shared/close-codes.ts'
import type { CloseEvent, OpenEvent, PayloadEvent, RealtimeEvent, ReconnectEvent } from '../shared/event.ts'
import { hasPayload, KIND_BIT } from '../shared/event-columns.ts'
import { reasonFirst } from '../shared/failure.ts'
import { maskSubprotocols, maskText, maskUrl } from '../shared/secrets.ts'
import { hasControls } from '../shared/text/controls.ts'
import { timeSpan } from '../shared/text/quantities.ts'
import { cutText } from '../shared/text/shortened.ts'
import type { Log } from './recording.ts'

/** Maximum length of a preview in UTF-16 code units. */
export const MAX_PREVIEW = 200
/** Bytes of a payload that are enough for a preview: a character takes up to 4 bytes (RFC 3629 section 3). */
const PAYLOAD_BYTES = 4 * MAX_PREVIEW
const HEX_BYTES = 48

type Lifecycle = Exclude<RealtimeEvent, PayloadEvent>

/** The preview of an event in a log. Reads only the beginning of a payload. */
export function preview(capture: Log, index: number): string {
  const { kind, size } = capture.row(index)
  if (!hasPayload(kind)) return previewEvent(capture.event(index))
  if (capture.isDropped(index)) return previewDropped(size)
  const beginning = capture.payload(index, PAYLOAD_BYTES) ?? new Uint8Array(0)
  return previewPayload(beginning, size, (kind & KIND_BIT.binary) !== 0)
}

/** The preview of a given event. */
export function previewEvent(event: RealtimeEvent): string {
  if (!('payload' in event)) return shorten(visible(sentence(event)))
  if (event.dropped !== undefined) return previewDropped(event.dropped)
  const isBinary = event.type === 'message' && event.opcode === 'binary'
  return previewPayload(event.payload.subarray(0, PAYLOAD_BYTES), event.payload.length, isBinary)
}

function previewDropped(size: number): string {
  return `payload not kept (${size} bytes)`
}

/**
 * The beginning of a payload of `size` bytes: as text if it is UTF-8, otherwise in hexadecimal. If it was sent as binary,
 * control characters show that it is not text.
 */
export function previewPayload(beginning: Uint8Array, size: number, isBinary = false): string {
  const whole = beginning.length === size
  const text = whole ? beginning : beginning.subarray(0, lastCharacterEnd(beginning))
  if (isUtf8(text) && !(isBinary && hasControls(text))) {
    const { buffer, byteOffset, byteLength } = text
    return shorten(visible(Buffer.from(buffer, byteOffset, byteLength).toString()), whole)
  }
  const hex = Array.from(beginning.subarray(0, HEX_BYTES), (byte) => byte.toString(16).padStart(2, '0'))
  return hex.join(' ') + (size > HEX_BYTES ? ' …' : '')
}

/** The end of the last complete UTF-8 character in bytes that may be cut off. */
function lastCharacterEnd(bytes: Uint8Array): number {
  let start = bytes.length - 1
  while (start > bytes.length - 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--
  const lead = bytes[start] ?? 0
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1
  return start + length <= bytes.length ? bytes.length : start
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be made visible
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** Replaces control characters by their symbols, and line separators and bidirectional marks by U+FFFD. */
function visible(text: string): string {
  return text.replaceAll(INVISIBLE, (character) => {
    const code = character.charCodeAt(0)
    if (code < 0x20) return String.fromCharCode(0x2400 + code)
    return code === 0x7f ? '\u2421' : '\ufffd'
  })
}

function shorten(text: string, whole = true): string {
  if (whole && text.length <= MAX_PREVIEW) return text
  return `${cutText(text, MAX_PREVIEW - 1)}…`
}

/** A text as one line of a preview. `isCut` says whether it goes on. */
export function previewText(text: string, isCut: boolean): string {
  return shorten(visible(text), !isCut)
}

/** A duration, with tenths below 10 milliseconds. */
export function formatDuration(ms: number): string {
  return ms < 10 ? `${Number(ms.toFixed(1))} ms` : timeSpan(ms)
}

function join(...parts: (string | undefined | false)[]): string {
  return parts.filter((part) => part !== undefined && part !== false && part !== '').join(' · ')
}

function sentence(event: Lifecycle): string {
  switch (event.type) {
    case 'connect':
      return join(
        `${event.method ?? (event.body === undefined ? 'GET' : 'POST')} ${maskUrl(event.url)}`,
        event.attempt > 0 && `attempt ${event.attempt}`,
      )
    case 'open':
      return openSentence(event)
    case 'request':
      return join(maskUrl(event.url ?? ''), event.cursor && `cursor ${maskText(event.cursor)}`)
    case 'response':
      return join(
        event.status !== undefined && String(event.status),
        event.held !== undefined && `held ${formatDuration(event.held)}`,
        event.empty && 'nothing new',
        event.cursor && `cursor ${maskText(event.cursor)}`,
        redirected(event),
        event.challenges !== undefined && `${event.challenges} refused`,
      )
    case 'close':
      return join(
        event.by === undefined ? 'closed' : `closed by ${event.by}`,
        closeCode(event),
        byRule(event),
      )
    case 'error':
      return reasonFirst(maskText(event.message))
    case 'reconnect':
      return reconnectSentence(event)
    case 'gap':
      return join(
        event.missed !== undefined && `${event.missed} missed`,
        event.repeated !== undefined && `${event.repeated} repeated`,
      )
    case 'pause':
      return `for ${formatDuration(event.duration)}`
    case 'mark':
      return join(event.text, byRule(event))
  }
}

function byRule({ rule }: Pick<CloseEvent, 'rule'>): string | undefined {
  return rule === undefined ? undefined : `by rule ${maskText(rule)}`
}

function openSentence(event: OpenEvent): string {
  return join(
    event.status !== undefined && String(event.status),
    event.httpVersion !== undefined && `HTTP/${event.httpVersion}`,
    event.subprotocol && maskSubprotocols([event.subprotocol])[0],
    event.extensions,
    event.framing,
    event.remoteAddress,
    redirected(event),
  )
}

function redirected({ redirects = [] }: Pick<OpenEvent, 'redirects'>): string | undefined {
  return redirects.length === 0 ? undefined : `${redirects.length} redirected`
}

function reconnectSentence(event: ReconnectEvent): string {
  return join(
    `reconnect ${event.attempt} in ${formatDuration(event.delay)}`,
    maskText(event.reason),
    event.lastEventId && `resumes after id ${maskText(event.lastEventId)}`,
    event.cursor && `resumes from ${maskText(event.cursor)}`,
  )
}

function closeCode(event: CloseEvent): string | undefined {
  const { code } = event
  const reason = event.reason === undefined ? undefined : maskText(event.reason)
  if (code === undefined) return reason
  const meaning = CLOSE_CODES[code]?.meaning
  return join(meaning === undefined ? String(code) : `${code} ${meaning}`, reason)
}
