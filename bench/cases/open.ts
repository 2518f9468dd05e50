/** Opening a saved session, against parsing its lines. */
import { program } from '../harness/contender.ts'
import type { Case } from '../harness/types.ts'

const options = { load: '/none?', count: 1_000_000, size: 64, whole: true, bundled: true }

export const open: Case = {
  name: 'open',
  title: 'Open a session',
  variants: [
    {
      label: '1,000,000 events of 64 B',
      unit: 'events',
      contenders: [
        program('JSON.parse', 'json-lines.ts', options),
        program('ours', 'open.ts', { ...options, nodeOptions: ['--expose-gc'] }),
      ],
      targets: [
        { of: 'ours', against: 'JSON.parse', floor: 0.5, goal: 1 },
        {
          ...{ of: 'ours', against: 'ours', floor: 500, goal: 300, absolute: 'at most' },
          called: 'ms to the first rows',
          figure: ({ extra }) => extra?.['first rows ms'] ?? Number.NaN,
        },
      ],
    },
  ],
}
