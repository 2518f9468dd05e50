/** Newline-delimited JSON captured, one HTTP chunk a line, against `readline` counting. */
import { program } from '../harness/contender.ts'
import type { Case } from '../harness/types.ts'

const options = { load: '/ndjson?size=1024', count: 300_000, size: 1024 }

export const ndjson: Case = {
  name: 'ndjson',
  title: 'NDJSON',
  variants: [
    {
      label: '1 KiB',
      unit: 'lines',
      contenders: [
        program('tcp', 'tcp.ts', options),
        program('undici body', 'undici-body.ts', options),
        program('readline', 'readline.ts', options),
        program('ours', 'engine.ts', options),
      ],
      targets: [{ of: 'ours', against: 'readline', floor: 0.4, goal: 0.5 }],
    },
  ],
}
