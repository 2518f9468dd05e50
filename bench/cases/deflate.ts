/** WebSocket messages captured with permessage-deflate and context takeover. */
import { program } from '../harness/contender.ts'
import type { Case } from '../harness/types.ts'

const SIZES = [
  { size: 64, label: '64 B', count: 1_200_000, share: 1 / 100, floor: 20, goal: 100 },
  { size: 1024, label: '1 KiB', count: 240_000, share: 1 / 25, floor: 10, goal: 25 },
  { size: 65_536, label: '64 KiB', count: 6000, share: 1 / 3, floor: 2, goal: 3 },
]

export const deflate: Case = {
  name: 'deflate',
  title: 'WebSocket with permessage-deflate',
  variants: SIZES.map(({ size, label, count, share, floor, goal }) => {
    const options = { load: `/deflate?size=${size}`, count, size }
    return {
      label,
      unit: 'messages',
      contenders: [
        program('tcp', 'tcp.ts', options),
        program('ws', 'ws.ts', { ...options, count: Math.round(count * share) }),
        program('ours', 'engine.ts', options),
      ],
      targets: [{ of: 'ours', against: 'ws', floor, goal }],
    }
  }),
}
