/** What a saved request does on its connection once it is open: messages to send, answers to wait for, values to keep. */
import type { TemplateMessage } from './compose/compose.ts'

/**
 * A message of a request. If the message has `variables`, which may be none, its placeholders are filled when it is sent,
 * because an answer may set them: with these, those of the script, and those that messages have set. Later ones take
 * precedence.
 */
export interface ScriptedSend {
  readonly kind: 'send'
  /** Of the message, unique in its request; absent if it has none. */
  readonly name?: string
  readonly message: TemplateMessage
}

/** A message of the protocol that is spoken on the connection, as the values of one of its forms. */
export interface ScriptedForm {
  readonly kind: 'form'
  readonly name?: string
  readonly form: string
  /** JSON of the values of its fields, with placeholders. */
  readonly values: string
}

/**
 * Waits for one more inbound message, whatever it is: two in a row wait for two. Messages count that came since the last
 * step that sent one. In a protocol that is spoken, heartbeats do not count, nor does its handshake.
 */
export interface ScriptedWait {
  readonly kind: 'wait'
}

export type ScriptStep = ScriptedSend | ScriptedForm | ScriptedWait

/** Keeps a value of the messages that a filter finds, as a variable. The newest message with a value wins. */
export interface ScriptedValue {
  /** Of the variable. */
  readonly name: string
  /** A JSONPath, or a group `$1` of the regular expression in the filter. */
  readonly path: string
  /** The messages to look at (docs/filter.md). Absent for any inbound message with a value at the path. */
  readonly filter?: string
}

export interface RequestScript {
  readonly steps: readonly ScriptStep[]
  readonly values: readonly ScriptedValue[]
  /** Values of variables that are known before the connection opens. A message does not wait for these. */
  readonly variables: Readonly<Record<string, string>>
  /** Variables that rules of the connection set. A message waits for these, too. */
  readonly setByRules?: readonly string[]
  /** Nothing is sent until the user sends it. Default: all steps run once the connection is open. */
  readonly isManual?: boolean
}

/** What a script waits for: that the connection is open, for a message, or for variables that messages set. */
export type ScriptWait = 'open' | 'message' | { readonly variables: readonly string[] }

/** Where a script is. A step has a number from 0. */
export interface ScriptStatus {
  /** Steps that are done: sent, or waited for. */
  readonly done: number
  readonly of: number
  /** Absent if it does not run: it has not started, is done, or has a problem. */
  readonly waitsFor?: ScriptWait
  /** Why it does not continue, as one sentence; absent while it does. */
  readonly problem?: string
  /** For each message that was sent: the step, and the session time in ms. The newest of each step. */
  readonly sent: readonly { readonly step: number; readonly time: number }[]
  /** Variables that messages have set so far, to show: secrets are masked, and long values are shortened. */
  readonly variables: Readonly<Record<string, string>>
}

/** The most steps, and the most values, of a script. */
export const MAX_SCRIPT_STEPS = 1000
export const MAX_SCRIPT_VALUES = 100
/** The most characters of a value that is kept. */
export const MAX_SCRIPT_VALUE = 64 * 1024
