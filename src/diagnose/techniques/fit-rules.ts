/** The table of rules that rank techniques. To add a rule, add it to the table of its kind. */
import { FIGURE_RULES } from './figure-rules.ts'
import type { FitRule } from './fit-rule.ts'
import { QUESTION_RULES } from './question-rules.ts'

export const FIT_RULES: readonly FitRule[] = [...QUESTION_RULES, ...FIGURE_RULES]
