/** The events of a HAR in the order of their times, with only those that come next in memory. */
import type { RealtimeEvent } from '../../../shared/event.ts'
import type { ByteBuffer } from '../bytes/byte-buffer.ts'

/** Events with ascending times. */
export interface Source {
  /** Of events with the same time, that of the source with the lower rank comes first. */
  readonly rank: number
  /** Milliseconds. */
  readonly time: number
  readonly event: RealtimeEvent
  /** Adds the line of the event, as a session file has it. False, or absent, if it has to be made from the event. */
  addLine?(into: ByteBuffer): boolean
  /** Goes on to the next event. False if there is none. */
  advance(): boolean
}

/** A source that is made once the merge has come to its time. */
export interface LateSources {
  readonly count: number
  /** A time and a rank that none of its events precedes. Ascending. */
  boundOf(index: number): number
  rankOf(index: number): number
  /** Those of its sources that have an event. */
  open(index: number): readonly Source[]
}

/** Merges the sources: yields the one whose event comes next. The order is that of a stable sort by time of all events, put together by rank. */
export function* mergedSources(late: LateSources): Generator<Source> {
  const heap: Source[] = []
  let opened = 0
  for (;;) {
    while (opened < late.count && (heap[0] === undefined || isDue(late, opened, heap[0])))
      for (const source of late.open(opened++)) push(heap, source)
    const [next] = heap
    if (next === undefined) return
    yield next
    if (!next.advance()) {
      const last = heap.pop()
      if (last === undefined || heap.length === 0) continue
      heap[0] = last
    }
    if (heap.length > 1) sink(heap)
  }
}

function isDue(late: LateSources, index: number, { time, rank }: Source): boolean {
  const bound = late.boundOf(index)
  return bound < time || (bound === time && late.rankOf(index) < rank)
}

function isBefore(one: Source, other: Source): boolean {
  return one.time < other.time || (one.time === other.time && one.rank < other.rank)
}

/** Adds a source to the heap: each precedes the two at 2n + 1 and 2n + 2. */
function push(heap: Source[], source: Source): void {
  let at = heap.push(source) - 1
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = heap[parent]
    if (above === undefined || !isBefore(source, above)) break
    heap[at] = above
    at = parent
  }
  heap[at] = source
}

/** Moves the first source down to its place. */
function sink(heap: Source[]): void {
  const [source] = heap
  if (source === undefined) return
  let at = 0
  for (;;) {
    const left = 2 * at + 1
    const [one, other] = [heap[left], heap[left + 1]]
    if (one === undefined) break
    const isRight = other !== undefined && isBefore(other, one)
    const below = isRight ? other : one
    if (!isBefore(below, source)) break
    heap[at] = below
    at = isRight ? left + 1 : left
  }
  heap[at] = source
}
