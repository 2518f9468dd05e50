/** A text with the values of its variables, to show it. */
import { SECRET_BUILT_INS } from '../variables/built-ins.ts'
import { placeholdersIn } from '../variables/placeholders.ts'
import type { VariableScope } from '../variables/scope.ts'

/** The text with the placeholders filled that have a value now, and with `hidden` in place of secrets. */
export function shownText(text: string, scope: VariableScope, hidden: string): string {
  const parts: string[] = []
  let last = 0
  for (const { name, written, start, end } of placeholdersIn(text)) {
    const variable = name.startsWith('$') ? undefined : scope.lookup(name)
    const isSecret = SECRET_BUILT_INS.has(name) || variable?.isSecret === true
    const value = variable?.problem === undefined ? variable?.value : undefined
    parts.push(text.slice(last, start), isSecret ? hidden : (value ?? written))
    last = end
  }
  return parts.join('') + text.slice(last)
}
