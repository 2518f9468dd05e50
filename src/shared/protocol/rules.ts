/** Calls that make a connection act by itself: rules, and a message that keeps it alive. */
import type { TemplateMessage } from '../compose/compose.ts'
import { MAX_REPEAT_INTERVAL } from '../compose/repeat.ts'
import { Failure } from '../failure.ts'
import type { Rule } from '../rule.ts'
import { formatCount } from '../text/numbers.ts'

/** Milliseconds. A peer is not flooded by a message that is sent without end. */
export const MIN_KEEP_ALIVE_INTERVAL = 100
/** Rules of one connection. */
export const MAX_RULES = 100

/** A message that is sent again and again. */
export interface KeepAliveMessage {
  readonly message: TemplateMessage
  /** Milliseconds. */
  readonly interval: number
  /** The text as it is in a file of requests, if it has the message. */
  readonly written?: string
}

export type RuleMethods = {
  /** Adds a rule to a connection, which it keeps over reconnects. Rejects with BAD_RULE, or TOO_MANY_RULES. */
  addRule: { params: { readonly id: number; readonly rule: Rule }; result: null }
  /** Removes the rule at an index of the status. */
  removeRule: { params: { readonly id: number; readonly index: number }; result: null }
  /** Switches a rule off, or on again. */
  switchRule: { params: { readonly id: number; readonly index: number; readonly on: boolean }; result: null }
  /**
   * Sends a message at once, and again at an interval in ms, over all reconnects, until `stopKeepAlive`. Replaces the
   * one before it. Rejects with BAD_REPEAT.
   */
  keepAlive: {
    params: { readonly id: number } & KeepAliveMessage
    result: null
  }
  stopKeepAlive: { params: { readonly id: number }; result: null }
}

/** Throws a `Failure` `BAD_REPEAT` whose sentence names the limit. */
export function checkKeepAlive(interval: number): void {
  if (Number.isInteger(interval) && interval >= MIN_KEEP_ALIVE_INTERVAL && interval <= MAX_REPEAT_INTERVAL)
    return
  throw new Failure(
    'BAD_REPEAT',
    `The interval must be a whole number of milliseconds from ${MIN_KEEP_ALIVE_INTERVAL} to ${formatCount(MAX_REPEAT_INTERVAL)} (a day).`,
  )
}
