/** Pairs the messages of two lanes: equal, moved and changed messages. */

import { align, UNPAIRED } from './align.ts'
import type { Lane } from './recording-index.ts'

export interface Pairing {
  /** For each message of the first lane, its partner in the second in the same order, or `UNPAIRED`. */
  readonly aligned: Int32Array
  /** The same for partners elsewhere in the order. */
  readonly moved: Int32Array
  /** For each message of the second lane, 1 if it has a partner. */
  readonly isPaired: Uint8Array
  /** True if there were too many differences to try all pairings, so that another one may have fewer. */
  readonly isApproximate: boolean
}

/** The properties by which messages count as changed instead of missing and extra. */
const LIKENESS = ['similar', 'shape', 'kind'] as const

/** Pairs all messages that have a partner: equal ones first, then from similar to less similar. */
export function pairLanes(a: Lane, b: Lane): Pairing {
  const { partners: aligned, isLongest } = align(a.exact, b.exact)
  let isApproximate = !isLongest
  const { moved, isPaired } = findMoved(a, b, aligned)
  const free = {
    a: (x: number) => aligned[x] === UNPAIRED && moved[x] === UNPAIRED,
    b: (y: number) => isPaired[y] === 0,
  }
  const alignGap = (gap: Gap, property: (typeof LIKENESS)[number] | 'form') => {
    const { partners, isLongest } = align(pick(a[property], gap.a), pick(b[property], gap.b))
    isApproximate ||= !isLongest
    for (let at = 0; at < partners.length; at++) {
      const partner = partners[at] ?? UNPAIRED
      if (partner === UNPAIRED) continue
      const y = gap.b[partner] ?? UNPAIRED
      aligned[gap.a[at] ?? 0] = y
      isPaired[y] = 1
    }
  }
  for (const level of LIKENESS) for (const gap of [...gaps(aligned, b.length, free)]) alignGap(gap, level)
  // A single message in the place of another counts as changed, whatever its content.
  for (const gap of [...gaps(aligned, b.length, free)])
    if (gap.a.length === 1 && gap.b.length === 1) alignGap(gap, 'form')
  return { aligned, moved, isPaired, isApproximate }
}

/** Pairs the remaining messages with equal content, in order. */
function findMoved(a: Lane, b: Lane, aligned: Int32Array): Pick<Pairing, 'moved' | 'isPaired'> {
  const moved = new Int32Array(a.length).fill(UNPAIRED)
  const isPaired = new Uint8Array(b.length)
  for (let x = 0; x < a.length; x++) {
    const y = aligned[x] ?? UNPAIRED
    if (y !== UNPAIRED) isPaired[y] = 1
  }
  /** For each content, its first message without a partner; for each of these, the next one. */
  const first = new Map<number, number>()
  const next = new Int32Array(b.length)
  for (let y = b.length - 1; y >= 0; y--) {
    if (isPaired[y] === 1) continue
    const content = b.exact[y] ?? 0
    next[y] = first.get(content) ?? UNPAIRED
    first.set(content, y)
  }
  for (let x = 0; x < a.length && first.size > 0; x++) {
    if (aligned[x] !== UNPAIRED) continue
    const content = a.exact[x] ?? 0
    const y = first.get(content) ?? UNPAIRED
    if (y === UNPAIRED) continue
    moved[x] = y
    isPaired[y] = 1
    first.set(content, next[y] ?? UNPAIRED)
  }
  return { moved, isPaired }
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
      const gap = { a: freeIn(fromA, x, free.a), b: freeIn(fromB, y, free.b) }
      if (gap.a.length > 0 && gap.b.length > 0) yield gap
    }
    fromA = x + 1
    fromB = y + 1
  }
}

/** The positions of [from, to) that are free. */
function freeIn(from: number, to: number, isFree: (position: number) => boolean): Uint32Array {
  const found = new Uint32Array(to - from)
  let count = 0
  for (let at = from; at < to; at++) if (isFree(at)) found[count++] = at
  return found.subarray(0, count)
}

function pick(column: Uint32Array, positions: Uint32Array): Uint32Array {
  const picked = new Uint32Array(positions.length)
  for (let at = 0; at < positions.length; at++) picked[at] = column[positions[at] ?? 0] ?? 0
  return picked
}
