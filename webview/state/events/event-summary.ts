/** What the page shows of an event without asking the host: its columns in words. */
import { type Kind, UNKNOWN_SIZE, unpackKind } from '../../../src/shared/columns.ts'
import { isPayloadType } from '../../../src/shared/event-types.ts'
import type { EventPreview } from '../../../src/shared/protocol.ts'
import type { SessionStatus } from '../../../src/shared/status.ts'
import { connectionName } from '../../format/connection.ts'
import { formatBytes } from '../../format/count.ts'
import { EVENT_APPEARANCE, type Tone, toneOf } from '../../format/event-appearance.ts'
import { formatDelta } from '../../format/time.ts'
import type { ColumnStore } from './column-store.ts'

export interface EventSummary {
  readonly index: number
  readonly kind: Kind
  readonly tone: Tone
  /** Icon of a row that spans the list. Undefined for a row in columns. */
  readonly bannerIcon: string | undefined
  /** Milliseconds since the session started. */
  readonly time: number
  /** Milliseconds since the previous event of the connection. Empty if there is none. */
  readonly delta: string
  readonly type: string
  /** Payload bytes. Undefined for events without a payload. */
  readonly bytes: number | undefined
  /** `bytes` for people. Empty for events without a payload. */
  readonly size: string
  /** `ws feed.example/ticker` */
  readonly connection: string
}

/** The type of an event that its stream did not name (HTML standard, server-sent events, section 9.2.6). */
const UNNAMED_EVENT = 'message'

const DIRECTIONS = {
  in: { arrow: '↓', word: 'received' },
  out: { arrow: '↑', word: 'sent' },
  none: { arrow: '·', word: 'lifecycle' },
} as const

/** The direction of an event as an arrow and as a word. A comment has no direction of its own: it is always received. */
export function directionOf({ kind }: EventSummary): (typeof DIRECTIONS)[keyof typeof DIRECTIONS] {
  return DIRECTIONS[kind.direction ?? (isPayloadType(kind.type) ? 'in' : 'none')]
}

/** The name of a message: that of its SSE event, else the one in its payload. */
function typeName(kind: Kind, eventName: string, preview: EventPreview | undefined): string {
  if (kind.type !== 'message') return kind.type
  if (eventName !== '' && eventName !== UNNAMED_EVENT) return `event: ${eventName}`
  return preview?.payloadName || (kind.binary ? 'binary' : 'message')
}

/** Undefined if event `index` is not held. Without a preview, a message has no name from its payload. */
export function summarizeEvent(
  columns: ColumnStore,
  eventNames: readonly string[],
  status: SessionStatus | undefined,
  index: number,
  preview?: EventPreview,
): EventSummary | undefined {
  const found = columns.at(index)
  if (found === undefined) return undefined
  const { segment, offset } = found
  const kind = unpackKind(segment.kind[offset] ?? 0)
  const eventName = eventNames[segment.eventName[offset] ?? 0] ?? ''
  const bytes = isPayloadType(kind.type) ? (segment.size[offset] ?? 0) : undefined
  const id = segment.connection[offset] ?? 0
  const connection = status?.connections.find((candidate) => candidate.id === id)
  return {
    index,
    kind,
    tone: toneOf(kind, eventName),
    bannerIcon: EVENT_APPEARANCE[kind.type].bannerIcon,
    time: segment.time[offset] ?? 0,
    delta: formatDelta(segment.delta[offset] ?? Number.NaN),
    type: typeName(kind, eventName, preview),
    bytes,
    size: bytes === undefined ? '' : formatBytes(bytes),
    connection: connection === undefined ? (id === 0 ? '' : `connection ${id}`) : connectionName(connection),
  }
}

/** Bytes on the connection. Undefined if unknown. */
export function wireSizeOf(columns: ColumnStore, index: number): number | undefined {
  const found = columns.at(index)
  const size = found?.segment.wireSize[found.offset]
  return size === UNKNOWN_SIZE ? undefined : size
}

/** Milliseconds since the session started. Undefined if the event is not held. */
export function timeOf(columns: ColumnStore, index: number): number | undefined {
  const found = columns.at(index)
  return found?.segment.time[found.offset]
}
