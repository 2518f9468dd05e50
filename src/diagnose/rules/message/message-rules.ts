/** Rules about messages. */
import type { Rule } from '../../rule.ts'
import { compressionUseless } from './compression-useless.ts'
import { duplicate } from './duplicate.ts'
import { fragmentHeavy } from './fragment-heavy.ts'
import { headOfLine } from './head-of-line.ts'
import { nagleDelayedAck } from './nagle-delayed-ack.ts'
import { notCompressed } from './not-compressed.ts'
import { outOfOrder } from './out-of-order.ts'
import { sequenceGap } from './sequence-gap.ts'
import { tinyMessages } from './tiny-messages.ts'
import { unansweredRequest } from './unanswered-request.ts'

export const MESSAGE_RULES: readonly Rule[] = [
  nagleDelayedAck,
  compressionUseless,
  notCompressed,
  headOfLine,
  fragmentHeavy,
  tinyMessages,
  unansweredRequest,
  sequenceGap,
  duplicate,
  outOfOrder,
]
