/** Pairs the messages of two lanes: equal, moved and changed messages. */

import { addTo } from '../../shared/maps.ts'
import { align, UNPAIRED } from './align.ts'
import type { Lane } from './index-recording.ts'

export interface Pairing {
  /** For each message of the first lane, its partner in the second in the same order, or `UNPAIRED`. */
  readonly aligned: Int32Array
  /** The same for partners elsewhere in the order. */
  readonly moved: Int32Array
}

/** The properties by which messages count as changed instead of missing and extra. */
const LIKENESS = ['similar', 'shape', 'kind'] as const

/** Pairs all messages that have a partner: equal ones first, then from similar to less similar. */
export function pairLanes(a: Lane, b: Lane): Pairing {
  const aligned = align(a.exact, b.exact)
  const moved = findMoved(a, b, aligned)
  const movedTo = new Set(moved)
  const free = {
    a: (x: number) => moved[x] === UNPAIRED,
    b: (y: number) => !movedTo.has(y),
  }
  for (const level of LIKENESS) {
    for (const gap of [...gaps(aligned, b.length, free)]) alignGap(gap, a[level], b[level], aligned)
  }
  // A single message in the place of another counts as changed, whatever its content.
  for (const gap of [...gaps(aligned, b.length, free)])
    if (gap.a.length === 1 && gap.b.length === 1) alignGap(gap, a.form, b.form, aligned)
  return { aligned, moved }
}

/** Pairs the remaining messages with equal content, in order. */
function findMoved(a: Lane, b: Lane, aligned: Int32Array): Int32Array {
  const moved = new Int32Array(a.length).fill(UNPAIRED)
  const taken = new Set(aligned)
  const waiting = new Map<number, number[]>()
  for (let y = b.length - 1; y >= 0; y--) if (!taken.has(y)) addTo(waiting, b.exact[y] ?? 0, y)
  for (let x = 0; x < a.length; x++)
    if (aligned[x] === UNPAIRED) moved[x] = waiting.get(a.exact[x] ?? 0)?.pop() ?? UNPAIRED
  return moved
}

interface Gap {
  readonly a: Uint32Array
  readonly b: Uint32Array
}

interface Free {
  readonly a: (x: number) => boolean
  readonly b: (y: number) => boolean
}

/** Runs of messages without a partner between two aligned pairs, if both sides have some. */
function* gaps(aligned: Int32Array, bLength: number, free: Free): Generator<Gap> {
  let fromA = 0
  let fromB = 0
  for (let x = 0; x <= aligned.length; x++) {
    const y = x === aligned.length ? bLength : (aligned[x] ?? UNPAIRED)
    if (y === UNPAIRED) continue
    if (x > fromA && y > fromB) {
      const gap = { a: range(fromA, x).filter(free.a), b: range(fromB, y).filter(free.b) }
      if (gap.a.length > 0 && gap.b.length > 0) yield gap
    }
    fromA = x + 1
    fromB = y + 1
  }
}

function range(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to - from }, (_, index) => from + index)
}

function alignGap(gap: Gap, a: Uint32Array, b: Uint32Array, aligned: Int32Array): void {
  const ids = (indexes: Uint32Array, column: Uint32Array) => indexes.map((index) => column[index] ?? 0)
  for (const [at, partner] of align(ids(gap.a, a), ids(gap.b, b)).entries())
    if (partner !== UNPAIRED) aligned[gap.a[at] ?? 0] = gap.b[partner] ?? UNPAIRED
}
