/** Memory that a capture takes for each event, besides the payloads, which have a fixed limit. */
import { program } from '../harness/contender.ts'
import type { Case } from '../harness/types.ts'

const options = {
  load: '/none?',
  count: 5_000_000,
  size: 64,
  whole: true,
  bundled: true,
  nodeOptions: ['--expose-gc'],
}

export const memory: Case = {
  name: 'memory',
  title: 'Memory of a capture',
  variants: [
    {
      label: '5,000,000 events of 64 B',
      unit: 'events',
      contenders: [program('ours', 'memory.ts', options)],
      targets: [
        {
          ...{ of: 'ours', against: 'ours', floor: 100, goal: 32, absolute: 'at most' },
          called: 'bytes an event',
          figure: ({ extra }) => Math.round(extra?.['B/event'] ?? Number.NaN),
        },
        {
          ...{ of: 'ours', against: 'ours', floor: 300, goal: 300, absolute: 'at most' },
          called: 'MB of the process',
          figure: ({ extra }) => extra?.['MB process'] ?? Number.NaN,
        },
      ],
    },
  ],
}
