/** How each type of event looks in the list. To show a new type, add a row. */
import type { Kind } from '../../src/shared/columns.ts'
import type { EventType } from '../../src/shared/event-types.ts'

/** The color role of an event. Its arrow, icon or words say the same. */
export type Tone = 'in' | 'out' | 'control' | 'error' | 'warn' | 'quiet'

export interface EventAppearance {
  /** `eventName` is the one in the event's columns: of a response, its status. */
  readonly tone: Tone | ((kind: Kind, eventName: string) => Tone)
  /** Icon of a row that spans the list, for events that interrupt the traffic. Undefined for a row in columns. */
  readonly bannerIcon?: string
}

export const EVENT_APPEARANCE: Readonly<Record<EventType, EventAppearance>> = {
  connect: { tone: 'quiet' },
  open: { tone: 'quiet' },
  message: {
    tone: ({ truncated, direction }) => (truncated ? 'quiet' : direction === 'out' ? 'out' : 'in'),
  },
  ping: { tone: 'control' },
  pong: { tone: 'control' },
  comment: { tone: 'control' },
  request: { tone: 'quiet' },
  response: {
    tone: ({ empty }, status) => (/^[45]\d\d\b/.test(status) ? 'error' : empty ? 'quiet' : 'in'),
  },
  close: { tone: 'quiet', bannerIcon: 'circle-slash' },
  error: { tone: 'error', bannerIcon: 'error' },
  reconnect: { tone: 'warn', bannerIcon: 'sync' },
  gap: { tone: 'warn', bannerIcon: 'warning' },
  mark: { tone: 'quiet', bannerIcon: 'bookmark' },
}

export function toneOf(kind: Kind, eventName: string): Tone {
  const { tone } = EVENT_APPEARANCE[kind.type]
  return typeof tone === 'function' ? tone(kind, eventName) : tone
}
