/** Checks the options of `replay` and reads the files that they name. */
import type { ResendPace } from '../../shared/protocol/resending.ts'
import { UsageError } from '../command-line.ts'
import {
  type ConnectOptions,
  type ConnectPlan,
  type OutputPlan,
  planConnection,
  planOutputs,
} from '../connect/connect-plan.ts'
import { isSameFile } from '../same-file.ts'

/** Options that need a live server. */
const LIVE_ONLY = [
  'connection',
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
] as const

/** The options that commander hands over, each read by its reader. */
export interface ReplayOptions
  extends Omit<ConnectOptions, 'transport' | 'maxMessages' | 'send' | 'interactive'> {
  readonly speed?: number
  readonly to?: string
  readonly connection?: number
  readonly pace?: ResendPace
  /** Milliseconds. */
  readonly patience?: number
}

export interface ReplayPlan extends Pick<ReplayOptions, 'duration'> {
  readonly file: string
  /** 1 is as recorded; infinity does not wait. */
  readonly speed: number
  readonly outputs: OutputPlan
  readonly to: LivePlan | undefined
}

export interface LivePlan extends Pick<ReplayOptions, 'connection' | 'patience'> {
  readonly connect: ConnectPlan
  readonly pace: ResendPace
}

/** Throws a `UsageError` if the options are wrong or contradict each other. */
export async function planReplay(file: string, options: ReplayOptions): Promise<ReplayPlan> {
  const { to, speed, duration, connection, pace, patience } = options
  const needless = LIVE_ONLY.find((name) => options[name] !== undefined)
  if (to === undefined && needless !== undefined)
    throw new UsageError(`--${needless} needs a live server; add --to URL.`)
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
  }
}
