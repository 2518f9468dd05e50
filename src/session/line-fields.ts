/** The fields of each event in a line of a session file. */
import * as v from 'valibot'
import { DIRECTED_TYPES, EVENT_TYPES, type EventType } from '../shared/event-types.ts'
import { AUTOMATIC, FRAMINGS, HTTP_VERSIONS } from '../shared/spec.ts'
import { TRAFFIC_SOURCES } from '../shared/traffic-source.ts'
import { TRANSPORTS } from '../shared/transports.ts'

type Entries = Readonly<Record<string, v.GenericSchema>>

/** The highest connection number; the capture's columns hold 16 bits. */
const MAX_CONNECTION = 0xffff
/** The highest time of a date, in milliseconds (ECMA-262 section 21.4.1.1). */
const MAX_TIME = 8.64e15

export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
/** Milliseconds. */
export const duration = v.pipe(v.number(), v.minValue(0), v.maxValue(MAX_TIME))
const strings = v.array(v.string())
const headers = v.record(v.string(), v.union([v.string(), strings]))
const redirects = v.array(v.looseObject({ status: count, location: v.string() }))
export const connection = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_CONNECTION))
const timing = v.looseObject({
  queued: v.optional(duration),
  dns: v.optional(duration),
  tcp: v.optional(duration),
  tls: v.optional(duration),
  firstByte: v.optional(duration),
})
const text = v.string()
const body = v.union([text, v.object({ base64: text })])

/** `size` and `dropped` can have any value: they follow from the payload. */
const initiator = v.looseObject({ file: text, line: count, column: count })

const PAYLOAD_FIELDS = { size: v.unknown(), wireSize: count, dropped: v.unknown() }

/** Fields that an event must have. */
const REQUIRED: Readonly<Record<'mark' | 'other', Entries>> = {
  mark: { time: duration },
  other: { time: duration, connection },
}

/** Fields that an event can lack. An event with an invalid value in one of them is read as a mark. */
const DECISIVE: Readonly<Partial<Record<EventType, Entries>>> = {
  ...Object.fromEntries(
    DIRECTED_TYPES.map((type) => [type, { direction: v.picklist(['in', 'out']), text, base64: text }]),
  ),
  comment: { text, base64: text },
}

/** All other fields. An invalid value is kept as if the field were unknown. */
const OPTIONAL: Readonly<Record<EventType, Entries>> = {
  connect: {
    transport: v.picklist([...TRANSPORTS, 'auto']),
    url: text,
    attempt: count,
    http: v.picklist(HTTP_VERSIONS),
    method: text,
    headers,
    body,
    subprotocols: strings,
    credentials: v.looseObject({ kind: text }),
    reconnect: v.union([v.literal('never'), v.literal('backoff'), duration]),
    maxAttempts: count,
    interval: duration,
    timeout: duration,
    framing: v.picklist(FRAMINGS),
    cursor: text,
    tls: v.looseObject({
      insecure: v.optional(v.boolean()),
      ca: v.optional(strings),
      cert: v.optional(text),
      key: v.optional(text),
      plainRedirects: v.optional(v.boolean()),
    }),
    proxy: text,
    socketPath: text,
    maxMessageSize: count,
    plainResponse: v.boolean(),
    compression: v.boolean(),
    pingInterval: duration,
    cookieJar: v.boolean(),
    asBrowser: v.boolean(),
    latencyField: text,
    decoder: text,
    protocol: text,
    protocolOptions: v.record(v.string(), v.unknown()),
    source: v.picklist(TRAFFIC_SOURCES),
    initiator,
  },
  open: {
    transport: v.picklist(TRANSPORTS),
    status: count,
    headers,
    httpVersion: text,
    subprotocol: text,
    extensions: text,
    remoteAddress: text,
    tls: v.looseObject({ protocol: text, cipher: text, validTo: text }),
    timing,
    requestHeadSize: count,
    headSize: count,
    framing: text,
    redirects,
    challenges: count,
    oddities: strings,
  },
  message: {
    ...PAYLOAD_FIELDS,
    opcode: v.picklist(['text', 'binary']),
    frames: count,
    compressed: v.boolean(),
    event: text,
    id: text,
    sameId: v.boolean(),
    framing: text,
    oddities: strings,
    truncated: v.boolean(),
    automatic: v.picklist(AUTOMATIC),
    faults: strings,
    initiator,
  },
  ping: PAYLOAD_FIELDS,
  pong: PAYLOAD_FIELDS,
  comment: PAYLOAD_FIELDS,
  request: { method: text, url: text, headers, body, cursor: text, automatic: v.picklist(AUTOMATIC) },
  response: {
    status: count,
    headers,
    held: duration,
    head: duration,
    timing,
    requestHeadSize: count,
    headSize: count,
    empty: v.boolean(),
    cursor: text,
    redirects,
    challenges: count,
    oddities: strings,
  },
  close: {
    code: count,
    reason: text,
    by: v.picklist(['client', 'server', 'network']),
    wireSize: count,
    trailers: headers,
    rule: text,
    oddities: strings,
  },
  error: { message: text, code: text, status: count },
  reconnect: {
    attempt: count,
    delay: duration,
    reason: text,
    lastEventId: text,
    sameId: v.boolean(),
    cursor: text,
  },
  gap: { missed: count, repeated: count },
  mark: { text, rule: text },
  pause: { duration },
}

/** Checks the fields of an event type. */
export interface KnownFields {
  /** Whether every field is known and valid. */
  areAll(fields: Readonly<Record<string, unknown>>): boolean
  /** Whether a field is known and its value valid. */
  isGood(name: string, value: unknown): boolean
  /** The name of a field because of which the event cannot be read as its type. Undefined if it can be read. */
  unreadable(fields: Readonly<Record<string, unknown>>): string | undefined
}

function knownFields(type: EventType): KnownFields {
  const required = REQUIRED[type === 'mark' ? 'mark' : 'other']
  const decisive = DECISIVE[type] ?? {}
  const optional = { ...decisive, ...OPTIONAL[type] }
  const whole = v.strictObject({
    type: v.string(),
    ...required,
    ...Object.fromEntries(Object.entries(optional).map(([name, schema]) => [name, v.optional(schema)])),
  })
  const entries: ReadonlyMap<string, v.GenericSchema> = new Map(
    Object.entries({ type: v.string(), ...required, ...optional }),
  )
  const isGood = (name: string, value: unknown) => {
    const schema = entries.get(name)
    return schema !== undefined && v.is(schema, value)
  }
  return {
    areAll: (fields) => v.is(whole, fields),
    isGood,
    unreadable: (fields) =>
      Object.keys(required).find((name) => !isGood(name, fields[name])) ??
      Object.keys(decisive).find((name) => Object.hasOwn(fields, name) && !isGood(name, fields[name])),
  }
}

const KNOWN = new Map<string, KnownFields>(EVENT_TYPES.map((type) => [type, knownFields(type)]))

/** Undefined for an unknown type. */
export function fieldsOf(type: string): KnownFields | undefined {
  return KNOWN.get(type)
}
