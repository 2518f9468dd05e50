/** Opening a saved session, against parsing its lines. */
import { program } from '../harness/contender.ts'
import type { Case, Target, Variant } from '../harness/types.ts'

interface Opened {
  readonly label: string
  readonly count: number
  readonly size: number
  /** Floor and goal of the rate against parsing, and of the milliseconds to the first rows. */
  readonly rate: readonly [number, number]
  readonly first: readonly [number, number]
  readonly more?: readonly Target[]
}

function variant({ label, count, size, rate, first, more = [] }: Opened): Variant {
  const options = { load: '/none?', count, size, whole: true, bundled: true }
  return {
    label,
    unit: 'events',
    contenders: [
      program('JSON.parse', 'json-lines.ts', options),
      program('ours', 'open.ts', { ...options, nodeOptions: ['--expose-gc'] }),
    ],
    targets: [
      { of: 'ours', against: 'JSON.parse', floor: rate[0], goal: rate[1] },
      {
        ...{ of: 'ours', against: 'ours', floor: first[0], goal: first[1], absolute: 'at most' },
        called: 'ms to the first rows',
        figure: ({ extra }) => extra?.['first rows ms'] ?? Number.NaN,
      },
      ...more,
    ],
  }
}

export const open: Case = {
  name: 'open',
  title: 'Open a session',
  variants: [
    variant({
      ...{ label: '1,000,000 events of 64 B', count: 1_000_000, size: 64 },
      ...{ rate: [0.5, 1], first: [500, 300] },
    }),
    // The file has 2 GB.
    variant({
      ...{ label: '10,000,000 events of 100 B', count: 10_000_000, size: 100 },
      ...{ rate: [0.5, 1], first: [1000, 500] },
      more: [
        {
          ...{ of: 'ours', against: 'ours', floor: 500, goal: 350, absolute: 'at most' },
          called: 'MB of memory at the peak',
          figure: ({ peakMemory }) => peakMemory / 1e6,
        },
      ],
    }),
  ],
}
