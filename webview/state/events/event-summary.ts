/** What the page shows of an event without asking the host: its columns in words. */
import * as l10n from '@vscode/l10n'
import { type Kind, UNKNOWN_SIZE, unpackKind } from '../../../src/shared/event-columns.ts'
import { isPayloadType } from '../../../src/shared/event-types.ts'
import type { EventPreview } from '../../../src/shared/protocol.ts'
import type { ConnectionStatus } from '../../../src/shared/status.ts'
import { connectionName } from '../../format/connection.ts'
import { formatBytes } from '../../format/count.ts'
import { decodedIn, KIND_ICONS, titleOf } from '../../format/decoded.ts'
import { iconOf, PART, type Tone, toneOf } from '../../format/event-appearance.ts'
import { formatDelta } from '../../format/time.ts'
import type { ColumnStore } from './column-store.ts'

export interface EventSummary {
  readonly index: number
  readonly kind: Kind
  readonly tone: Tone
  readonly icon: string
  /** Milliseconds since the session started. */
  readonly time: number
  /** Milliseconds since the previous event of the connection. NaN if there is none. */
  readonly gap: number
  /** `gap` for people. Empty if there is none. */
  readonly delta: string
  readonly type: string
  /** The name of an SSE event. Empty for an event without a name, and for other events. */
  readonly eventName: string
  /** Payload bytes. Undefined for events without a payload. */
  readonly bytes: number | undefined
  /** `bytes` for people. Empty for events without a payload. */
  readonly size: string
  /** Number of its connection. 0 for a mark. */
  readonly connectionId: number
  /** `ws feed.example/ticker` */
  readonly connection: string
}

/** The type of an event that its stream did not name (HTML standard, server-sent events, section 9.2.6). */
const UNNAMED_EVENT = 'message'

const DIRECTIONS = {
  in: { arrow: '↓', word: l10n.t('received') },
  out: { arrow: '↑', word: l10n.t('sent') },
  automatic: { arrow: '⇡', word: l10n.t('sent automatically') },
  none: { arrow: '·', word: l10n.t('lifecycle') },
  faultedIn: { arrow: '↓', word: l10n.t('received, with faults on purpose') },
  faultedOut: { arrow: '↑', word: l10n.t('sent, with faults on purpose') },
} as const

/** The direction of an event as an arrow and as a word. A comment has no direction of its own: it is always received. */
export function directionOf({ kind }: EventSummary): (typeof DIRECTIONS)[keyof typeof DIRECTIONS] {
  if (kind.automatic) return DIRECTIONS.automatic
  if (kind.faulted) return kind.direction === 'out' ? DIRECTIONS.faultedOut : DIRECTIONS.faultedIn
  return DIRECTIONS[kind.direction ?? (isPayloadType(kind.type) ? 'in' : 'none')]
}

/** The name of a message: that of its SSE event, else the one in its payload. */
function typeName(kind: Kind, eventName: string, preview: EventPreview | undefined): string {
  if (kind.type !== 'message') return kind.type
  if (eventName !== '' && eventName !== UNNAMED_EVENT) return `event: ${eventName}`
  if (preview?.isPart === true) return PART.name
  return preview?.payloadName || (kind.binary ? 'binary' : 'message')
}

/** Undefined if event `index` is not held. Without a preview, a message has no name from its payload. */
export function summarizeEvent(
  columns: ColumnStore,
  eventNames: readonly string[],
  connectionOf: (id: number) => ConnectionStatus | undefined,
  index: number,
  preview?: EventPreview,
): EventSummary | undefined {
  const found = columns.at(index)
  if (found === undefined) return undefined
  const { segment, offset } = found
  const kind = unpackKind(segment.kind[offset] ?? 0)
  const eventName = eventNames[segment.eventName[offset] ?? 0] ?? ''
  const decoded = decodedIn(preview)
  const isPart = preview?.isPart === true
  const tone = isPart ? PART.tone : toneOf(kind, eventName, decoded)
  const gap = segment.delta[offset] ?? Number.NaN
  const bytes = isPayloadType(kind.type) ? (segment.size[offset] ?? 0) : undefined
  const id = segment.connection[offset] ?? 0
  const connection = connectionOf(id)
  return {
    index,
    kind,
    tone,
    icon: isPart ? PART.icon : decoded === undefined ? iconOf(kind, tone) : KIND_ICONS[decoded.kind],
    time: segment.time[offset] ?? 0,
    gap,
    delta: formatDelta(gap),
    type: decoded === undefined ? typeName(kind, eventName, preview) : titleOf(decoded),
    eventName: kind.type === 'message' && eventName !== UNNAMED_EVENT ? eventName : '',
    bytes,
    size: bytes === undefined ? '' : formatBytes(bytes),
    connectionId: id,
    connection:
      connection === undefined ? (id === 0 ? '' : l10n.t('connection {0}', id)) : connectionName(connection),
  }
}

/** Bytes on the connection. Undefined if unknown. */
export function wireSizeOf(columns: ColumnStore, index: number): number | undefined {
  const found = columns.at(index)
  const size = found?.segment.wireSize[found.offset]
  return size === UNKNOWN_SIZE ? undefined : size
}
