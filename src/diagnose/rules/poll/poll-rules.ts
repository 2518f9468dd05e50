/** Rules about polls. */
import type { Rule } from '../../rule.ts'
import { blankPolls } from './blank-polls.ts'
import { connectionPerPoll } from './connection-per-poll.ts'
import { holdTooLong } from './hold-too-long.ts'
import { pollTooFast } from './poll-too-fast.ts'
import { pollTooSlow } from './poll-too-slow.ts'
import { validatorIgnored } from './validator-ignored.ts'

export const POLL_RULES: readonly Rule[] = [
  blankPolls,
  holdTooLong,
  connectionPerPoll,
  validatorIgnored,
  pollTooSlow,
  pollTooFast,
]
