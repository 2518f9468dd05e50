/** Rules: what a connection does by itself with the messages that a filter finds (docs/http-files.md, Rules). */
import { VARIABLE_NAME, type Variables } from './compose/template.ts'
import { Failure } from './failure.ts'
import { parseFilter } from './filter/parse.ts'
import { FilterError } from './filter/syntax.ts'

export interface Rule {
  /** The messages to act on (docs/filter.md). */
  readonly filter: string
  /** What to do, as `parseAction` reads it. `{{$1}}` and `{{$.path}}` stand for values of the message that was found. */
  readonly text: string
  /** Values of the user's variables in the text. */
  readonly variables?: Variables
  /** Filter and text as they are in a file of requests, if it has the rule. */
  readonly written?: WrittenRule
}

export interface WrittenRule {
  readonly filter: string
  readonly text: string
}

export interface RuleStatus extends WrittenRule {
  /** It is written in a file of requests as it is here, with its placeholders. */
  readonly isFromFile?: true
  /** How often it has acted. */
  readonly count: number
  /** Why it last did nothing with a message that it found, as one sentence. */
  readonly problem?: string
  /** Why it does nothing any more, as one sentence; absent while it does. */
  readonly ended?: string
}

/** What a rule does. Texts are templates. */
export type RuleAction =
  | { readonly kind: 'answer'; readonly text: string }
  /** Keeps a value of the message as a variable. The path is a JSONPath, or a group such as `$1`. */
  | { readonly kind: 'set'; readonly name: string; readonly path: string }
  | { readonly kind: 'mark'; readonly text: string }
  /** Closes the connection for good. `code` and `reason` are those of a WebSocket. */
  | { readonly kind: 'disconnect'; readonly code?: number; readonly reason: string }

export type ActionKind = RuleAction['kind']

/** How each action but the answer is written, and what it does. */
export const ACTION_HELP: readonly (readonly [kind: ActionKind, form: string, hint: string])[] = [
  ['set', '@set NAME = $.path', 'keeps a value of the message as the variable {{NAME}}'],
  ['mark', '@mark TEXT', 'adds a mark to the session'],
  ['disconnect', '@disconnect [CODE] [REASON]', 'closes the connection, and does not reconnect'],
]

const ARROW = '=>'

/** The whole rule on one line, as `parseRule` reads it. */
export function ruleText({ filter, text }: WrittenRule): string {
  return `${filter} ${ARROW} ${text}`.trim()
}

/** Where the filter of `FILTER => ACTION` ends, and where the action begins. Throws a `Failure` `BAD_RULE`. */
export function splitRule(written: string): { readonly filterEnd: number; readonly actionStart: number } {
  let mistake: string | undefined
  // The filter may contain an arrow too, such as in a text.
  for (let at = written.indexOf(ARROW); at >= 0; at = written.indexOf(ARROW, at + 1)) {
    try {
      parseFilter(written.slice(0, at).trim())
      return { filterEnd: at, actionStart: at + ARROW.length }
    } catch (thrown) {
      if (!(thrown instanceof FilterError)) throw thrown
      mistake ??= thrown.message
    }
  }
  throw badRule(
    mistake === undefined
      ? 'A rule is a filter, an arrow and an answer or an action, such as type:message => {"ok":true}.'
      : `The filter of the rule is not valid. ${mistake}`,
  )
}

/** Reads `FILTER => TEXT` or `FILTER => @ACTION`. Throws a `Failure` `BAD_RULE`. */
export function parseRule(written: string): WrittenRule {
  const { filterEnd, actionStart } = splitRule(written)
  const text = written.slice(actionStart).trim()
  parseAction(text)
  return { filter: written.slice(0, filterEnd).trim(), text }
}

/**
 * Reads what a rule does: a text is the answer, and `@set`, `@mark` and `@disconnect` are actions. An answer that begins
 * with `@` is written with `@@`. Throws a `Failure` `BAD_RULE`.
 */
export function parseAction(text: string): RuleAction {
  if (!text.startsWith('@')) return { kind: 'answer', text }
  if (text.startsWith('@@')) return { kind: 'answer', text: text.slice(1) }
  const [word = ''] = /^@\w*/.exec(text) ?? []
  const rest = text.slice(word.length)
  if (rest === '' || /^\s/.test(rest))
    switch (word) {
      case '@set':
        return setAction(rest)
      case '@mark':
        return { kind: 'mark', text: markText(rest.trim()) }
      case '@disconnect':
        return disconnectAction(rest.trim())
    }
  throw badRule(
    `There is no action ${JSON.stringify(word)}; write ${ACTION_HELP.map(([, form]) => form).join(', ')}, or @${word} for an answer that begins with ${JSON.stringify(word)}.`,
  )
}

/** The text that `parseAction` reads as this action. */
export function actionText(action: RuleAction): string {
  switch (action.kind) {
    case 'answer':
      return action.text.startsWith('@') ? `@${action.text}` : action.text
    case 'set':
      return `@set ${action.name} = ${action.path}`
    case 'mark':
      return `@mark ${action.text}`
    case 'disconnect':
      return ['@disconnect', action.code ?? '', action.reason].filter((part) => part !== '').join(' ')
  }
}

function setAction(rest: string): RuleAction {
  const equals = rest.indexOf('=')
  const name = rest.slice(0, Math.max(equals, 0)).trim()
  const path = rest.slice(equals + 1).trim()
  if (equals < 0 || !/^\$(?:\d{1,2}$|$|[.[])/.test(path))
    throw badRule('@set needs a name and a path, such as @set token = $.token, or a group: @set token = $1.')
  if (!VARIABLE_NAME.test(name))
    throw badRule(
      `${JSON.stringify(name)} cannot be the name of a variable; use up to 64 letters, digits, dots, dashes and underscores, the first one a letter or an underscore.`,
    )
  return { kind: 'set', name, path }
}

function markText(text: string): string {
  if (text === '') throw badRule('@mark needs a text, such as @mark logged in.')
  return text
}

/** The first word is the code if it is a number of four digits. */
function disconnectAction(rest: string): RuleAction {
  const [, code, reason = ''] = /^(\d{4})(?:\s+(.*))?$/s.exec(rest) ?? []
  return code === undefined
    ? { kind: 'disconnect', reason: rest }
    : { kind: 'disconnect', code: Number(code), reason }
}

function badRule(sentence: string): Failure {
  return new Failure('BAD_RULE', sentence)
}
