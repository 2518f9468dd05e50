/** Decoding of sub-protocols: against the protocol's own parser, and what it costs the capture. */
import { program } from '../harness/contender.ts'
import type { Case, Measurement, Variant } from '../harness/types.ts'
import { type LoadedProtocol, PROTOCOL_LOADS, type ProtocolLoad } from '../load/protocols.ts'

const COUNT = 1_000_000
/** A flood has to last longer than the first slices of decoding. */
const FLOOD = 5_000_000
const PROTOCOLS = Object.keys(PROTOCOL_LOADS) as readonly LoadedProtocol[]

function variants(protocol: LoadedProtocol): Variant[] {
  const options = { count: COUNT, size: 0, load: `/none?protocol=${protocol}` }
  const { checkingParser: checks }: ProtocolLoad = PROTOCOL_LOADS[protocol]
  const checking = { ...options, load: `${options.load}&checks` }
  const flood = { ...options, count: FLOOD }
  return [
    {
      label: `${protocol} on demand`,
      unit: 'messages',
      contenders: [
        program('parser', 'own-parser.ts', options),
        ...(checks ? [program('checking parser', 'own-parser.ts', checking)] : []),
        program('ours', 'decode.ts', options),
      ],
      targets: [{ of: 'ours', against: 'parser', floor: 0.9, goal: 1 }],
    },
    {
      label: `${protocol} while capturing`,
      unit: 'messages',
      contenders: [
        program('not decoded', 'decoded-capture.ts', flood),
        program('decoded', 'decoded-capture.ts', { ...flood, load: `${options.load}&decoded` }),
      ],
      targets: [
        { of: 'decoded', against: 'not decoded', floor: 0.95 },
        {
          of: 'decoded',
          against: 'not decoded',
          floor: 0.05,
          figure: decodingOf,
          called: 'part of the processor time that decoding takes',
          absolute: 'at most',
        },
      ],
    },
  ]
}

/** The part of the thread's processor time. Other work on the computer does not count. */
function decodingOf({ extra }: Measurement): number {
  return extra?.decoding ?? Number.NaN
}

export const decode: Case = {
  name: 'decode',
  title: 'Decoding of sub-protocols',
  variants: PROTOCOLS.flatMap(variants),
}
