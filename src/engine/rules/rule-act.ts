/** What a rule does with a message that it found: answers, sets a variable, marks, or disconnects. */
import type { Variables } from '../../shared/compose/template.ts'
import { parseAction, type Rule, ruleText } from '../../shared/rule.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import type { DisconnectRequest } from '../../transport/transport.ts'
import { checkClose } from '../../transport/websocket/closing.ts'
import { type Found, isGroup } from '../matching/matched-value.ts'
import { matchedValue, RuleText, valueAt } from './rule-text.ts'

export interface ActHost {
  /** Sends over the connection. Throws a `Failure` if that fails. */
  send(message: OutboundMessage): void
  /** Closes the connection for good. */
  disconnect(request: DisconnectRequest): void
  /** Adds a mark to the session. `rule` says which rule does. */
  mark(text: string, rule: string): void
  /** Sets a variable for later messages. Throws a `Failure` if its value cannot be kept. */
  set(name: string, value: string): void
  /** The variables that are set now, by rules and by the messages of a script. */
  variables(): Variables
  /** Whether something else may set a variable. */
  maySet?(name: string): boolean
}

export interface RuleAct {
  /** Whether it needs the groups of the regular expression. */
  readonly usesGroups: boolean
  /** Whether it may need to know the packets of messages. */
  readonly usesValues: boolean
  /** Variables have to be set before the message is stored: it may be masked. */
  readonly isImmediate: boolean
  /** Reads what is needed of the message. The function that it returns acts. Both throw a `Failure`. */
  prepare(found: Found): () => void
}

/** Throws a `Failure` `BAD_RULE`, or as composing does, if the rule is not valid. */
export function actOf(rule: Rule, host: ActHost, isKnown: (name: string) => boolean): RuleAct {
  const { variables = {}, written = rule } = rule
  const action = parseAction(rule.text)
  const usesValues = rule.text.includes('{{')
  const textOf = (text: string) =>
    new RuleText(text, (name) => Object.hasOwn(variables, name) || isKnown(name))
  const values = () => ({ ...variables, ...host.variables() })
  switch (action.kind) {
    case 'answer': {
      const text = textOf(action.text)
      return {
        usesGroups: text.usesGroups,
        usesValues,
        isImmediate: false,
        prepare(found) {
          const message = text.message(found, values())
          return () => host.send({ ...message, automatic: 'rule' })
        },
      }
    }
    case 'set': {
      const { name, path } = action
      const value = matchedValue(path)
      return {
        usesGroups: isGroup(path),
        usesValues: true,
        isImmediate: true,
        prepare(found) {
          const text = valueAt(path, value, found, false)
          return () => host.set(name, text)
        },
      }
    }
    case 'mark': {
      const text = textOf(action.text)
      return {
        usesGroups: text.usesGroups,
        usesValues,
        isImmediate: false,
        prepare(found) {
          const filled = text.fill(found, values())
          return () => host.mark(filled, ruleText(written))
        },
      }
    }
    case 'disconnect': {
      const { code, reason } = action
      const text = textOf(reason)
      if (!usesValues) checkClose({ code, reason })
      return {
        usesGroups: text.usesGroups,
        usesValues,
        isImmediate: false,
        prepare(found) {
          const filled = text.fill(found, values())
          const request = {
            ...(code !== undefined && { code }),
            ...(filled !== '' && { reason: filled }),
            rule: ruleText(written),
          }
          checkClose(request)
          return () => host.disconnect(request)
        },
      }
    }
  }
}
