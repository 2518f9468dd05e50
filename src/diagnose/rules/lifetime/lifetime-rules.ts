/** Rules about how connections live and end. */
import type { Rule } from '../../rule.ts'

export const LIFETIME_RULES: readonly Rule[] = []
