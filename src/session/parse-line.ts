/** Reading: one line of a session file, one event. Forgiving: what is not known is kept, never dropped. */
import * as v from 'valibot'
import { EVENT_TYPES, type EventType, type MarkEvent, type RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import { FRAMINGS, TRANSPORTS } from '../shared/spec.ts'
import { SESSION_VERSION } from './line.ts'

export interface SessionHeader {
  readonly version: number
  readonly startedAt: Date
  readonly generator: string
  /** Events, and payloads of further events, that the capture had dropped when it was saved. */
  readonly droppedEvents: number
  readonly droppedPayloads: number
}

type Fields = Record<string, unknown>

/** The highest connection number; the capture's columns hold 16 bits. */
const MAX_CONNECTION = 0xffff

const integer = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const amount = v.pipe(v.number(), v.finite(), v.minValue(0))
const strings = v.array(v.string())
const headers = v.record(v.string(), v.union([v.string(), strings]))
const connection = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_CONNECTION))
const direction = v.picklist(['in', 'out'])
const onConnection = { connection, time: amount }
const redirects = v.optional(v.array(v.looseObject({ status: integer, location: v.string() })))
const payload = {
  ...onConnection,
  size: v.optional(integer),
  wireSize: v.optional(integer),
  dropped: v.optional(v.boolean()),
  text: v.optional(v.string()),
  base64: v.optional(v.string()),
}
const control = v.looseObject({ ...payload, direction })

const SCHEMAS = {
  connect: v.looseObject({
    ...onConnection,
    transport: v.picklist([...TRANSPORTS, 'auto']),
    url: v.string(),
    attempt: integer,
    method: v.optional(v.string()),
    headers: v.optional(headers),
    body: v.optional(v.union([v.string(), v.object({ base64: v.string() })])),
    subprotocols: v.optional(strings),
    reconnect: v.optional(v.union([v.literal('never'), v.literal('backoff'), amount])),
    maxAttempts: v.optional(integer),
    interval: v.optional(amount),
    timeout: v.optional(amount),
    framing: v.optional(v.picklist(FRAMINGS)),
    cursor: v.optional(v.string()),
    tls: v.optional(
      v.looseObject({
        insecure: v.optional(v.boolean()),
        ca: v.optional(strings),
        cert: v.optional(v.string()),
        key: v.optional(v.string()),
      }),
    ),
    proxy: v.optional(v.string()),
    maxMessageSize: v.optional(integer),
    compression: v.optional(v.boolean()),
  }),
  open: v.looseObject({
    ...onConnection,
    transport: v.picklist(TRANSPORTS),
    status: integer,
    headers,
    httpVersion: v.string(),
    subprotocol: v.optional(v.string()),
    extensions: v.optional(v.string()),
    remoteAddress: v.optional(v.string()),
    tls: v.optional(v.looseObject({ protocol: v.string(), cipher: v.string(), validTo: v.string() })),
    timing: v.optional(
      v.looseObject({
        dns: v.optional(amount),
        tcp: v.optional(amount),
        tls: v.optional(amount),
        firstByte: v.optional(amount),
      }),
    ),
    framing: v.optional(v.string()),
    redirects,
  }),
  message: v.looseObject({
    ...payload,
    direction,
    opcode: v.optional(v.picklist(['text', 'binary'])),
    frames: v.optional(integer),
    compressed: v.optional(v.boolean()),
    event: v.optional(v.string()),
    id: v.optional(v.string()),
    truncated: v.optional(v.boolean()),
  }),
  ping: control,
  pong: control,
  comment: v.looseObject(payload),
  request: v.looseObject({ ...onConnection, url: v.string(), headers, cursor: v.optional(v.string()) }),
  response: v.looseObject({
    ...onConnection,
    status: integer,
    headers,
    held: amount,
    head: v.optional(amount),
    empty: v.boolean(),
    cursor: v.optional(v.string()),
    redirects,
  }),
  close: v.looseObject({
    ...onConnection,
    code: v.optional(integer),
    reason: v.optional(v.string()),
    by: v.picklist(['client', 'server', 'network']),
    wireSize: v.optional(integer),
  }),
  error: v.looseObject({
    ...onConnection,
    message: v.string(),
    code: v.string(),
    status: v.optional(integer),
  }),
  reconnect: v.looseObject({
    ...onConnection,
    attempt: integer,
    delay: amount,
    reason: v.string(),
    lastEventId: v.optional(v.string()),
    cursor: v.optional(v.string()),
  }),
  gap: v.looseObject({ ...onConnection, missed: v.optional(integer), repeated: v.optional(integer) }),
  mark: v.looseObject({ time: amount, text: v.string() }),
} satisfies Record<EventType, unknown>

function fieldsOf(type: EventType): ReadonlySet<string> {
  return new Set(['type', ...Object.keys(SCHEMAS[type].entries)])
}

const KNOWN_FIELDS = new Map<string, ReadonlySet<string>>(EVENT_TYPES.map((type) => [type, fieldsOf(type)]))

function toObject(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : undefined
  } catch {
    // Not JSON: the caller says what that means where it stands.
    return undefined
  }
}

/** Reads the first line. Throws a `Failure`: `NOT_A_SESSION` or `NEWER_VERSION`. */
export function parseHeader(line: string): SessionHeader {
  const fields = toObject(line)
  const startedAt = new Date(typeof fields?.startedAt === 'string' ? fields.startedAt : Number.NaN)
  const version = fields?.version
  if (fields?.type !== 'session' || typeof version !== 'number')
    throw new Failure(
      'NOT_A_SESSION',
      'This file is no Realtime Inspector session: its first line is not a session header. Open a .rtsession file.',
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
  const count = (value: unknown) => (v.is(integer, value) ? value : 0)
  return {
    version,
    startedAt,
    generator: typeof fields.generator === 'string' ? fields.generator : '',
    droppedEvents: count(fields.droppedEvents),
    droppedPayloads: count(fields.droppedPayloads),
  }
}

/** An event this version cannot read as what it says it is, carried whole by a mark. */
function carry(fields: Fields, fallbackTime: number): MarkEvent {
  const { time, text } = fields
  return {
    type: 'mark',
    time: v.is(amount, time) ? time : fallbackTime,
    text: `${fields.type}${typeof text === 'string' ? ` ${text}` : ''}`.slice(0, 1000),
    extra: fields,
  }
}

function isKnownType(type: string): type is EventType {
  return KNOWN_FIELDS.has(type)
}

/** Divides the fields into those this version knows and the rest, undefined where there is no rest. */
function divide(fields: Fields, known: ReadonlySet<string>): { own: Fields; extra: Fields | undefined } {
  for (const name in fields) {
    if (known.has(name)) continue
    const entries = Object.entries(fields)
    return {
      own: Object.fromEntries(entries.filter(([key]) => known.has(key))),
      extra: Object.fromEntries(entries.filter(([key]) => !known.has(key))),
    }
  }
  return { own: fields, extra: undefined }
}

function toPayload(text: unknown, base64: unknown): Uint8Array {
  if (typeof text === 'string') return Buffer.from(text)
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : new Uint8Array(0)
}

function toPayloadEvent(fields: Fields): Fields {
  const { text, base64, size, dropped: _, ...own } = fields
  const lacking = text === undefined && base64 === undefined && typeof size === 'number' && size > 0
  return { ...own, payload: toPayload(text, base64), ...(lacking ? { dropped: size } : {}) }
}

const WITH_PAYLOAD: ReadonlySet<EventType> = new Set(['message', 'ping', 'pong', 'comment'])

/**
 * Reads one event; undefined where the line is no JSON object with a `type`. An event of an unknown type,
 * or whose fields are not what its type asks for, comes as a `mark` that carries all of it in `extra`.
 * `fallbackTime` (ms) is used where such an event has no time.
 */
export function parseLine(line: string, fallbackTime = 0): RealtimeEvent | undefined {
  const fields = toObject(line)
  if (fields === undefined || typeof fields.type !== 'string') return undefined
  const { type } = fields
  if (!isKnownType(type) || !v.is(SCHEMAS[type] as v.GenericSchema, fields))
    return carry(fields, fallbackTime)
  const { own, extra } = divide(fields, KNOWN_FIELDS.get(type) ?? new Set())
  const event = WITH_PAYLOAD.has(type) ? toPayloadEvent(own) : own
  return (extra === undefined ? event : { ...event, extra }) as unknown as RealtimeEvent
}
