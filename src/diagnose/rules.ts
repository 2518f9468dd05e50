/** The table of rules. To add a rule, add a row to the table of its kind. */

import type { Rule } from './rule.ts'
import { LIFETIME_RULES } from './rules/lifetime/lifetime-rules.ts'
import { MESSAGE_RULES } from './rules/message/message-rules.ts'
import { POLL_RULES } from './rules/poll/poll-rules.ts'
import { STREAM_RULES } from './rules/stream/stream-rules.ts'

export const RULES: readonly Rule[] = [...STREAM_RULES, ...LIFETIME_RULES, ...MESSAGE_RULES, ...POLL_RULES]
