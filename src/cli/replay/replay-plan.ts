/** Checks the options of `replay` and reads the files that they name. */
import { kebab } from '../../request/file/settings.ts'
import type { ResendPace } from '../../shared/protocol/resending.ts'
import { UsageError } from '../command-line.ts'
import {
  type ConnectOptions,
  type ConnectPlan,
  type Format,
  type OutputPlan,
  planConnection,
  planOutputs,
} from '../connect/connect-plan.ts'
import { isSameFile } from '../same-file.ts'

/** Options that need a live server. */
const LIVE_ONLY = [
  'connection',
  'connections',
  'pace',
  'patience',
  'header',
  'subprotocol',
  'reconnect',
  'timeout',
  'insecure',
  'plainRedirects',
  'ca',
  'cert',
  'key',
  'proxy',
  'unixSocket',
  'http',
] as const

/** Options for the session, which a load does not keep. */
const SESSION_ONLY = ['save', 'decoded', 'reveal', 'mask', 'otlp'] as const

/** The options that commander hands over, each read by its reader. */
export interface ReplayOptions
  extends Omit<ConnectOptions, 'transport' | 'maxMessages' | 'send' | 'interactive' | 'format'> {
  /** `json` prints the figures of a load. */
  readonly format?: Format | 'json'
  readonly speed?: number
  readonly to?: string
  readonly connection?: number
  readonly pace?: ResendPace
  /** Milliseconds. */
  readonly patience?: number
  /** Number of clients. */
  readonly connections?: number
  /** Milliseconds. */
  readonly ramp?: number
}

export interface ReplayPlan extends Pick<ReplayOptions, 'duration'> {
  readonly file: string
  /** 1 is as recorded; infinity does not wait. */
  readonly speed: number
  readonly outputs: OutputPlan
  readonly to: LivePlan | undefined
  readonly load: LoadPlan | undefined
}

export interface LoadPlan {
  /** Number of clients. */
  readonly connections: number
  /** Milliseconds. */
  readonly ramp: number
  /** How the figures are printed. */
  readonly format: 'text' | 'json' | 'none'
}

export interface LivePlan extends Pick<ReplayOptions, 'connection' | 'patience'> {
  readonly connect: ConnectPlan
  readonly pace: ResendPace
}

/** Throws a `UsageError` if the options are wrong or contradict each other. */
export async function planReplay(file: string, { format, ...given }: ReplayOptions): Promise<ReplayPlan> {
  const { to, speed, duration, connection, pace, patience } = given
  const load = planLoad({ format, ...given })
  const options = { ...given, ...(format !== undefined && format !== 'json' && { format }) }
  const needless = LIVE_ONLY.find((name) => options[name] !== undefined)
  if (to === undefined && needless !== undefined)
    throw new UsageError(`--${kebab(needless)} needs a live server; add --to URL.`)
  if (pace === 'answers' && speed !== undefined)
    throw new UsageError('--pace answers waits for answers and --speed for time; give one of them.')
  if (options.save !== undefined && (await isSameFile(options.save, file)))
    throw new UsageError('--save would overwrite the session that is replayed; choose another file.')
  const live = to === undefined ? undefined : await planConnection(to, options)
  return {
    file,
    speed: speed ?? 1,
    duration,
    outputs: await planOutputs(options),
    to: live && { connect: live, connection, pace: pace ?? 'time', patience },
    load,
  }
}

function planLoad(options: ReplayOptions): LoadPlan | undefined {
  const { connections, ramp = 0, format = 'pretty' } = options
  if (connections === undefined) {
    if (options.ramp !== undefined)
      throw new UsageError('--ramp is the time over which connections open; add --connections N.')
    if (format === 'json')
      throw new UsageError('--format json prints the figures of --connections; use jsonl for a session.')
    return undefined
  }
  const needless = SESSION_ONLY.find((name) => options[name] !== undefined)
  if (needless !== undefined)
    throw new UsageError(
      `--${needless} is for a session, but --connections keeps figures only; leave out one of them.`,
    )
  if (format === 'jsonl')
    throw new UsageError('--connections prints figures and no session; use --format pretty, json or none.')
  return { connections, ramp, format: format === 'pretty' ? 'text' : format }
}
