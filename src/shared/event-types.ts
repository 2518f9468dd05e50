/** What each type of event is. To add a type, add a row: every list of types and every switch derives from this table. */

export interface EventTraits {
  /** Carries payload bytes. */
  readonly hasPayload: boolean
  /** Was received or sent. */
  readonly hasDirection: boolean
  /** The group that it belongs to in lists; messages are grouped by direction. */
  readonly group: 'message' | 'control' | 'lifecycle'
  /** A step in the life of a connection, without which its messages cannot be understood or replayed. */
  readonly isConnectionStep: boolean
  /** Its details are kept when payloads are dropped at the disk limit. */
  readonly isLasting: boolean
  /** Shown to users who filter by type. */
  readonly description: string
}

const MESSAGE = {
  hasPayload: true,
  hasDirection: true,
  group: 'message',
  isConnectionStep: false,
  isLasting: false,
} as const
const CONTROL = { ...MESSAGE, group: 'control' } as const
const STEP = {
  hasPayload: false,
  hasDirection: false,
  group: 'lifecycle',
  isConnectionStep: true,
  isLasting: true,
} as const
/** Half a cycle of a poll. There may be as many as there are messages, so their details are not kept. */
const CYCLE = { ...STEP, isConnectionStep: false, isLasting: false } as const

/** The order is part of the file format of captures (see `packKind`): add new types at the end, 15 in total. */
export const EVENT_TRAITS = {
  connect: { ...STEP, description: 'an attempt to connect' },
  open: { ...STEP, description: 'the connection opened' },
  message: {
    ...MESSAGE,
    description: 'a WebSocket message, an SSE event, the body of a poll, a stream’s record',
  },
  ping: { ...CONTROL, description: 'a WebSocket ping' },
  pong: { ...CONTROL, description: 'the answer to a ping' },
  comment: { ...CONTROL, hasDirection: false, description: 'an SSE comment line' },
  request: { ...CYCLE, description: 'the request of a poll' },
  response: { ...CYCLE, description: 'the response to a poll' },
  close: { ...STEP, description: 'the connection ended' },
  error: { ...STEP, description: 'something failed' },
  reconnect: { ...STEP, description: 'another attempt is scheduled' },
  gap: { ...STEP, description: 'events were missed or repeated' },
  mark: { ...STEP, isConnectionStep: false, description: 'your own note' },
  pause: {
    ...STEP,
    isConnectionStep: false,
    description: 'reading was paused, because the recording was full',
  },
} as const satisfies Readonly<Record<string, EventTraits>>

export type EventType = keyof typeof EVENT_TRAITS

export const EVENT_TYPES = Object.keys(EVENT_TRAITS) as readonly EventType[]

/** The types for which a trait has a value. */
export type TypeWith<Trait extends keyof EventTraits, Value> = {
  [Type in EventType]: (typeof EVENT_TRAITS)[Type][Trait] extends Value ? Type : never
}[EventType]

export type PayloadType = TypeWith<'hasPayload', true>
export type DirectedType = TypeWith<'hasDirection', true>

export function isEventType(text: string): text is EventType {
  return Object.hasOwn(EVENT_TRAITS, text)
}

export function isPayloadType(type: EventType): type is PayloadType {
  return EVENT_TRAITS[type].hasPayload
}

export function isDirectedType(type: EventType): type is DirectedType {
  return EVENT_TRAITS[type].hasDirection
}

export const PAYLOAD_TYPES: readonly PayloadType[] = EVENT_TYPES.filter(isPayloadType)
export const DIRECTED_TYPES: readonly DirectedType[] = EVENT_TYPES.filter(isDirectedType)
