/** The table of rules. To add a rule, add a row. */
import { KEPT_RULES } from './kept.ts'
import type { Rule } from './rule.ts'

/** Findings come in this order. */
export const RULES: readonly Rule[] = [...KEPT_RULES]
