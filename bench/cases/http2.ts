/** Server-Sent Events captured over HTTP/2, against a parser on Node's client that only counts, and beside HTTP/1.1. */
import { program } from '../harness/contender.ts'
import type { Case } from '../harness/types.ts'

const SIZES = [
  { size: 64, label: '64 B', count: 3_000_000 },
  { size: 1024, label: '1 KiB', count: 500_000 },
  { size: 65_536, label: '64 KiB', count: 8192 },
]

const PARSER = 'eventsource-parser'

export const http2: Case = {
  name: 'http2',
  title: 'Server-Sent Events over HTTP/2',
  variants: SIZES.map(({ size, label, count }) => {
    const options = { load: `/http2?size=${size}`, count, size }
    return {
      label,
      unit: 'events',
      kept: count * size,
      contenders: [
        program('node:http2 body', 'node-http2.ts', options),
        program(PARSER, 'http2-sse.ts', options),
        program('ours', 'engine.ts', options),
        program('ours, HTTP/1.1', 'engine.ts', { ...options, load: `/sse?size=${size}` }),
      ],
      targets: [{ of: 'ours', against: PARSER, floor: 0.5, goal: 0.9 }],
    }
  }),
}
