/** Long-poll cycles with empty answers, against bare loops of requests: on one kept-alive connection, and on many at once. */
import { YOUNG_GENERATION } from '../../src/engine/client.ts'
import { program } from '../harness/contender.ts'
import type { Case } from '../harness/types.ts'

const options = { load: '/poll?size=0', count: 30_000, warmup: 7500, size: 0 }

/** `count` cycles over `size` polls. */
const held = {
  ...{ load: '/none?', count: 60_000, size: 1000, whole: true },
  ...{ nodeOptions: ['--expose-gc'], bundled: true },
}

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
    {
      label: '1,000 held at once',
      unit: 'cycles',
      contenders: [
        program('undici', 'many-polls-undici.ts', held),
        // As much memory for new objects as the editor gives the thread of the engine.
        program('ours', 'many-polls-engine.ts', {
          ...held,
          nodeOptions: [...held.nodeOptions, `--max-semi-space-size=${YOUNG_GENERATION / 3}`],
        }),
      ],
      targets: [
        {
          ...{ of: 'ours', against: 'undici', called: 'memory of a held poll', floor: 1 / 1.3, goal: 1 },
          // Less is better, so that the ratio is that of undici to ours.
          figure: ({ extra }) => 1 / (extra?.['kB each'] ?? Number.NaN),
        },
        { of: 'ours', against: 'undici', called: 'cycles a second', floor: 0.9, goal: 1 },
      ],
    },
  ],
}
