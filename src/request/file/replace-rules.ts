/** Changes the rules of a request of a file. Those that stay are not touched. */
import { ruleText } from '../../shared/rule.ts'
import type { LineEdits } from './line-edits.ts'
import type { FileRequest } from './request-file.ts'

/** Makes the rules of the request the wanted ones, each as it is written after `# @on`. */
export function replaceRules(
  { rules, line }: Pick<FileRequest, 'rules' | 'line'>,
  wanted: readonly string[],
  edits: LineEdits,
): void {
  const added = [...wanted]
  for (const rule of rules) {
    const at = added.indexOf(ruleText({ filter: rule.filter.text, text: rule.action.text }))
    if (at >= 0) added.splice(at, 1)
    else edits.remove(edits.lineAt(rule.start), edits.lineAt(rule.end))
  }
  const lines = added.map((rule) => `# @on ${rule}`)
  const last = rules.at(-1)
  if (last === undefined) edits.before(edits.lineAt(line.start), lines)
  else edits.after(edits.lineAt(last.end), lines)
}
