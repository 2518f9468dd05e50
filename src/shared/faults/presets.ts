/** Sets of faults with a name. Each models something that happens to connections in the field. */
import type { FaultSpec } from '../faults.ts'
import { ENGLISH, type PresetName } from './fault-words.ts'

export interface FaultPreset {
  /** As `--fault` takes it. */
  readonly name: PresetName
  readonly faults: readonly FaultSpec[]
  /** What it models, in English. */
  readonly models: string
  /** Where its figures are from. */
  readonly source: string
}

export const PRESETS: readonly FaultPreset[] = [
  {
    name: 'slow-3g',
    faults: [
      { kind: 'delay', value: 200 },
      { kind: 'throttle', value: 50_000 },
    ],
    models: ENGLISH.models['slow-3g'],
    source: 'the profile 3GSlow of WebPageTest',
  },
  {
    name: 'flaky-train',
    faults: [
      { kind: 'delay', value: 40 },
      { kind: 'jitter', value: 600 },
      { kind: 'throttle', value: 200_000 },
      { kind: 'cut-after-time', value: 20_000 },
      { kind: 'refuse', value: 0.3 },
    ],
    models: ENGLISH.models['flaky-train'],
    source: 'our choice, not a measurement',
  },
  {
    name: 'idle-timeout',
    faults: [{ kind: 'idle-timeout', value: 60_000 }],
    models: ENGLISH.models['idle-timeout'],
    source: 'the defaults of proxy_read_timeout of nginx and of the idle timeout of AWS load balancers',
  },
  {
    name: 'server-restart',
    faults: [{ kind: 'restart', value: 5000, after: 10_000 }],
    models: ENGLISH.models['server-restart'],
    source: 'our choice, not a measurement',
  },
  {
    name: 'buffering-proxy',
    faults: [{ kind: 'buffer', value: 16_384 }],
    models: ENGLISH.models['buffering-proxy'],
    source: 'proxy_buffering of nginx, which fills buffers of 4 or 8 KiB by default',
  },
]
