/** WebSocket messages captured, against a client that only counts them. */
import { program } from '../harness/contender.ts'
import type { Case, Target } from '../harness/types.ts'

/** `share` is the part of the messages that a browser gets. The bounds are floor and goal. */
const SIZES = [
  {
    ...{ size: 64, label: '64 B', count: 4_000_000, share: 1 / 200 },
    ...{ ws: [0.6, 1], recorded: [50, 100], window: [100, 200] },
  },
  {
    ...{ size: 1024, label: '1 KiB', count: 700_000, share: 1 / 50 },
    ...{ ws: [0.45, 0.75], recorded: [20, 35], window: [40, 75] },
  },
  {
    ...{ size: 65_536, label: '64 KiB', count: 16_384, share: 1 / 8 },
    ...{ ws: [0.4, 0.7], recorded: [4, 7], window: [15, 30] },
  },
]

function target(against: string, [floor = 0, goal]: readonly number[]): Target {
  return { of: 'ours', against, floor, ...(goal !== undefined && { goal }) }
}

export const websocket: Case = {
  name: 'websocket',
  title: 'WebSocket',
  variants: SIZES.map(({ size, label, count, share, ws, recorded, window }) => {
    const options = { load: `/ws?size=${size}`, count, size }
    const few = { ...options, count: Math.round(count * share) }
    return {
      label,
      unit: 'messages',
      kept: count * size,
      contenders: [
        program('tcp', 'tcp.ts', options),
        program('ws', 'ws.ts', options),
        program('ours', 'engine.ts', options),
        program('ours, HTTP/2', 'engine.ts', { ...options, load: `/ws-http2?size=${size}` }),
        program('chromium', 'chromium.ts', few),
        program('devtools window', 'devtools-window.ts', few),
      ],
      targets: [target('ws', ws), target('chromium', recorded), target('devtools window', window)],
    }
  }),
}
