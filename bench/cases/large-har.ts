/** Reading a HAR that does not fit into memory. */
import { program } from '../harness/contender.ts'
import { largeHar } from '../harness/large-har.ts'
import type { Case } from '../harness/types.ts'

/** So many messages of that size take 1 GiB in a HAR. */
const [COUNT, SIZE] = [5_500_000, 100]
export const largeHarCase: Case = {
  name: 'large-har',
  title: 'Read a HAR of 1 GiB',
  isOnlyIfNamed: true,
  variants: [
    {
      label: `${COUNT.toLocaleString('en')} messages of ${SIZE} B on 10 connections`,
      unit: 'events',
      contenders: [
        {
          name: 'ours',
          // The file is written in this process, whose memory does not count.
          run: async (context) => {
            const load = `/none?file=${encodeURIComponent(await largeHar(COUNT, SIZE))}`
            const options = { load, count: COUNT, size: SIZE, whole: true, bundled: true }
            return await program('ours', 'read-har.ts', options).run(context)
          },
        },
      ],
      targets: [
        {
          ...{ of: 'ours', against: 'ours', floor: 300, goal: 200, absolute: 'at most' },
          called: 'MB of memory',
          figure: ({ peakMemory }) => peakMemory / 1e6,
        },
      ],
    },
  ],
}
