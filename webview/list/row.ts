/** What one row of the list says, from the columns alone. */
import { type Kind, UNKNOWN_SIZE, unpackKind } from '../../src/shared/columns.ts'
import { type EventType, isPayloadType } from '../../src/shared/event-types.ts'
import type { EventPreview } from '../../src/shared/protocol.ts'
import type { SessionStatus } from '../../src/shared/status.ts'
import { connectionName } from '../format/connection.ts'
import { formatBytes } from '../format/count.ts'
import { formatDelta, formatSessionTime } from '../format/time.ts'
import type { ColumnStore } from '../store/columns.ts'

/** The colour role of a row; its arrow, icon or words say the same. */
export type Tone = 'in' | 'out' | 'control' | 'error' | 'warn' | 'quiet'

export interface Row {
  readonly index: number
  readonly kind: Kind
  readonly tone: Tone
  /** `↓` from the peer, `↑` to it, `·` about the connection itself. */
  readonly arrow: string
  /** The arrow in words. */
  readonly direction: string
  /** Shown across the whole width: a break in a connection. */
  readonly wide: boolean
  /** Since the session started. */
  readonly time: string
  readonly delta: string
  readonly type: string
  /** Payload bytes; undefined for events without a payload. */
  readonly bytes: number | undefined
  /** The payload's size; empty for events without a payload. */
  readonly size: string
  /** `ws feed.example/ticker` */
  readonly connection: string
}

/** How the events of each type look, unless the event itself says more. */
const LOOKS: Readonly<Record<EventType, { readonly tone: Tone; readonly wide: boolean }>> = {
  connect: { tone: 'quiet', wide: false },
  open: { tone: 'quiet', wide: false },
  message: { tone: 'in', wide: false },
  ping: { tone: 'control', wide: false },
  pong: { tone: 'control', wide: false },
  comment: { tone: 'control', wide: false },
  request: { tone: 'quiet', wide: false },
  response: { tone: 'in', wide: false },
  close: { tone: 'quiet', wide: true },
  error: { tone: 'error', wide: true },
  reconnect: { tone: 'warn', wide: true },
  gap: { tone: 'warn', wide: true },
  mark: { tone: 'quiet', wide: true },
}
/** The type of an event that its stream did not name (HTML standard, server-sent events, section 9.2.6). */
const UNNAMED_EVENT = 'message'

function arrowOf(kind: Kind): string {
  if (kind.type === 'comment' || kind.direction === 'in') return '↓'
  return kind.direction === 'out' ? '↑' : '·'
}

function directionOf(kind: Kind): string {
  if (kind.type === 'comment' || kind.direction === 'in') return 'received'
  return kind.direction === 'out' ? 'sent' : 'lifecycle'
}

function toneOf(kind: Kind, eventName: string): Tone {
  if (kind.type === 'response' && /^[45]\d\d\b/.test(eventName)) return 'error'
  if (kind.truncated || kind.empty) return 'quiet'
  return kind.type === 'message' && kind.direction === 'out' ? 'out' : LOOKS[kind.type].tone
}

/** A message goes by its SSE event's name, else by what its payload calls itself. */
function typeName(kind: Kind, event: string, preview: EventPreview | undefined): string {
  if (kind.type !== 'message') return kind.type
  if (event !== '' && event !== UNNAMED_EVENT) return `event: ${event}`
  return preview?.payloadName || (kind.binary ? 'binary' : 'message')
}

/** The row of event `index`, or undefined where it is not held. Without its preview a message is called just that. */
export function readRow(
  columns: ColumnStore,
  eventNames: readonly string[],
  status: SessionStatus | undefined,
  index: number,
  preview?: EventPreview,
): Row | undefined {
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
    arrow: arrowOf(kind),
    direction: directionOf(kind),
    wide: LOOKS[kind.type].wide,
    time: formatSessionTime(segment.time[offset] ?? 0),
    delta: formatDelta(segment.delta[offset] ?? Number.NaN),
    type: typeName(kind, eventName, preview),
    bytes,
    size: bytes === undefined ? '' : formatBytes(bytes),
    connection: connection === undefined ? (id === 0 ? '' : `connection ${id}`) : connectionName(connection),
  }
}

/** The row as a line of tab-separated values, for the clipboard: `time` as the list shows it, numbers as programs read them. */
export function rowAsText(row: Row, time: string, preview: string): string {
  return [
    String(row.index + 1),
    time,
    row.delta.replaceAll('\u00a0', ''),
    row.direction,
    row.type,
    row.size,
    row.connection,
    preview,
  ]
    .map((cell) => cell.replaceAll('\u00a0', ' ').replaceAll('\t', ' '))
    .join('\t')
}

/** Bytes on the connection, or undefined where unknown. */
export function wireSizeOf(columns: ColumnStore, index: number): number | undefined {
  const found = columns.at(index)
  const size = found?.segment.wireSize[found.offset]
  return size === UNKNOWN_SIZE ? undefined : size
}

/** Session time in milliseconds, or undefined where the event is not held. */
export function timeOf(columns: ColumnStore, index: number): number | undefined {
  const found = columns.at(index)
  return found?.segment.time[found.offset]
}
