/**
 * Traffic over time at several resolutions, so that any part of a session is summed up for painting
 * from a few buckets per pixel. Buckets keep the largest payload beside the count: an outlier stays
 * visible at every zoom.
 */

/** Width of a bucket of the finest level in milliseconds. */
export const FINEST = 16
const FACTOR = 4
const LEVELS = 8
const CHUNK_SIZE = 256
/** Levels that drop old buckets. The buckets of the next level are a second wide. */
const FINE_LEVELS = 3
/** Length of a chunk of the coarsest of these levels in milliseconds: a whole number of chunks of each level. */
const FORGOTTEN_AT_ONCE = FINEST * FACTOR ** (FINE_LEVELS - 1) * CHUNK_SIZE

/** The direction of a payload. Control frames count apart, whatever their direction. */
export const IN = 0
export const OUT = 1
export const CONTROL = 2
export type Way = typeof IN | typeof OUT | typeof CONTROL

/** In each of `width` buckets: for each direction the number of events and the largest payload in bytes, and payload bytes received. */
export class Buckets {
  readonly width: number
  readonly counts: readonly [Uint32Array, Uint32Array, Uint32Array]
  readonly largest: readonly [Uint32Array, Uint32Array, Uint32Array]
  readonly received: Float64Array

  constructor(width: number) {
    this.width = width
    const three = () => [new Uint32Array(width), new Uint32Array(width), new Uint32Array(width)] as const
    this.counts = three()
    this.largest = three()
    this.received = new Float64Array(width)
  }

  /** Does nothing outside the buckets. */
  add(slot: number, way: Way, count: number, size: number, received: number): void {
    if (slot < 0 || slot >= this.width) return
    const counts = this.counts[way]
    const sizes = this.largest[way]
    counts[slot] = (counts[slot] ?? 0) + count
    if (size > (sizes[slot] ?? 0)) sizes[slot] = size
    this.received[slot] = (this.received[slot] ?? 0) + received
  }
}

const WAYS = 3
/** Numbers for a bucket while few are in use: its position (slot and direction), count, largest payload, bytes received. */
const FIELDS = 4
/** Buckets in use up to which a list of them takes half the memory of all buckets at most. */
const MOST_FEW = 128

/** Adjacent buckets. If traffic is sparse, only the buckets in use are kept: otherwise hours of it would fill the memory. */
class Chunk {
  /** `FIELDS` numbers for each bucket, by ascending position. Undefined once there are too many. */
  #few: number[] | undefined
  #all: Buckets | undefined

  add(slot: number, way: Way, size: number): void {
    const received = way === IN ? size : 0
    if (this.#all !== undefined) this.#all.add(slot, way, 1, size, received)
    else this.#addFew(slot * WAYS + way, size, received)
  }

  /** Visits each bucket in use among the slots [from, to): slot, direction, count, largest, received. */
  visit(from: number, to: number, visitor: SlotVisitor): void {
    if (this.#all !== undefined) visitAll(this.#all, from, to, visitor)
    else if (this.#few !== undefined) visitFew(this.#few, from, to, visitor)
  }

  #addFew(place: number, size: number, received: number): void {
    this.#few ??= [place, 0, 0, 0]
    const few = this.#few
    let at = few.length - FIELDS
    // Events arrive nearly in order: the bucket is the last one, or close to it.
    while (at >= 0 && (few[at] ?? 0) > place) at -= FIELDS
    if (few[at] !== place) {
      at += FIELDS
      if (at === few.length) few.push(place, 0, 0, 0)
      else few.splice(at, 0, place, 0, 0, 0)
    }
    few[at + 1] = (few[at + 1] ?? 0) + 1
    few[at + 2] = Math.max(few[at + 2] ?? 0, size)
    few[at + 3] = (few[at + 3] ?? 0) + received
    if (few.length > MOST_FEW * FIELDS) this.#spread(few)
  }

  #spread(few: readonly number[]): void {
    const all = new Buckets(CHUNK_SIZE)
    visitFew(few, 0, CHUNK_SIZE, all.add.bind(all))
    this.#all = all
    this.#few = undefined
  }
}

type SlotVisitor = (slot: number, way: Way, count: number, largest: number, received: number) => void

function visitAll(all: Buckets, from: number, to: number, visitor: SlotVisitor): void {
  for (let slot = from; slot < to; slot++)
    for (const way of [IN, OUT, CONTROL] as const) {
      const count = all.counts[way][slot] ?? 0
      if (count === 0) continue
      visitor(slot, way, count, all.largest[way][slot] ?? 0, way === IN ? (all.received[slot] ?? 0) : 0)
    }
}

function visitFew(few: readonly number[], from: number, to: number, visitor: SlotVisitor): void {
  for (let at = 0; at < few.length; at += FIELDS) {
    const place = few[at] ?? 0
    const slot = Math.floor(place / WAYS)
    if (slot < from || slot >= to) continue
    visitor(slot, (place % WAYS) as Way, few[at + 1] ?? 0, few[at + 2] ?? 0, few[at + 3] ?? 0)
  }
}

/** Receives a bucket that is not empty: its span in milliseconds and, by direction, count and largest payload. */
export type BucketVisitor = (
  start: number,
  end: number,
  way: Way,
  count: number,
  largest: number,
  received: number,
) => void

/** Buckets of one width. Keeps the chunk written last, because events arrive nearly in order. */
class Level {
  readonly #chunks = new Map<number, Chunk>()
  #lastKey = -1
  #last: Chunk | undefined

  chunkFor(key: number): Chunk {
    if (key === this.#lastKey && this.#last !== undefined) return this.#last
    let chunk = this.#chunks.get(key)
    if (chunk === undefined) {
      chunk = new Chunk()
      this.#chunks.set(key, chunk)
    }
    this.#lastKey = key
    this.#last = chunk
    return chunk
  }

  /** Drops the chunks below number `key`. */
  forget(key: number): void {
    for (const each of this.#chunks.keys()) if (each < key) this.#chunks.delete(each)
    if (this.#lastKey < key) this.#last = undefined
  }

  /** The chunks that overlap [from, to), counted in chunks. Not ordered if a long time has few chunks. */
  *chunksIn(from: number, to: number): Iterable<readonly [number, Chunk]> {
    const first = Math.floor(from)
    const end = Math.ceil(to)
    if (end - first > this.#chunks.size) {
      for (const entry of this.#chunks) if (entry[0] >= first && entry[0] < end) yield entry
      return
    }
    for (let key = first; key < end; key++) {
      const chunk = this.#chunks.get(key)
      if (chunk !== undefined) yield [key, chunk]
    }
  }
}

/** The coarsest level whose buckets are at most `resolution` wide. The finest level's buckets are. */
function depthFor(resolution: number): number {
  return Math.min(LEVELS - 1, Math.floor(Math.log(resolution / FINEST) / Math.log(FACTOR) + 1e-9))
}

/** The position of an event at a resolution: the start of its bucket, or its own time if the resolution is finer. */
export function bucketOf(time: number, resolution: number): number {
  if (resolution < FINEST) return time
  const width = FINEST * FACTOR ** depthFor(resolution)
  return Math.floor(time / width) * width
}

/**
 * Events that wait until they are added to all levels together. With thousands of lanes, the levels of a lane are seldom in
 * the processor's cache, so that to add each event alone takes several times as long.
 */
const MOST_WAITING = 32
/** Numbers for an event that waits: bucket of the finest level, direction, size. */
const NUMBERS = 3

export class Pyramid {
  readonly #levels: readonly Level[] = Array.from({ length: LEVELS }, () => new Level())
  readonly #waiting: number[] = []
  #waitingCount = 0
  /** Before this time in milliseconds, only the coarse levels have data. */
  #fineFrom = 0

  add(time: number, way: Way, size: number): void {
    const waiting = this.#waiting
    const at = this.#waitingCount++ * NUMBERS
    waiting[at] = Math.floor(time / FINEST)
    waiting[at + 1] = way
    waiting[at + 2] = size
    if (this.#waitingCount === MOST_WAITING) this.#settle()
  }

  /** Adds what waits to all levels. */
  #settle(): void {
    const waiting = this.#waiting
    const end = this.#waitingCount * NUMBERS
    this.#waitingCount = 0
    let width = 1
    for (const level of end === 0 ? [] : this.#levels) {
      for (let at = 0; at < end; at += NUMBERS) {
        const bucket = Math.floor((waiting[at] ?? 0) / width)
        // Not with bit operations: a year has more milliseconds than 32 bits can count.
        const key = Math.floor(bucket / CHUNK_SIZE)
        level.chunkFor(key).add(bucket - key * CHUNK_SIZE, waiting[at + 1] as Way, waiting[at + 2] ?? 0)
      }
      width *= FACTOR
    }
  }

  /**
   * Visits the buckets that overlap [from, to) milliseconds, at the coarsest level whose buckets are not
   * wider than `resolution`. Returns false if even the finest is wider: then the events themselves are needed.
   */
  visit(from: number, to: number, resolution: number, visitor: BucketVisitor): boolean {
    if (resolution < FINEST) return false
    this.#settle()
    const depth = depthFor(resolution)
    const fineFrom = depth < FINE_LEVELS ? this.#fineFrom : 0
    if (from < fineFrom) this.#visitLevel(FINE_LEVELS, from, Math.min(to, fineFrom), visitor)
    if (to > fineFrom) this.#visitLevel(depth, Math.max(from, fineFrom), to, visitor)
    return true
  }

  /** Keeps only totals by the second for the time before `before`. Otherwise a long session would fill the memory. */
  forget(before: number): void {
    const fineFrom = Math.floor(before / FORGOTTEN_AT_ONCE) * FORGOTTEN_AT_ONCE
    if (fineFrom <= this.#fineFrom) return
    this.#settle()
    this.#fineFrom = fineFrom
    for (const [depth, level] of this.#levels.slice(0, FINE_LEVELS).entries())
      level.forget(fineFrom / (FINEST * FACTOR ** depth * CHUNK_SIZE))
  }

  #visitLevel(depth: number, from: number, to: number, visitor: BucketVisitor): void {
    const level = this.#levels[depth]
    if (level === undefined) return
    const width = FINEST * FACTOR ** depth
    const first = Math.max(0, Math.floor(from / width))
    const last = Math.ceil(to / width)
    for (const [key, chunk] of level.chunksIn(first / CHUNK_SIZE, last / CHUNK_SIZE)) {
      const base = key * CHUNK_SIZE
      const end = Math.min(last - base, CHUNK_SIZE)
      chunk.visit(Math.max(0, first - base), end, (slot, way, count, largest, received) => {
        const start = (base + slot) * width
        visitor(start, start + width, way, count, largest, received)
      })
    }
  }
}
