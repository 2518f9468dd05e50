/** Which events ask, and which ones answer them. Takes a few bytes for each event near one that asks. */
import { forgetOldest, getOrMake } from '../shared/maps.ts'
import type { PairedRequest } from './client-requests.ts'

/** Events in a chunk, and the maximum number of chunks: after 4 million events, the oldest are forgotten. */
const CHUNK = 4096
const MAX_CHUNKS = 1024
const MAX_WAITING = 0xff

interface Chunk {
  /** By event: number of the first event that answers it, counted from 1; 0 for none. */
  readonly answers: Uint32Array
  /** By event: how many of its packets wait for an answer. */
  readonly waiting: Uint8Array
}

export class Answers {
  readonly #chunks = new Map<number, Chunk>()
  #last: Chunk | undefined
  #lastKey = -1
  #count = 0

  /** Number of requests that were answered, without heartbeats. */
  get count(): number {
    return this.#count
  }

  asked({ number, isHeartbeat }: PairedRequest): void {
    if (isHeartbeat) return
    const { waiting } = this.#chunk(number)
    const at = number % CHUNK
    waiting[at] = Math.min((waiting[at] ?? 0) + 1, MAX_WAITING)
  }

  /** Event `by` is the first that answers the request. */
  answered({ number, isHeartbeat }: PairedRequest, by: number): void {
    const chunk = isHeartbeat ? this.#chunk(number) : this.#chunks.get(Math.floor(number / CHUNK))
    if (!isHeartbeat) this.#count++
    if (chunk === undefined) return
    const at = number % CHUNK
    if (!isHeartbeat) chunk.waiting[at] = Math.max((chunk.waiting[at] ?? 0) - 1, 0)
    if (chunk.answers[at] === 0) chunk.answers[at] = by + 1
  }

  /** The event that answers event `number` first. Undefined if there is none. */
  answerTo(number: number): number | undefined {
    const answer = this.#chunks.get(Math.floor(number / CHUNK))?.answers[number % CHUNK] ?? 0
    return answer === 0 ? undefined : answer - 1
  }

  /** Whether event `number` has a packet that asks, is not answered and is not a heartbeat. */
  isWaiting(number: number): boolean {
    return (this.#chunks.get(Math.floor(number / CHUNK))?.waiting[number % CHUNK] ?? 0) > 0
  }

  /** Forgets what events before `firstKept` asked. */
  drop(firstKept: number): void {
    for (const key of this.#chunks.keys()) if ((key + 1) * CHUNK <= firstKept) this.#chunks.delete(key)
  }

  clear(): void {
    this.#chunks.clear()
    this.#last = undefined
  }

  #chunk(number: number): Chunk {
    const key = Math.floor(number / CHUNK)
    if (key === this.#lastKey && this.#last !== undefined) return this.#last
    const chunk = getOrMake(this.#chunks, key, () => ({
      answers: new Uint32Array(CHUNK),
      waiting: new Uint8Array(CHUNK),
    }))
    forgetOldest(this.#chunks, MAX_CHUNKS)
    this.#lastKey = key
    this.#last = chunk
    return chunk
  }
}
