/** The blocks of all attempts of a session. */
import type { IndexedRecording } from '../../../capture/recording.ts'
import { getOrMake } from '../../../shared/maps.ts'
import type { RecordedAttempt } from '../recorded-connection.ts'
import { AttemptBlocks } from './attempt-blocks.ts'
import type { Framing } from './block.ts'
import { BlockBuffer } from './block-buffer.ts'
import { BlockCache } from './block-cache.ts'
import { BlockMemory } from './block-memory.ts'

export class SharedBlocks {
  readonly #source: IndexedRecording
  readonly #cache: BlockCache
  readonly #buffer: BlockBuffer
  readonly #attempts = new WeakMap<RecordedAttempt, Map<string, AttemptBlocks>>()

  /** `maxBytes` is the size of the blocks that are kept. */
  constructor(source: IndexedRecording, maxBytes?: number) {
    this.#source = source
    const memory = new BlockMemory()
    this.#buffer = new BlockBuffer(memory)
    this.#cache = new BlockCache(memory, maxBytes)
  }

  /** The blocks of an attempt for clients of one kind, which get the same bytes. */
  of(attempt: RecordedAttempt, kind: string, framing: () => Framing): AttemptBlocks {
    const kinds = getOrMake(this.#attempts, attempt, () => new Map<string, AttemptBlocks>())
    return getOrMake(
      kinds,
      kind,
      () =>
        new AttemptBlocks(attempt, {
          source: this.#source,
          cache: this.#cache,
          buffer: this.#buffer,
          framing: framing(),
        }),
    )
  }
}
