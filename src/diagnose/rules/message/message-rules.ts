/** Rules about messages: their sizes, order and answers. */
import type { Rule } from '../../rule.ts'

export const MESSAGE_RULES: readonly Rule[] = []
