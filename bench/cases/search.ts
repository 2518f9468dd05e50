/** Filters over 256 MB of payloads. 64 MB of them are in memory. */
import { program } from '../harness/contender.ts'
import type { Case } from '../harness/types.ts'

const SIZE = 1024
const options = { count: (256 * 1024 * 1024) / SIZE, size: SIZE }
/** In one of 9,000 payloads. */
const TEXT = '"n":4321'

export const search: Case = {
  name: 'search',
  title: 'Search of 256 MB',
  variants: [
    {
      label: 'plain text',
      unit: 'events',
      contenders: [
        program('indexOf', 'index-of.ts', { ...options, load: `/none?text=${encodeURIComponent(TEXT)}` }),
        program('ours', 'search.ts', {
          ...options,
          load: `/none?filter=${encodeURIComponent(JSON.stringify(TEXT))}`,
        }),
      ],
      targets: [{ of: 'ours', against: 'indexOf', floor: 0.3, goal: 0.6 }],
    },
    {
      label: 'JSONPath',
      unit: 'events',
      contenders: [
        program('parse and test', 'index-of.ts', { ...options, load: '/none?' }),
        program('ours', 'search.ts', {
          ...options,
          load: `/none?filter=${encodeURIComponent('$.price > 995')}`,
        }),
      ],
      targets: [{ of: 'ours', against: 'parse and test', floor: 0.4, goal: 0.8 }],
    },
  ],
}
