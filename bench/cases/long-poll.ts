/** Long-poll cycles on one kept-alive connection with empty answers, against a bare loop of requests. */
import { program } from '../harness/contender.ts'
import type { Case } from '../harness/types.ts'

const options = { load: '/poll?size=0', count: 30_000, warmup: 7500, size: 0 }

export const longPoll: Case = {
  name: 'long-poll',
  title: 'Long-polling',
  variants: [
    {
      label: 'empty answers',
      unit: 'cycles',
      contenders: [program('undici', 'undici-loop.ts', options), program('ours', 'engine.ts', options)],
      targets: [{ of: 'ours', against: 'undici', floor: 0.85, goal: 1 }],
    },
  ],
}
