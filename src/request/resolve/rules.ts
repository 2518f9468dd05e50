/** Fills the variables of what a connection does by itself. */
import { parseKeepAlive } from '../../shared/keep-alive.ts'
import type { KeepAliveMessage } from '../../shared/protocol/rules.ts'
import { actionText, parseAction, parseRule, type Rule, type RuleAction } from '../../shared/rule.ts'
import type { FileRequest } from '../file/request-file.ts'
import type { Filling } from '../variables/fill.ts'
import type { MessageTemplates } from '../variables/templates.ts'
import { placed } from './failure.ts'

/** The rules of a request. Variables that have a value are bound to it. Rejects with a `Failure` at the place of one that is wrong. */
export async function resolveRules(
  { rules }: Pick<FileRequest, 'rules'>,
  filling: Filling,
  templates: MessageTemplates,
): Promise<readonly Rule[]> {
  const resolved: Rule[] = []
  for (const { filter, action, sets } of rules) {
    // A value that is given takes precedence, as it does over `# @set`.
    if (sets !== undefined && !filling.scope.isSetByMessages(sets.text)) continue
    const filled = await placed(filter, async () => {
      const { text } = await filling.fill(filter.text)
      // Throws if it is no filter with its variables filled.
      parseRule(`${text} =>`)
      return text
    })
    const text = await placed(action, () => template(parseAction(action.text), templates))
    resolved.push({ filter: filled, text, written: { filter: filter.text, text: action.text } })
  }
  // All templates are made, so that all variables are known.
  return resolved.map((rule) => ({ ...rule, variables: templates.variables }))
}

async function template(action: RuleAction, templates: MessageTemplates): Promise<string> {
  switch (action.kind) {
    case 'set':
      return actionText(action)
    case 'disconnect':
      return actionText({ ...action, reason: await templates.template(action.reason) })
    default:
      return actionText({ ...action, text: await templates.template(action.text) })
  }
}

/** The message that keeps the connection of a request alive. Rejects as `resolveRules` does. */
export async function resolveKeepAlive(
  { keepAlive }: Pick<FileRequest, 'keepAlive'>,
  filling: Filling,
  templates: MessageTemplates,
): Promise<KeepAliveMessage | undefined> {
  if (keepAlive === undefined) return undefined
  return await placed(keepAlive, async () => {
    const arrow = keepAlive.text.indexOf('=>')
    const time = await filling.fill(keepAlive.text.slice(0, Math.max(arrow, 0)))
    const { interval } = parseKeepAlive(`${time.text}=> text`)
    const written = keepAlive.text.slice(arrow + '=>'.length).trim()
    const text = await templates.template(written)
    return { interval, message: { format: 'text', text, variables: templates.variables }, written }
  })
}
