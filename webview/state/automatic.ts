/** What connections send by themselves, and the rule and the keep-alive message that the user writes. */
import { signal } from '@preact/signals'
import type { ComposedMessage } from '../../src/shared/compose/compose.ts'
import { type ActionKind, actionText, type RuleStatus } from '../../src/shared/rule.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'

export class AutomaticStore {
  /** Whether the rules and the keep-alive messages are shown in full. */
  readonly isShown = signal(false)
  readonly filter = signal('')
  /** What the rule does. */
  readonly action = signal<ActionKind>('answer')
  /** The answer, or what the action is given. */
  readonly text = signal('')
  /** Why the rule was not added, as one sentence. */
  readonly ruleFailure = signal<string | undefined>(undefined)
  readonly keepAlive = signal<ComposedMessage>({ format: 'text', text: '' })
  /** Milliseconds. */
  readonly interval = signal(30_000)
  /** Why the keep-alive message was not started, as one sentence. */
  readonly keepAliveFailure = signal<string | undefined>(undefined)
}

/** The text of a rule that does this with what was typed (src/shared/rule.ts). */
export function ruleTextOf(action: ActionKind, typed: string): string {
  return action === 'answer' ? actionText({ kind: action, text: typed }) : `@${action} ${typed}`.trim()
}

/** What the connections do by themselves now. */
export interface Running {
  readonly rules: number
  /** How often the rules have acted. */
  readonly actions: number
  readonly keepAlives: number
}

const NO_RULES: readonly RuleStatus[] = []

export function runningIn(connections: readonly ConnectionStatus[]): Running {
  const on = connections.flatMap(({ rules = NO_RULES }) => rules).filter(({ ended }) => ended === undefined)
  return {
    rules: on.length,
    actions: on.reduce((sum, { count }) => sum + count, 0),
    keepAlives: connections.filter(({ keepAlive }) => keepAlive !== undefined).length,
  }
}
