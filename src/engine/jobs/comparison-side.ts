/** Reads one of two files that are compared, in this thread or in its own. */
import { contentReader } from '../../session/compare/compare.ts'
import type { HashKey } from '../../session/compare/hashing/half-sip-hash.ts'
import type { Hashes } from '../../session/compare/hashing/interner.ts'
import { indexRecording } from '../../session/compare/index-recording.ts'
import { type ConnectionIndex, largeBuffers } from '../../session/compare/recording-index.ts'
import { openRecording } from '../../session/open-recording.ts'
import { problemsOf, type RecordingFile } from '../../session/recording-file.ts'
import type { CompareWish } from '../../shared/comparison.ts'
import type { Dialect } from '../../shared/dialect.ts'
import type { RpcMessage } from '../../shared/protocol/rpc.ts'
import { WorkerClient } from '../worker-client.ts'

export interface SideOptions extends Pick<CompareWish, 'ignore' | 'normalizeIds'> {
  /** Sides with the same key have the same hashes. */
  readonly key: HashKey
  readonly ignoreMessages: string | undefined
  readonly dialects: readonly Dialect[] | undefined
}

export type SideParams = SideOptions & { readonly path: string }

export interface ComparisonSide {
  readonly connections: readonly ConnectionIndex[]
  /** The hashes of the numbers of contents in `connections`. */
  readonly hashes: Hashes
  /** What could not be read: one sentence each. */
  readonly problems: readonly string[]
}

/** What the thread of a side answers. */
export type SideMethods = { readSide: { params: SideParams; result: ComparisonSide } }

/** Rejects with a `Failure`: `BAD_JSONPATH`, `BAD_FILTER`, or an error of reading. */
export async function readSide({ path, ...options }: SideParams): Promise<ComparisonSide> {
  const recording = await openRecording(path)
  try {
    return await indexSide(recording, options)
  } finally {
    recording.close()
  }
}

/** Rejects as `readSide` does. */
export async function indexSide(recording: RecordingFile, options: SideOptions): Promise<ComparisonSide> {
  const contents = contentReader(options, options.key)
  const connections = await indexRecording(recording, contents, options)
  return { connections, hashes: contents.hashes(), problems: problemsOf(recording) }
}

/** The buffers of a side that are transferred instead of copied. */
export function sideBuffers(message: RpcMessage): ArrayBuffer[] {
  if (message.rpc !== 'result' || !isSide(message.result)) return []
  const { connections, hashes } = message.result
  return [...largeBuffers(connections), hashes.low.buffer, hashes.high.buffer]
}

function isSide(result: unknown): result is ComparisonSide {
  return typeof result === 'object' && result !== null && 'hashes' in result
}

/** A thread that reads one side. */
export class SideThread extends WorkerClient<SideMethods, Record<never, unknown>, Record<never, unknown>> {
  /** `script` is the path of the bundled job worker. */
  constructor(script: string) {
    super(script, { name: 'realtime-inspector comparison' }, { timeout: 0, onEnd: () => undefined })
  }

  /** Ends the thread, also while it reads. */
  dispose(): Promise<void> {
    return this.end(() => Promise.resolve())
  }
}
