/** Faults that a proxy causes on purpose. */

/** What the value of a fault is. `none`: it has no value. */
export type FaultUnit = 'ms' | 'share' | 'bytes/s' | 'bytes' | 'messages' | 'status' | 'none'

/** What a fault changes: single messages, all that a connection transports, or whether it lives. */
export type FaultScope = 'messages' | 'bytes' | 'connection'

interface FaultRow {
  /** As `--fault` names it. */
  readonly name: string
  readonly unit: FaultUnit
  readonly scope: FaultScope
  /** Needs random choices. */
  readonly isRandom?: boolean
  /** What it does, for help and documentation. */
  readonly does: string
}

const ROWS = {
  delay: {
    name: 'delay',
    unit: 'ms',
    scope: 'messages',
    does: 'holds each message for this time; later messages wait behind it',
  },
  jitter: {
    name: 'jitter',
    unit: 'ms',
    scope: 'messages',
    isRandom: true,
    does: 'holds each message for a random time up to this; later messages wait behind it',
  },
  drop: {
    name: 'drop',
    unit: 'share',
    scope: 'messages',
    isRandom: true,
    does: 'does not pass on this share of the messages',
  },
  duplicate: {
    name: 'duplicate',
    unit: 'share',
    scope: 'messages',
    isRandom: true,
    does: 'passes on this share of the messages twice',
  },
  reorder: {
    name: 'reorder',
    unit: 'share',
    scope: 'messages',
    isRandom: true,
    does: 'lets this share of the messages pass behind the next one, or a second later if none comes',
  },
  corrupt: {
    name: 'corrupt',
    unit: 'share',
    scope: 'messages',
    isRandom: true,
    does: 'changes one character or byte in this share of the messages',
  },
  throttle: {
    name: 'throttle',
    unit: 'bytes/s',
    scope: 'bytes',
    does: 'passes on at most this many bytes a second in each direction',
  },
  'cut-after-time': {
    name: 'cut-after',
    unit: 'ms',
    scope: 'connection',
    does: 'cuts the connection this time after it opened',
  },
  'cut-after-messages': {
    name: 'cut-after',
    unit: 'messages',
    scope: 'connection',
    does: 'cuts the connection after this many messages',
  },
  refuse: {
    name: 'refuse',
    unit: 'share',
    scope: 'connection',
    isRandom: true,
    does: 'refuses this share of the connections and requests',
  },
  status: {
    name: 'status',
    unit: 'status',
    scope: 'connection',
    does: 'answers requests and handshakes with this HTTP status',
  },
  hold: {
    name: 'hold',
    unit: 'none',
    scope: 'messages',
    does: 'holds each message until the user releases, edits or drops it',
  },
  'idle-timeout': {
    name: 'idle-timeout',
    unit: 'ms',
    scope: 'connection',
    does: 'cuts the connection if nothing has passed for this time',
  },
  restart: {
    name: 'restart',
    unit: 'ms',
    scope: 'connection',
    does: 'cuts all connections once, refuses new ones for this time, and then accepts them again',
  },
  buffer: {
    name: 'buffer',
    unit: 'bytes',
    scope: 'bytes',
    does: 'holds back the content of a response until there are this many bytes, or until its end',
  },
} as const satisfies Readonly<Record<string, FaultRow>>

export type FaultKind = keyof typeof ROWS

/** All kinds of faults. */
export const FAULTS: Readonly<Record<FaultKind, FaultRow>> = ROWS
export const FAULT_KINDS = Object.keys(ROWS) as readonly FaultKind[]

export interface FaultSpec {
  readonly kind: FaultKind
  /** In the unit of its kind; 0 if it has none. A share is from 0 to 1. */
  readonly value: number
  /**
   * Faults of messages: a filter; only messages that it finds are affected. Others: text in the URL of the connections that are
   * affected. Absent: all.
   */
  readonly match?: string
  /** Makes random choices repeatable. */
  readonly seed?: number
  /** `restart`: milliseconds from the opening of the first connection until it happens. Default 0. */
  readonly after?: number
}

/** Codes of errors that a proxy caused on purpose: by a fault, or because it was told to cut the connection. */
export const ON_PURPOSE = { fault: 'FAULT', cut: 'CUT' } as const

const ON_PURPOSE_CODES: ReadonlySet<string> = new Set(Object.values(ON_PURPOSE))

/** Whether an error with this code was caused on purpose. */
export function isOnPurpose(code: string): boolean {
  return ON_PURPOSE_CODES.has(code)
}

/** Faults that a proxy has at a time, at most. */
export const MAX_FAULTS = 32
