/**
 * Moves the gaps of an alignment so that gaps of both sides meet.
 *
 * If equal elements follow each other, several alignments are equally long: for `t t t t` and `t X t t`, the one
 * with the last `t` unpaired, and the one with the second, opposite `X`. Only the latter shows a changed element in
 * place. A gap of one side moves over equal elements until it meets a gap of the other side. A gap that meets none
 * does not move. The number of pairs does not change.
 */

/** Means that an element has no partner. */
export const UNPAIRED = -1

type Ids = Uint32Array

/** Rearranges `partners`, the partner in `b` of each element of `a`, in two passes. */
export function meetGaps(a: Ids, b: Ids, partners: Int32Array): void {
  const pairs = pairsOf(partners)
  slideLeft(a, b, pairs)
  const mirrored = mirror(pairs, a.length, b.length)
  slideLeft(a.slice().reverse(), b.slice().reverse(), mirrored)
  partners.fill(UNPAIRED)
  for (let at = 0; at < mirrored.x.length; at++)
    partners[a.length - 1 - (mirrored.x[at] ?? 0)] = b.length - 1 - (mirrored.y[at] ?? 0)
}

/** The pairs of an alignment, ascending on both sides. */
interface Pairs {
  readonly x: Int32Array
  readonly y: Int32Array
}

function pairsOf(partners: Int32Array): Pairs {
  const x = new Int32Array(partners.length)
  const y = new Int32Array(partners.length)
  let count = 0
  for (let index = 0; index < partners.length; index++) {
    const partner = partners[index] ?? UNPAIRED
    if (partner === UNPAIRED) continue
    x[count] = index
    y[count++] = partner
  }
  return { x: x.subarray(0, count), y: y.subarray(0, count) }
}

/** The pairs of the reversed sequences. */
function mirror({ x, y }: Pairs, aLength: number, bLength: number): Pairs {
  return { x: reversed(x, aLength), y: reversed(y, bLength) }
}

/** The positions in the reversed sequence, ascending. */
function reversed(positions: Int32Array, length: number): Int32Array {
  const turned = new Int32Array(positions.length)
  for (let at = 0; at < turned.length; at++)
    turned[turned.length - 1 - at] = length - 1 - (positions[at] ?? 0)
  return turned
}

/** Moves gaps to the left, from the last pair to the first. */
function slideLeft(a: Ids, b: Ids, { x, y }: Pairs): void {
  /** Unpaired elements of `a` that move to the left, or of `b` if below 0. They started left of the pair `from`. */
  let surplus = 0
  let from = 0
  for (let right = x.length; right >= 0; right--) {
    const inA = unpaired(x, right, a.length)
    const inB = unpaired(y, right, b.length)
    if (inA > 0 || inB > 0) {
      const own = inA - inB
      const meets = own * surplus < 0 || (own * surplus > 0 && Math.min(inA, inB) === 0)
      if (meets) shift(surplus > 0 ? x : y, right, from, Math.abs(surplus))
      surplus = meets ? surplus + own : own
      from = right
    }
    if (surplus === 0 || right === 0) continue
    // It moves by taking the place of the pair on its left, which gets the last element of the gap.
    const [ids, at] = surplus > 0 ? [a, x[right - 1] ?? 0] : [b, y[right - 1] ?? 0]
    if (ids[at] !== ids[at + Math.abs(surplus)]) surplus = 0
  }
}

/** Number of elements of a side between a pair and the one before. */
function unpaired(side: Int32Array, right: number, end: number): number {
  return (side[right] ?? end) - (right === 0 ? 0 : (side[right - 1] ?? 0) + 1)
}

function shift(side: Int32Array, from: number, to: number, by: number): void {
  for (let pair = from; pair < to; pair++) side[pair] = (side[pair] ?? 0) + by
}
