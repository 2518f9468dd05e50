/** What the user chose about rules on the command line. */
import type { DiagnosisChoices } from '../../diagnose/diagnosis.ts'
import { RULES } from '../../diagnose/rules.ts'
import { isMutedBy } from '../../shared/muted-rules.ts'
import type { MutedRule } from '../../shared/protocol/findings.ts'
import { UsageError } from '../command-line.ts'

export interface RuleOptions {
  readonly mute?: readonly MutedRule[]
  readonly threshold?: readonly { readonly rule: string; readonly value: number }[]
}

/** Throws a `UsageError` if there is no such rule, or if it has no threshold. */
export function ruleChoices({ mute = [], threshold = [] }: RuleOptions): DiagnosisChoices {
  for (const { rule } of mute) ruleOf(rule)
  for (const { rule } of threshold)
    if (ruleOf(rule).threshold === undefined) throw new UsageError(`The rule ${rule} has no threshold.`)
  return {
    thresholds: Object.fromEntries(threshold.map(({ rule, value }) => [rule, value])),
    isMuted: (rule, url) => isMutedBy(mute, rule, url),
  }
}

function ruleOf(name: string) {
  const rule = RULES.find((each) => each.name === name)
  if (rule !== undefined) return rule
  const names = RULES.map((each) => each.name).sort()
  throw new UsageError(`There is no rule ${JSON.stringify(name)}. The rules are: ${names.join(', ')}.`)
}
