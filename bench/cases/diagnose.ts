/** The rules: over a saved session against parsing its lines, and behind a live one. */
import { program } from '../harness/contender.ts'
import type { Case, Measurement } from '../harness/types.ts'

const saved = { load: '/none?', count: 1_000_000, size: 64, whole: true, bundled: true }
/** 10 seconds of 20,000 messages a second. */
const live = { load: '/none?', count: 200_000, size: 100, whole: true }

/** The processor time of the diagnosis, for that of the rest of the engine. */
function diagnosisOf({ extra }: Measurement): number {
  return extra?.diagnosis ?? Number.NaN
}

export const diagnose: Case = {
  name: 'diagnose',
  title: 'Diagnosis',
  variants: [
    {
      label: 'a saved session, 1,000,000 events of 64 B',
      unit: 'events',
      contenders: [program('JSON.parse', 'json-lines.ts', saved), program('ours', 'diagnose.ts', saved)],
      targets: [{ of: 'ours', against: 'JSON.parse', floor: 0.5, goal: 1 }],
    },
    {
      label: 'a live session, 20,000 messages a second',
      unit: 'messages',
      contenders: [program('ours', 'diagnosed-capture.ts', live)],
      targets: [
        {
          ...{ of: 'ours', against: 'ours', floor: 0.03, absolute: 'at most' },
          called: 'of the processor time of capturing',
          figure: diagnosisOf,
        },
      ],
    },
  ],
}
