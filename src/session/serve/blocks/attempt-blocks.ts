/**
 * The events of an attempt as blocks of bytes, for clients that do not wait for the recorded times. A block is made once for
 * all clients that reach it while the cache has it. A client that falls behind has it made again.
 */
import type { IndexedRecording } from '../../../capture/recording.ts'
import { playedEvent } from '../play-attempt.ts'
import type { RecordedAttempt } from '../recorded-connection.ts'
import type { Block, Framing, Place } from './block.ts'
import type { BlockBuffer } from './block-buffer.ts'
import type { BlockCache } from './block-cache.ts'

/** A block ends after this many bytes, or events. */
const BLOCK_SIZE = 64 * 1024
const MAX_EVENTS = 1024

interface Making {
  readonly source: IndexedRecording
  readonly cache: BlockCache
  readonly buffer: BlockBuffer
  readonly framing: Framing
}

export class AttemptBlocks {
  readonly #making: Making
  readonly #owner: string
  readonly #events: readonly number[]

  constructor({ runs }: RecordedAttempt, making: Making) {
    this.#making = making
    this.#owner = making.cache.newOwner()
    const [first] = runs
    this.#events =
      runs.length === 1 && first !== undefined ? first.events : runs.flatMap(({ events }) => events)
  }

  /** The block at a place, until it is released. Undefined at the end of the attempt. Throws if the recording cannot be read. */
  at(place: Place): Block | undefined {
    if (place.skip >= this.#events.length) return undefined
    return this.#making.cache.get(`${this.#owner}${place.skip} ${place.state}`, () => this.#make(place))
  }

  /** Call once the bytes of a block were written. */
  release(block: Block): void {
    this.#making.cache.release(block)
  }

  #make({ skip, state }: Place): Block {
    const { source, framing, buffer } = this.#making
    framing.state = state
    // What a failure left.
    buffer.take()
    const to = Math.min(skip + MAX_EVENTS, this.#events.length)
    let at = skip
    for (; at < to && buffer.size < BLOCK_SIZE; at++) {
      const index = this.#events[at] ?? 0
      const text = source.jsonText?.(index)
      if (text !== undefined && framing.append(text.head, text, buffer)) continue
      const event = playedEvent(source, index)
      if (event === undefined || framing.append(event, event.payload, buffer)) continue
      if (at > skip) break
      return { parts: [], event, size: event.payload.length, next: { skip: at + 1, state: framing.state } }
    }
    const { size } = buffer
    return { parts: buffer.take(), size, next: { skip: at, state: framing.state } }
  }
}
