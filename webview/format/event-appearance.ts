/** How each type of event looks in the list. To show a new type, add a row. */
import * as l10n from '@vscode/l10n'
import type { Kind } from '../../src/shared/event-columns.ts'
import type { EventType } from '../../src/shared/event-types.ts'
import type { DecodedPreview } from '../../src/shared/protocol/decoding.ts'

/** The color role of an event. Its arrow, icon or words say the same. */
export type Tone = 'in' | 'out' | 'control' | 'error' | 'warn' | 'quiet'

export interface EventAppearance {
  /** `eventName` is the one in the event's columns: of a response, its status; of a close, its code. */
  readonly tone: Tone | ((kind: Kind, eventName: string) => Tone)
  /** The icon in front of the type. An error has its own. */
  readonly icon: string
}

/** Close codes of a connection that was meant to end (RFC 6455 section 7.4.1). */
const EXPECTED_END = /^(?:|1000|1001|1005)$/

const EVENT_APPEARANCE: Readonly<Record<EventType, EventAppearance>> = {
  connect: { tone: 'quiet', icon: 'dash' },
  open: { tone: 'quiet', icon: 'dash' },
  message: {
    tone: ({ truncated, automatic, faulted, direction }) =>
      faulted ? 'warn' : truncated || automatic ? 'quiet' : direction === 'out' ? 'out' : 'in',
    icon: 'circle-small-filled',
  },
  ping: { tone: 'control', icon: 'heart' },
  pong: { tone: 'control', icon: 'heart' },
  comment: { tone: 'control', icon: 'comment' },
  request: { tone: 'quiet', icon: 'arrow-right' },
  response: {
    tone: ({ empty }, status) => (/^[45]\d\d\b/.test(status) ? 'error' : empty ? 'quiet' : 'in'),
    icon: 'reply',
  },
  close: { tone: (_, code) => (EXPECTED_END.test(code) ? 'quiet' : 'error'), icon: 'circle-slash' },
  error: { tone: 'error', icon: 'error' },
  reconnect: { tone: 'warn', icon: 'sync' },
  gap: { tone: 'warn', icon: 'warning' },
  pause: { tone: 'warn', icon: 'debug-pause' },
  mark: { tone: 'quiet', icon: 'flag' },
}

/** In front of messages that a proxy did something to on purpose. */
const FAULTED_ICON = 'zap'

/** How a message looks that has only a part of a packet. */
export const PART = { name: l10n.t('part'), tone: 'quiet', icon: 'ellipsis' } as const

export function toneOf(kind: Kind, eventName: string, decoded?: DecodedPreview): Tone {
  if (decoded?.heartbeat === true) return 'control'
  if (decoded?.kind === 'error') return 'error'
  const { tone } = EVENT_APPEARANCE[kind.type]
  return typeof tone === 'function' ? tone(kind, eventName) : tone
}

export function iconOf(kind: Kind, tone: Tone): string {
  if (tone === 'error') return EVENT_APPEARANCE.error.icon
  return kind.faulted ? FAULTED_ICON : EVENT_APPEARANCE[kind.type].icon
}
