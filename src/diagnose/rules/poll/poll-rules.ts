/** Rules about polls. */
import type { Rule } from '../../rule.ts'

export const POLL_RULES: readonly Rule[] = []
