/** Converting a session to other formats and back, against parsing the same file as JSON and formatting it again. */
import { program } from '../harness/contender.ts'
import type { Case, Target, Variant } from '../harness/types.ts'

const options = { count: 500_000, size: 100, whole: true, bundled: true }

/** `peer` is the contender that parses and formats the same lines, or the same HAR. */
function variant(label: string, from: string, to: string, peer: string): Variant {
  const load = `/none?from=${from}&to=${to}`
  const targets: Target[] = [
    { of: 'ours', against: peer, floor: 0.5, goal: 1 },
    {
      ...{ of: 'ours', against: peer, floor: 150, absolute: 'at most' },
      called: 'MB of memory',
      figure: ({ peakMemory }) => peakMemory / 1e6,
    },
  ]
  return {
    label,
    unit: 'messages',
    contenders: [
      program(peer, 'json-again.ts', { ...options, load }),
      program('ours', 'convert.ts', { ...options, load }),
    ],
    targets,
  }
}

const PEER = 'JSON.parse, stringify'

export const convert: Case = {
  name: 'convert',
  title: 'Convert 500,000 messages of 100 B',
  variants: [
    variant('to HAR', 'rtsession', 'har', PEER),
    variant('to CSV', 'rtsession', 'csv', PEER),
    variant('to NDJSON', 'rtsession', 'ndjson', PEER),
    variant('from HAR', 'har', 'rtsession', PEER),
  ],
}
