/** The text of a rule: fills it with values of the message that it answers. */
import { PathTooSlow } from '../../capture/filter/watched-path.ts'
import { type ComposedMessage, checkMessage, composeMessage } from '../../shared/compose/compose.ts'
import { matchedExpressions, placeholders, scopeNow, standIns } from '../../shared/compose/template.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { isJson } from '../../shared/text/json-text.ts'
import { type Found, isGroup, MatchedValue } from '../matching/matched-value.ts'

export class RuleText {
  readonly #message: ComposedMessage
  readonly #values = new Map<string, MatchedValue>()
  /** Whether it has groups of a regular expression. */
  readonly usesGroups: boolean
  #counter = 0

  /** Throws a `Failure` if the text has an unknown variable, or a path that is not valid. */
  constructor(text: string) {
    const expressions = matchedExpressions(text)
    this.usesGroups = expressions.some(isGroup)
    // Values that are inserted into a string of JSON have to be escaped.
    const format = isJson(standIns(text, true)) ? 'json' : 'text'
    this.#message = { format, text }
    for (const expression of expressions) this.#values.set(expression, compiled(expression))
    checkPlaceholders(text)
  }

  /** The answer. Throws a `Failure` if a value is missing, or with it the text is not JSON any more. */
  fill(found: Found): OutboundMessage {
    this.#counter++
    const matched = (expression: string, asJson: boolean) => this.#valueAt(expression, found, asJson)
    return composeMessage(this.#message, { ...scopeNow({}, this.#counter), matched })
  }

  #valueAt(expression: string, found: Found, asJson: boolean): string {
    let value: string | undefined
    try {
      value = this.#values.get(expression)?.read(found, asJson)
    } catch (thrown) {
      if (!(thrown instanceof PathTooSlow)) throw thrown
      throw notAnswered(`${expression} leads to too many values in it`)
    }
    if (value !== undefined) return value
    if (!isGroup(expression)) throw notAnswered(`it has no value at ${expression}`)
    const group = Number(expression.slice(1))
    if (group < found.groups.length) return ''
    throw notAnswered(`no regular expression of the filter has a group ${group}`)
  }
}

function notAnswered(why: string): Failure {
  return new Failure('NO_VALUE', `A message was not answered, because ${why}.`)
}

/** Throws a `Failure` `BAD_RULE` if a placeholder is not known: rules have no variables of the user. */
function checkPlaceholders(text: string): void {
  try {
    checkMessage({ format: 'text', text }, {})
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code !== 'UNKNOWN_VARIABLE') throw thrown
    const [name = ''] = placeholders(text).filter((each) => !each.startsWith('$'))
    throw name === ''
      ? thrown
      : new Failure(
          'BAD_RULE',
          `The rule has no value for {{${name}}}; write {{$.${name}}} for a value of the message, or {{$1}} for a group of the regular expression.`,
        )
  }
}

function compiled(expression: string): MatchedValue {
  try {
    return new MatchedValue(expression)
  } catch (thrown) {
    throw new Failure('BAD_RULE', `${expression} in the rule is not a JSONPath: ${sentenceOf(thrown)}.`)
  }
}
