/** WebSocket messages through a recording proxy, against a relay of TCP connections. */
import { program } from '../harness/contender.ts'
import type { Case, Contender } from '../harness/types.ts'

const SIZE = 1024
const MESSAGES = 400_000
const ROUND_TRIPS = 2000

function contenders(path: string, count: number): Contender[] {
  const options = { load: `${path}?size=${SIZE}`, count, size: SIZE }
  return [program('tcp relay', 'tcp-relay.ts', options), program('proxy', 'recording-proxy.ts', options)]
}

export const proxy: Case = {
  name: 'proxy',
  title: 'Recording proxy',
  variants: [
    {
      label: '1 KiB',
      unit: 'messages',
      kept: MESSAGES * SIZE,
      contenders: contenders('/ws', MESSAGES),
      targets: [{ of: 'proxy', against: 'tcp relay', floor: 0.6 }],
    },
    {
      label: 'round trips of 1 KiB',
      unit: 'round trips',
      contenders: contenders('/echo', ROUND_TRIPS),
      targets: [
        {
          ...{ of: 'proxy', against: 'tcp relay', floor: 1, absolute: 'at most', called: 'ms added one way' },
          figure: ({ extra }) => extra?.['added ms'] ?? Number.NaN,
        },
      ],
    },
  ],
}
