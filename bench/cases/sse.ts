/** Server-Sent Events captured, one HTTP chunk for each event, against parsers that only count. */
import { program } from '../harness/contender.ts'
import type { Case, Target } from '../harness/types.ts'

const SIZES = [
  { size: 64, label: '64 B', count: 3_000_000, floor: 0.5, goal: 0.9 },
  { size: 1024, label: '1 KiB', count: 500_000, floor: 0.4, goal: 0.55 },
  { size: 65_536, label: '64 KiB', count: 8192, floor: 0.25, goal: 0.4 },
]

const PARSER = 'eventsource-parser'
const PACKAGE: Target = { of: 'ours', against: 'eventsource', floor: 1, goal: 1.5 }

export const sse: Case = {
  name: 'sse',
  title: 'Server-Sent Events',
  variants: SIZES.map(({ size, label, count, floor, goal }) => {
    const options = { load: `/sse?size=${size}`, count, size }
    return {
      label,
      unit: 'events',
      kept: count * size,
      contenders: [
        program('tcp', 'tcp.ts', options),
        program('undici body', 'undici-body.ts', options),
        program(PARSER, 'undici-sse.ts', options),
        program('eventsource', 'eventsource.ts', { ...options, count: Math.round(count / 2) }),
        program('ours', 'engine.ts', options),
        program('chromium', 'chromium.ts', { ...options, count: Math.round(count / 100) }),
      ],
      targets: [{ of: 'ours', against: PARSER, floor, goal }, ...(size === 64 ? [PACKAGE] : [])],
    }
  }),
}
