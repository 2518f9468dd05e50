/** Many WebSockets in one engine, against as many bare `ws` clients. */
import { YOUNG_GENERATION } from '../../src/engine/client.ts'
import { program } from '../harness/contender.ts'
import type { Case, Measurement, Target } from '../harness/types.ts'

/** Less is better in both figures, so the ratio is that of `ws` to ours. */
function less(name: string, called: string, floor: number): Target {
  const figure = ({ extra }: Measurement) => 1 / (extra?.[name] ?? Number.NaN)
  return { of: 'ours', against: 'ws', called, figure, floor: 1 / floor, goal: 1 }
}

export const many: Case = {
  name: 'many',
  title: 'Many connections',
  variants: [1000, 5000].map((count) => {
    const options = {
      load: '/none?',
      count,
      size: 100,
      whole: true,
      nodeOptions: ['--expose-gc'],
      bundled: true,
    }
    return {
      label: `${count.toLocaleString('en')} WebSockets, 20,000 messages a second`,
      unit: 'opened',
      contenders: [
        program('ws', 'many-ws.ts', options),
        // As much memory for new objects as the editor gives the thread of the engine.
        program('ours', 'many-engine.ts', {
          ...options,
          nodeOptions: [...options.nodeOptions, `--max-semi-space-size=${YOUNG_GENERATION / 3}`],
        }),
      ],
      targets: [
        less('kB each', 'memory of an idle connection', 1.5),
        { of: 'ours', against: 'ws', called: 'opened a second', floor: 1 / 1.3, goal: 1 },
        less('µs a message', 'processor time of a message', 1.3),
        {
          ...{ of: 'ours', against: 'ours', floor: 2, absolute: 'at most', called: 'ms a status report' },
          figure: ({ extra }) => extra?.['ms a status report'] ?? Number.NaN,
        },
      ],
    }
  }),
}
