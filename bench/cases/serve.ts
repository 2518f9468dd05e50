/** Sessions served without waiting, to one client and to many, against servers that send prepared strings. */
import { program } from '../harness/contender.ts'
import type { Fed } from '../harness/recorded-feed.ts'
import type { Case, Measurement, Variant } from '../harness/types.ts'

const SIZE = 100
const MESSAGES: Readonly<Record<number, number>> = { 1: 400_000, 100: 2_000_000 }
const KINDS: readonly (readonly [kind: Fed, label: string, peer: string])[] = [
  ['ws', 'WebSocket', 'ws'],
  ['sse', 'SSE', 'http'],
  ['ndjson', 'NDJSON', 'http'],
]

/** Messages for a second of the server's processor time. */
const perProcessorSecond = ({ extra }: Measurement) => 1e6 / (extra?.['server µs'] ?? Number.NaN)

function variant([kind, label, peer]: (typeof KINDS)[number], clients: number): Variant {
  const count = MESSAGES[clients] ?? 0
  const contender = (name: string, server: string) =>
    program(name, 'served.ts', {
      load: `/${kind}?server=${server}&clients=${clients}`,
      ...{ count, size: SIZE },
      // A quick run would measure code that is still being compiled.
      whole: clients === 1,
    })
  const against = { of: 'serve', against: peer, floor: 0.7, goal: 1.5 }
  return {
    label: `${label}, ${SIZE} B, ${clients === 1 ? '1 client' : `${clients} clients`}`,
    unit: 'messages',
    contenders: [contender(peer, 'prepared'), contender('serve', 'ours')],
    targets: [against, { ...against, figure: perProcessorSecond, called: 'server time' }],
  }
}

export const serve: Case = {
  name: 'serve',
  title: 'Served session',
  variants: KINDS.flatMap((kind) => [variant(kind, 1), variant(kind, 100)]),
}
