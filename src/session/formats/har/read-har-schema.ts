/**
 * The HAR fields that are read. Only the needed fields are required: Firefox leaves out timings, sizes and titles,
 * Charles writes null instead of strings, and cookie formats vary.
 */
import * as v from 'valibot'
import { AUTOMATIC } from '../../../shared/spec.ts'
import { connection, count } from '../../line-fields.ts'
import { DIRECTIONS } from './list-item.ts'

const text = v.fallback(v.string(), '')
const number = v.fallback(v.pipe(v.number(), v.finite()), -1)
const pair = v.object({ name: v.string(), value: text })
const headers = v.fallback(v.array(pair), [])
const size = optional(count)
const date = v.pipe(
  v.string(),
  v.transform((date) => Date.parse(date)),
  v.finite(),
)
/** Seconds since the epoch. Undefined if the time is unknown. */
const moment = v.optional(v.pipe(v.unknown(), v.transform(toSeconds)))
/** Text, or another value in its place. */
const data = v.pipe(v.unknown(), v.transform(toText), v.string())

const webSocketMessage = v.object({
  type: v.pipe(
    v.picklist(Object.keys(DIRECTIONS) as (keyof typeof DIRECTIONS)[]),
    v.transform((type) => DIRECTIONS[type]),
  ),
  time: moment,
  opcode: v.fallback(v.pipe(v.number(), v.finite()), 1),
  data,
  _wireSize: size,
  _dropped: size,
  _automatic: optional(v.picklist(AUTOMATIC)),
})

const streamMessage = v.object({
  time: moment,
  eventName: text,
  eventId: text,
  _sameId: optional(v.boolean()),
  data: v.fallback(data, ''),
  _encoding: optional(v.literal('base64')),
  _wireSize: size,
  _dropped: size,
})

/** Undefined if the value is missing or invalid. */
function optional<T extends v.GenericSchema>(schema: T) {
  return v.fallback(v.optional(schema), undefined)
}

/** An object whose fields all have fallbacks, which replace an object that is missing or invalid, too. */
function lenient<T extends v.ObjectEntries>(entries: T) {
  const schema = v.object(entries)
  return v.fallback(schema, () => v.parse(schema, {}))
}

const entry = v.object({
  startedDateTime: date,
  time: number,
  request: v.object({
    method: v.fallback(v.string(), 'GET'),
    url: v.string(),
    httpVersion: text,
    headers,
    postData: optional(
      v.object({
        mimeType: text,
        text,
        params: v.fallback(
          v.array(v.object({ name: text, value: text, fileName: text, contentType: text })),
          [],
        ),
      }),
    ),
    _content: optional(v.object({ text: v.string(), encoding: v.literal('base64') })),
  }),
  response: lenient({
    status: number,
    httpVersion: text,
    headers,
    content: lenient({ size: number, mimeType: text, text: optional(v.string()), encoding: text }),
    _error: text,
  }),
  timings: lenient({
    blocked: number,
    dns: number,
    connect: number,
    ssl: number,
    send: number,
    wait: number,
    receive: number,
  }),
  serverIPAddress: text,
  _resourceType: text,
  _webSocketClose: optional(
    v.union([v.literal('aborted'), v.object({ code: count, reason: text, timestamp: moment })]),
  ),
  _realtimeInspector: optional(
    v.object({
      connection,
      answered: optional(v.pipe(v.number(), v.finite(), v.minValue(0))),
    }),
  ),
})

const creator = lenient({ name: text, version: text })
const own = v.object({ startedAt: date })

/** The range of a date in seconds (ECMA-262 section 21.4.1.1). Lower values, before 1973, are durations. */
const LATEST = 8.64e12
const EARLIEST = 1e8

/**
 * Chrome writes seconds since the epoch. Playwright writes milliseconds, or -1 without times. Others write
 * one of these as a string, or ISO 8601. The magnitude tells the unit.
 */
export function toSeconds(value: unknown): number | undefined {
  if (typeof value === 'string') {
    const number = value.trim() === '' ? Number.NaN : Number(value)
    return Number.isNaN(number) ? toSeconds(Date.parse(value)) : toSeconds(number)
  }
  if (typeof value !== 'number' || !(value >= EARLIEST)) return undefined
  const unit = value < 1e11 ? 1 : value < 1e14 ? 1e3 : value < 1e17 ? 1e6 : 1e9
  return value / unit <= LATEST ? value / unit : undefined
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'string' || value === undefined) return value
  try {
    return value === null ? '' : JSON.stringify(value)
  } catch {
    // Nested too deeply: the message counts as unreadable.
    return undefined
  }
}

export type EntryFields = v.InferOutput<typeof entry>
export type ReadStreamMessage = v.InferOutput<typeof streamMessage>
export type ReadWebSocketMessage = v.InferOutput<typeof webSocketMessage>

/** The fields of an entry without its lists. Undefined if it is not an entry of a HAR. */
export function parseEntry(fields: unknown): EntryFields | undefined {
  return outputOf(entry, fields)
}

/** The name and the version of the program that wrote the HAR. */
export function parseCreator(value: unknown): { readonly name: string; readonly version: string } {
  return v.parse(creator, value)
}

/** When the session of a HAR of this program started, in ms since the epoch. Undefined if it does not say so. */
export function parseStart(fields: unknown): number | undefined {
  return outputOf(own, fields)?.startedAt
}

/** Undefined if the item of a list cannot be read. */
export function parseWebSocketMessage(item: unknown): ReadWebSocketMessage | undefined {
  return outputOf(webSocketMessage, item)
}

/** Undefined if the item of a list cannot be read. */
export function parseStreamMessage(item: unknown): ReadStreamMessage | undefined {
  return outputOf(streamMessage, item)
}

function outputOf<T extends v.GenericSchema>(schema: T, value: unknown): v.InferOutput<T> | undefined {
  const result = v.safeParse(schema, value)
  return result.success ? result.output : undefined
}
