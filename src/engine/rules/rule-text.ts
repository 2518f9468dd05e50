/** A text of a rule: fills it with values of the message that was found, and with the user's variables. */
import { PathTooSlow } from '../../capture/filter/watched-path.ts'
import { checkMessage, composeMessage } from '../../shared/compose/compose.ts'
import {
  expand,
  matchedExpressions,
  placeholders,
  scopeNow,
  standIns,
  type TemplateScope,
  type Variables,
} from '../../shared/compose/template.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { isJson } from '../../shared/text/json-text.ts'
import { type Found, isGroup, MatchedValue } from '../matching/matched-value.ts'

export class RuleText {
  readonly #text: string
  readonly #format: 'json' | 'text'
  readonly #names: readonly string[]
  readonly #values = new Map<string, MatchedValue>()
  /** Whether it has groups of a regular expression. */
  readonly usesGroups: boolean
  #counter = 0

  /**
   * `isKnown`: whether a variable has a value, or may get one. Throws a `Failure` if the text has an unknown variable, or a
   * path that is not valid.
   */
  constructor(text: string, isKnown: (name: string) => boolean) {
    this.#text = text
    const expressions = matchedExpressions(text)
    this.usesGroups = expressions.some(isGroup)
    // Values that are inserted into a string of JSON have to be escaped.
    this.#format = isJson(standIns(text, true)) ? 'json' : 'text'
    this.#names = placeholders(text).filter((name) => !name.startsWith('$'))
    for (const expression of expressions) this.#values.set(expression, matchedValue(expression))
    checkPlaceholders(text, this.#names, isKnown)
  }

  /** The text as a message. Throws a `Failure` if a value is missing, or with it the text is not JSON any more. */
  message(found: Found, variables: Variables): OutboundMessage {
    return composeMessage({ format: this.#format, text: this.#text }, this.#scope(found, variables))
  }

  /** The text. Throws a `Failure` if a value is missing. */
  fill(found: Found, variables: Variables): string {
    return expand(this.#text, this.#scope(found, variables))
  }

  #scope(found: Found, variables: Variables): TemplateScope {
    const missing = this.#names.find((name) => !Object.hasOwn(variables, name))
    if (missing !== undefined) throw noValue(`{{${missing}}} is not set yet`)
    this.#counter++
    const matched = (expression: string, asJson: boolean) => {
      const value = this.#values.get(expression)
      return value === undefined ? '' : valueAt(expression, value, found, asJson)
    }
    return { ...scopeNow(variables, this.#counter), matched }
  }
}

/** A value of the message that was found. Throws a `Failure` if there is none. */
export function valueAt(expression: string, value: MatchedValue, found: Found, asJson: boolean): string {
  let text: string | undefined
  try {
    text = value.read(found, asJson)
  } catch (thrown) {
    if (!(thrown instanceof PathTooSlow)) throw thrown
    throw noValue(`${expression} leads to too many values in it`)
  }
  if (text !== undefined) return text
  if (!isGroup(expression)) throw noValue(`it has no value at ${expression}`)
  const group = Number(expression.slice(1))
  if (group < found.groups.length) return ''
  throw noValue(`no regular expression of the filter has a group ${group}`)
}

/** Throws a `Failure` `BAD_RULE` if the expression is neither a group nor a path. */
export function matchedValue(expression: string): MatchedValue {
  try {
    return new MatchedValue(expression)
  } catch (thrown) {
    throw new Failure('BAD_RULE', `${expression} in the rule is not a JSONPath: ${sentenceOf(thrown)}.`)
  }
}

function noValue(why: string): Failure {
  return new Failure('NO_VALUE', `The rule did nothing with a message, because ${why}.`)
}

/** Throws a `Failure` if a placeholder is not known. */
function checkPlaceholders(text: string, names: readonly string[], isKnown: (name: string) => boolean): void {
  const unknown = names.find((name) => !isKnown(name))
  if (unknown !== undefined)
    throw new Failure(
      'BAD_RULE',
      `The rule has no value for {{${unknown}}}; write {{$.${unknown}}} for a value of the message, or {{$1}} for a group of the regular expression.`,
    )
  checkMessage({ format: 'text', text }, Object.fromEntries(names.map((name) => [name, ''])))
}
