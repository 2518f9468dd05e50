/** The table of rules. To add a rule, add a row. */

import type { Rule } from './rule.ts'
import { STATUS_RULES } from './status-rules.ts'

/** Findings come in this order. */
export const RULES: readonly Rule[] = [...STATUS_RULES]
