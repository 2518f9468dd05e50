/** Faults that a proxy causes on purpose. */

/** What a fault does. `value` of a `FaultSpec` is in the unit that is given here. */
export const FAULT_KINDS = [
  /** Holds a message for `value` milliseconds. Later messages wait behind it. */
  'delay',
  /** Holds a message for up to `value` milliseconds, a random time for each. */
  'jitter',
  /** Drops a share of the messages. */
  'drop',
  /** Sends a share of the messages twice. */
  'duplicate',
  /** Lets a share of the messages pass behind the next one. */
  'reorder',
  /** Changes a byte in a share of the messages. */
  'corrupt',
  /** Passes on at most `value` bytes a second. */
  'throttle',
  /** Cuts the connection after `value` milliseconds. */
  'cut-after-time',
  /** Cuts the connection after `value` messages. */
  'cut-after-messages',
  /** Refuses a share of the connections. */
  'refuse',
  /** Answers requests with status `value`. */
  'status',
  /** Holds each message until the user releases it. `value` is not used. */
  'hold',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

export interface FaultSpec {
  readonly kind: FaultKind
  /** Milliseconds, bytes a second, a count, a status, or a share from 0 to 1. */
  readonly value: number
  /** A filter. Only messages that it finds are affected, or connections with its text in their URL. Absent: all. */
  readonly match?: string
  /** Makes random choices repeatable. */
  readonly seed?: number
}
