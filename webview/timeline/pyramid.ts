/**
 * What happened when, at several resolutions, so that any stretch of a session is summed up for painting
 * by looking at a few buckets a pixel. Buckets keep the largest payload beside the count: an outlier stays
 * visible at every zoom.
 */

/** Milliseconds a bucket of the finest level is wide. */
export const FINEST = 16
const FACTOR = 4
const LEVELS = 8
const CHUNK_BITS = 8
const CHUNK_SIZE = 1 << CHUNK_BITS
const CHUNK_MASK = CHUNK_SIZE - 1

/** Which way a payload went; control frames go by neither. */
export const IN = 0
export const OUT = 1
export const CONTROL = 2
export type Way = typeof IN | typeof OUT | typeof CONTROL

interface Chunk {
  readonly counts: readonly [Uint32Array, Uint32Array, Uint32Array]
  /** Largest payload in bytes, by way. */
  readonly largest: readonly [Uint32Array, Uint32Array, Uint32Array]
  /** Payload bytes received. */
  readonly received: Float64Array
}

function makeChunk(): Chunk {
  const three = () =>
    [new Uint32Array(CHUNK_SIZE), new Uint32Array(CHUNK_SIZE), new Uint32Array(CHUNK_SIZE)] as const
  return { counts: three(), largest: three(), received: new Float64Array(CHUNK_SIZE) }
}

/** Receives one bucket that is not empty: its span in milliseconds and, by way, count and largest payload. */
export type BucketVisitor = (
  start: number,
  end: number,
  way: Way,
  count: number,
  largest: number,
  received: number,
) => void

/** Buckets of one width; the chunk written last is at hand, since events come nearly in order. */
class Level {
  readonly chunks = new Map<number, Chunk>()
  #lastKey = -1
  #last = makeChunk()

  chunkFor(key: number): Chunk {
    if (key === this.#lastKey) return this.#last
    let chunk = this.chunks.get(key)
    if (chunk === undefined) {
      chunk = makeChunk()
      this.chunks.set(key, chunk)
    }
    this.#lastKey = key
    this.#last = chunk
    return chunk
  }
}

export class Pyramid {
  readonly #levels: readonly Level[] = Array.from({ length: LEVELS }, () => new Level())

  add(time: number, way: Way, size: number): void {
    let bucket = Math.floor(time / FINEST)
    for (const level of this.#levels) {
      const chunk = level.chunkFor(bucket >> CHUNK_BITS)
      const slot = bucket & CHUNK_MASK
      const counts = chunk.counts[way]
      const largest = chunk.largest[way]
      counts[slot] = (counts[slot] ?? 0) + 1
      if (size > (largest[slot] ?? 0)) largest[slot] = size
      if (way === IN) chunk.received[slot] = (chunk.received[slot] ?? 0) + size
      bucket = Math.floor(bucket / FACTOR)
    }
  }

  /**
   * Visits the buckets that overlap [from, to) milliseconds, of the coarsest level whose buckets are no
   * wider than `resolution`. Returns false where even the finest is wider: the events themselves are due.
   */
  visit(from: number, to: number, resolution: number, visitor: BucketVisitor): boolean {
    if (resolution < FINEST) return false
    const depth = Math.min(LEVELS - 1, Math.floor(Math.log(resolution / FINEST) / Math.log(FACTOR) + 1e-9))
    const level = this.#levels[depth]
    if (level === undefined) return false
    const width = FINEST * FACTOR ** depth
    const first = Math.max(0, Math.floor(from / width))
    const last = Math.ceil(to / width)
    for (let key = first >> CHUNK_BITS; key <= (last - 1) >> CHUNK_BITS; key++) {
      const chunk = level.chunks.get(key)
      if (chunk === undefined) continue
      const base = key << CHUNK_BITS
      const end = Math.min(last - base, CHUNK_SIZE)
      for (let slot = Math.max(0, first - base); slot < end; slot++)
        visitSlot(chunk, slot, base, width, visitor)
    }
    return true
  }
}

function visitSlot(chunk: Chunk, slot: number, base: number, width: number, visitor: BucketVisitor): void {
  const start = (base + slot) * width
  for (const way of [IN, OUT, CONTROL] as const) {
    const count = chunk.counts[way][slot] ?? 0
    if (count === 0) continue
    const received = way === IN ? (chunk.received[slot] ?? 0) : 0
    visitor(start, start + width, way, count, chunk.largest[way][slot] ?? 0, received)
  }
}
