/** WebSocket messages captured, against a client that only counts them. */
import { program } from '../harness/contender.ts'
import type { Case } from '../harness/types.ts'

const SIZES = [
  { size: 64, label: '64 B', count: 4_000_000, share: 1 / 200, floor: 0.6, goal: 1, chromium: [50, 100] },
  { size: 1024, label: '1 KiB', count: 700_000, share: 1 / 50, floor: 0.45, goal: 0.75, chromium: [20, 35] },
  { size: 65_536, label: '64 KiB', count: 16_384, share: 1 / 8, floor: 0.4, goal: 0.7, chromium: [4, 7] },
]

export const websocket: Case = {
  name: 'websocket',
  title: 'WebSocket',
  variants: SIZES.map(
    ({ size, label, count, share, floor, goal, chromium: [chromiumFloor = 0, chromiumGoal = 0] }) => {
      const options = { load: `/ws?size=${size}`, count, size }
      return {
        label,
        unit: 'messages',
        contenders: [
          program('tcp', 'tcp.ts', options),
          program('ws', 'ws.ts', options),
          program('ours', 'engine.ts', options),
          program('chromium', 'chromium.ts', { ...options, count: Math.round(count * share) }),
        ],
        targets: [
          { of: 'ours', against: 'ws', floor, goal },
          { of: 'ours', against: 'chromium', floor: chromiumFloor, goal: chromiumGoal },
        ],
      }
    },
  ),
}
