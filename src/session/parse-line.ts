/** Parses a line of a session file into an event. Unknown fields and types are kept. */
import * as v from 'valibot'
import type { MarkEvent, RealtimeEvent } from '../shared/event.ts'
import { type EventType, isPayloadType } from '../shared/event-types.ts'
import { Failure } from '../shared/failure.ts'
import { tryParseJson } from '../shared/text/json-text.ts'
import { schemeOf } from '../shared/transports.ts'
import { SESSION_VERSION } from './line.ts'
import { count, duration, fieldsOf, type KnownFields } from './line-fields.ts'

export interface SessionHeader {
  readonly version: number
  readonly startedAt: Date
  readonly generator: string
  /** Numbers of events, and of payloads of other events, that had been dropped when the session was saved. */
  readonly droppedEvents: number
  readonly droppedPayloads: number
}

type Fields = Readonly<Record<string, unknown>>

/** JSON nested deeper than this is not kept, because it is written and copied recursively. */
const MAX_DEPTH = 500
const TOO_DEEP = '(nested too deeply to be kept)'

function toObject(line: string): Fields | undefined {
  const value = tryParseJson(line)
  return isObject(value) && !Array.isArray(value) ? (value as Fields) : undefined
}

/** Reads the first line. Throws a `Failure`: `NOT_A_SESSION` or `NEWER_VERSION`. */
export function parseHeader(line: string): SessionHeader {
  const fields = toObject(line)
  const startedAt = new Date(typeof fields?.startedAt === 'string' ? fields.startedAt : Number.NaN)
  const version = fields?.version
  if (fields?.type !== 'session' || typeof version !== 'number')
    throw new Failure(
      'NOT_A_SESSION',
      'This file is not a Realtime Inspector session: its first line is not a session header. Open a .rtsession file.',
    )
  if (version > SESSION_VERSION)
    throw new Failure(
      'NEWER_VERSION',
      `This session was saved in format version ${version}, and this version of Realtime Inspector reads up to ${SESSION_VERSION}. Update Realtime Inspector to open it.`,
    )
  if (Number.isNaN(startedAt.getTime()))
    throw new Failure(
      'NOT_A_SESSION',
      'The session header has no valid "startedAt" date. Check the first line of the file.',
    )
  const amount = (value: unknown) => (v.is(count, value) ? value : 0)
  return {
    version,
    startedAt,
    generator: typeof fields.generator === 'string' ? fields.generator : '',
    droppedEvents: amount(fields.droppedEvents),
    droppedPayloads: amount(fields.droppedPayloads),
  }
}

/** A mark that carries an event which cannot be read as its type. */
function carry(fields: Fields, fallbackTime: number): MarkEvent {
  const { time, text } = fields
  return {
    type: 'mark',
    time: v.is(duration, time) ? time : fallbackTime,
    text: `${fields.type}${typeof text === 'string' ? ` ${text}` : ''}`.slice(0, 1000),
    extra: fields,
  }
}

/** The type of the event that a mark carries, and the field it lacks. Undefined if the mark is the user's own. */
export function carriedBy(
  event: RealtimeEvent,
): { readonly type: string; readonly lacks?: string } | undefined {
  if (event.type !== 'mark' || typeof event.extra?.type !== 'string') return undefined
  const { type } = event.extra
  const lacks = fieldsOf(type)?.unreadable(event.extra)
  return lacks === undefined ? { type } : { type, lacks }
}

/** Divides the fields into those that can be read and the rest. Undefined if all can be read. */
function divide(fields: Fields, known: KnownFields): { own: Fields; extra?: Fields } {
  const entries = Object.entries(fields)
  const isOwn = ([name, value]: [string, unknown]) => known.isGood(name, value)
  return {
    own: Object.fromEntries(entries.filter(isOwn)),
    extra: Object.fromEntries(entries.filter((entry) => !isOwn(entry))),
  }
}

/** The fields, with a placeholder for each value that is nested too deeply. */
function withoutDepths(fields: Fields): Fields {
  if (!hasDepths(fields)) return fields
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, isTooDeep(value) ? TOO_DEEP : value]),
  )
}

function hasDepths(fields: Fields): boolean {
  for (const name in fields) if (isTooDeep(fields[name])) return true
  return false
}

function isTooDeep(value: unknown): boolean {
  if (!isObject(value)) return false
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === MAX_DEPTH) return true
    level = level.flatMap(Object.values).filter(isObject)
  }
  return false
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function toPayload(text: unknown, base64: unknown): Uint8Array {
  if (typeof text === 'string') return Buffer.from(text)
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : new Uint8Array(0)
}

function toPayloadEvent(fields: Fields): Fields {
  const { text, base64, size, dropped: _, ...own } = fields
  const lacking = text === undefined && base64 === undefined && v.is(count, size) && size > 0
  return { ...own, payload: toPayload(text, base64), ...(lacking ? { dropped: size } : {}) }
}

/** Defaults for fields that the line lacks. */
const DEFAULTS: Readonly<Record<EventType, Fields>> = {
  connect: { transport: 'auto', url: '', attempt: 0 },
  message: { direction: 'in' },
  ping: { direction: 'in' },
  pong: { direction: 'in' },
  open: { headers: {} },
  request: { headers: {} },
  response: { headers: {}, empty: false },
  error: { message: 'The recording does not say what failed.', code: 'UNKNOWN' },
  reconnect: { attempt: 1, delay: 0, reason: '' },
  mark: { text: '' },
  pause: { duration: 0 },
  comment: {},
  close: {},
  gap: {},
}
const WEBSOCKET = { ...DEFAULTS.connect, transport: 'websocket' }

function complete(type: EventType, own: Fields): Fields {
  const isWebSocket = type === 'connect' && typeof own.url === 'string' && schemeOf(own.url) === 'ws'
  const defaults = isWebSocket ? WEBSOCKET : DEFAULTS[type]
  for (const name in defaults) if (!(name in own)) return { ...defaults, ...own }
  return own
}

/**
 * Parses one event. Undefined if the line is not a JSON object with a `type`. An event of an unknown type, or that
 * lacks a required field, becomes a `mark` that carries all its fields in `extra`. If it has no time, the mark has
 * `fallbackTime` (ms).
 */
export function parseLine(line: string, fallbackTime = 0): RealtimeEvent | undefined {
  const fields = toObject(line)
  return fields === undefined ? undefined : parseEvent(fields, fallbackTime)
}

/** Reads one event from parsed JSON. See `parseLine`. */
export function parseEvent(line: Fields, fallbackTime = 0): RealtimeEvent | undefined {
  if (typeof line.type !== 'string') return undefined
  const fields = withoutDepths(line)
  const known = fieldsOf(line.type)
  if (known === undefined) return carry(fields, fallbackTime)
  const isWhole = known.areAll(fields)
  if (!isWhole && known.unreadable(fields) !== undefined) return carry(fields, fallbackTime)
  const type = line.type as EventType
  const { own, extra } = isWhole ? { own: fields } : divide(fields, known)
  const whole = complete(type, own)
  const event = isPayloadType(type) ? toPayloadEvent(whole) : whole
  return (extra === undefined ? event : { ...event, extra }) as unknown as RealtimeEvent
}
