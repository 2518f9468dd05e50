/**
 * Sequence alignment: a longest common subsequence of two sequences of interned contents.
 *
 * Myers' O(ND) algorithm in linear space ("An O(ND) Difference Algorithm and Its Variations", 1986, section
 * 4b) finds the longest one if there are few differences. If there are many, the range is cut at
 * contents that occur once on either side (patience diff); if there are none, at the furthest point that the
 * bounded search reached. The result is then a common subsequence that is not always the longest.
 */
import { lowerBound } from '../../shared/numbers.ts'
import { meetGaps, UNPAIRED } from './align-gaps.ts'

export { UNPAIRED }

/** Number of differences searched for from either end of a range before it is cut. */
const SEARCH_LIMIT = 512

type Ids = Uint32Array

/** Ranges [aLow, aHigh) and [bLow, bHigh) that are not aligned yet. */
type Box = readonly [aLow: number, aHigh: number, bLow: number, bHigh: number]

/** A point of the edit graph, or a diagonal run of matches between two of its points. */
type Split = readonly [x: number, y: number, endX: number, endY: number]

export interface Alignment {
  /** For each element of the first sequence the index of its partner in the second one, or `UNPAIRED`. */
  readonly partners: Int32Array<ArrayBuffer>
  /** Whether no alignment has more pairs. False if there were too many differences to know. */
  readonly isLongest: boolean
}

/**
 * Pairs elements that are equal; pairs ascend on both sides. Among equal elements, those are paired that leave the gaps of
 * both sides opposite each other. Takes time proportional to the length times the differences, with a limit on the
 * differences.
 */
export function align(a: Ids, b: Ids): Alignment {
  const partners = new Int32Array(a.length).fill(UNPAIRED)
  if (areEqual(a, b)) {
    for (let index = 0; index < a.length; index++) partners[index] = index
    return { partners, isLongest: true }
  }
  const [keptA, keptB] = [indexesIn(a, b), indexesIn(b, a)]
  if (keptA.length === 0) return { partners, isLongest: true }
  const aligner = new Aligner(pick(a, keptA), pick(b, keptB), (x, y) => {
    partners[keptA[x] ?? 0] = keptB[y] ?? UNPAIRED
  })
  aligner.run()
  meetGaps(a, b, partners)
  return { partners, isLongest: !aligner.isCut }
}

/** Marks of elements that may take more memory than the elements, for each of them. */
const MARKS_EACH = 16

/** Indexes of the elements that the other side also has. Only these can have a partner. */
function indexesIn(ids: Ids, others: Ids): Uint32Array {
  const known = contentsOf(others)
  const indexes = new Uint32Array(ids.length)
  let count = 0
  for (let index = 0; index < ids.length; index++) if (known.has(ids[index] ?? 0)) indexes[count++] = index
  return indexes.subarray(0, count)
}

/** The contents that occur: as marks if they are small numbers, which takes a tenth of the time of a set. */
function contentsOf(ids: Ids): { has(id: number): boolean } {
  let most = 0
  for (let index = 0; index < ids.length; index++) if ((ids[index] ?? 0) > most) most = ids[index] ?? 0
  if (most >= MARKS_EACH * ids.length) return new Set(ids)
  const marks = new Uint8Array(most + 1)
  for (let index = 0; index < ids.length; index++) marks[ids[index] ?? 0] = 1
  return { has: (id) => marks[id] === 1 }
}

function areEqual(a: Ids, b: Ids): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}

function pick(ids: Ids, indexes: Uint32Array): Ids {
  const picked = new Uint32Array(indexes.length)
  for (let at = 0; at < indexes.length; at++) picked[at] = ids[indexes[at] ?? 0] ?? 0
  return picked
}

class Aligner {
  /** Whether a range had too many differences to search all of it. */
  isCut = false
  readonly #a: Ids
  readonly #b: Ids
  readonly #match: (x: number, y: number) => void
  /** Furthest x on each diagonal, from the start and from the end; diagonal 0 is in the middle. */
  readonly #forward: Int32Array
  readonly #backward: Int32Array
  /** Largest number of differences to search for. */
  readonly #limit: number
  readonly #boxes: Box[]

  constructor(a: Ids, b: Ids, match: (x: number, y: number) => void) {
    this.#a = a
    this.#b = b
    this.#match = match
    this.#limit = Math.min(SEARCH_LIMIT, a.length + b.length)
    this.#forward = new Int32Array(2 * this.#limit + 3)
    this.#backward = new Int32Array(2 * this.#limit + 3)
    this.#boxes = [[0, a.length, 0, b.length]]
  }

  run(): void {
    for (let box = this.#boxes.pop(); box !== undefined; box = this.#boxes.pop()) this.#solve(box)
  }

  #equal(x: number, y: number): boolean {
    return this.#a[x] === this.#b[y]
  }

  #solve(box: Box): void {
    let [aLow, aHigh, bLow, bHigh] = box
    while (aLow < aHigh && bLow < bHigh && this.#equal(aLow, bLow)) this.#match(aLow++, bLow++)
    while (aLow < aHigh && bLow < bHigh && this.#equal(aHigh - 1, bHigh - 1)) this.#match(--aHigh, --bHigh)
    if (aLow === aHigh || bLow === bHigh) return
    const trimmed: Box = [aLow, aHigh, bLow, bHigh]
    const found = this.#search(trimmed)
    if (!found.exact) {
      this.isCut = true
      if (this.#cutAtAnchors(trimmed)) return
    }
    const [x, y, endX, endY] = found.split
    for (let step = 0; x + step < endX; step++) this.#match(x + step, y + step)
    this.#boxes.push([aLow, x, bLow, y], [endX, aHigh, endY, bHigh])
  }

  /** The middle run of matches, or the furthest point from the start if the search gave up. */
  #search(box: Box): { readonly split: Split; readonly exact: boolean } {
    const [aLow, aHigh, bLow, bHigh] = box
    const delta = aHigh - aLow - (bHigh - bLow)
    const middle = this.#limit + 1
    this.#forward[middle + 1] = aLow
    this.#backward[middle - 1] = aHigh
    const limit = Math.min(this.#limit, Math.ceil((aHigh - aLow + bHigh - bLow) / 2))
    for (let depth = 0; depth <= limit; depth++) {
      const split = this.#forwards(box, depth, delta) ?? this.#backwards(box, depth, delta)
      if (split !== undefined) return { split, exact: true }
    }
    return { split: this.#furthest(box, limit), exact: false }
  }

  /** One step of the search from the start. Returns the middle run if it met the other search. */
  #forwards([aLow, aHigh, bLow, bHigh]: Box, depth: number, delta: number): Split | undefined {
    const [forward, backward, middle] = [this.#forward, this.#backward, this.#limit + 1]
    for (let k = -depth; k <= depth; k += 2) {
      const [left, right] = [forward[middle + k - 1] ?? 0, forward[middle + k + 1] ?? 0]
      const start = k === -depth || (k !== depth && left < right) ? right : left + 1
      const startY = start - aLow - k + bLow
      let [x, y] = [start, startY]
      while (x < aHigh && y < bHigh && this.#equal(x, y)) {
        x++
        y++
      }
      forward[middle + k] = x
      const other = k - delta
      if (delta % 2 !== 0 && other > -depth && other < depth && x >= (backward[middle + other] ?? 0))
        return [start, startY, x, y]
    }
    return undefined
  }

  /** One step of the search from the end. */
  #backwards([aLow, aHigh, bLow, bHigh]: Box, depth: number, delta: number): Split | undefined {
    const [forward, backward, middle] = [this.#forward, this.#backward, this.#limit + 1]
    for (let k = -depth; k <= depth; k += 2) {
      const [left, right] = [backward[middle + k - 1] ?? 0, backward[middle + k + 1] ?? 0]
      const end = k === depth || (k !== -depth && left < right) ? left : right - 1
      const endY = end - aHigh - k + bHigh
      let [x, y] = [end, endY]
      while (x > aLow && y > bLow && this.#equal(x - 1, y - 1)) {
        x--
        y--
      }
      backward[middle + k] = x
      const other = k + delta
      if (delta % 2 === 0 && other >= -depth && other <= depth && x <= (forward[middle + other] ?? 0))
        return [x, y, end, endY]
    }
    return undefined
  }

  /** The furthest point inside the box that the search from the start reached. */
  #furthest([aLow, aHigh, bLow, bHigh]: Box, limit: number): Split {
    let best: Split = [aLow, bLow, aLow, bLow]
    for (let k = -limit; k <= limit; k += 2) {
      const x = Math.min(this.#forward[this.#limit + 1 + k] ?? 0, aHigh)
      const y = x - aLow - k + bLow
      if (y <= bHigh && y >= bLow && x + y > best[0] + best[1]) best = [x, y, x, y]
    }
    return best
  }

  /** Cuts the box at the longest ascending sequence of elements that occur once on either side. */
  #cutAtAnchors([aLow, aHigh, bLow, bHigh]: Box): boolean {
    const once = uniqueIndexes(this.#b, bLow, bHigh)
    const xs: number[] = []
    const ys: number[] = []
    for (const [id, x] of uniqueIndexes(this.#a, aLow, aHigh)) {
      const y = once.get(id)
      if (x === REPEATED || y === undefined || y === REPEATED) continue
      xs.push(x)
      ys.push(y)
    }
    if (xs.length === 0) return false
    let [fromX, fromY] = [aLow, bLow]
    for (const index of longestRising(ys)) {
      const [x, y] = [xs[index] ?? 0, ys[index] ?? 0]
      this.#match(x, y)
      this.#boxes.push([fromX, x, fromY, y])
      fromX = x + 1
      fromY = y + 1
    }
    this.#boxes.push([fromX, aHigh, fromY, bHigh])
    return true
  }
}

const REPEATED = -1

/** The position of each content in the range, or `REPEATED`, in the order of first occurrence. */
function uniqueIndexes(ids: Ids, low: number, high: number): Map<number, number> {
  const found = new Map<number, number>()
  for (let index = low; index < high; index++) {
    const id = ids[index] ?? 0
    found.set(id, found.has(id) ? REPEATED : index)
  }
  return found
}

/** Indexes of a longest strictly ascending subsequence, by patience sorting. */
export function longestRising(values: readonly number[]): number[] {
  /** For each length, the index of the lowest last value of a subsequence. */
  const tails: number[] = []
  const before = new Int32Array(values.length).fill(-1)
  for (const [index, value] of values.entries()) {
    const length = lowerBound(0, tails.length, (at) => (values[tails[at] ?? 0] ?? 0) >= value)
    before[index] = length === 0 ? -1 : (tails[length - 1] ?? -1)
    tails[length] = index
  }
  const run: number[] = []
  for (let index = tails.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) run.push(index)
  return run.reverse()
}
