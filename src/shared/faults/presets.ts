/** Sets of faults with a name. Each models something that happens to connections in the field. */
import type { FaultSpec } from '../faults.ts'

export interface FaultPreset {
  /** As `--fault` takes it. */
  readonly name: string
  readonly faults: readonly FaultSpec[]
  /** What it models. */
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
    models: 'a slow mobile network: 400 kbit/s, and a round trip of 400 ms, half of it in each direction',
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
    models:
      'a phone in a train: delays that vary a lot, a connection that is lost every 20 s, and every third attempt fails',
    source: 'our choice, not a measurement',
  },
  {
    name: 'idle-timeout',
    faults: [{ kind: 'idle-timeout', value: 60_000 }],
    models: 'a load balancer or a reverse proxy that closes connections on which nothing passes for 60 s',
    source: 'the defaults of proxy_read_timeout of nginx and of the idle timeout of AWS load balancers',
  },
  {
    name: 'server-restart',
    faults: [{ kind: 'restart', value: 5000, after: 10_000 }],
    models:
      'a deployment: 10 s after the first connection opened, all are cut; the server accepts connections again after 5 s',
    source: 'our choice, not a measurement',
  },
  {
    name: 'buffering-proxy',
    faults: [{ kind: 'buffer', value: 16_384 }],
    models: 'a reverse proxy that buffers responses, so that events arrive in bursts or at the end',
    source: 'proxy_buffering of nginx, which fills buffers of 4 or 8 KiB by default',
  },
]
