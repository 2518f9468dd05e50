/** What a masked text hides: the parts of the original that are where it has masks. */
import { MASK } from '../shared/secrets.ts'

/**
 * The parts of the original in the order of the masks. A part that is itself a mask is not known. Undefined if the masked
 * text is not one of the original, or if the parts cannot be told apart.
 */
export function valuesBetween(masked: string, original: string): readonly string[] | undefined {
  return valuesAmong(masked.split(MASK), original)
}

/** The parts of the original between the pieces, which it has in this order, from its beginning to its end. */
export function valuesAmong(pieces: readonly string[], original: string): readonly string[] | undefined {
  const [first = ''] = pieces
  if (!original.startsWith(first)) return undefined
  const values: string[] = []
  let at = first.length
  for (const [i, piece] of pieces.entries()) {
    if (i === 0) continue
    const isLast = i === pieces.length - 1
    const end = isLast ? original.length - piece.length : original.indexOf(piece, at)
    if (end < at || (piece === '' && !isLast)) return undefined
    if (original.slice(end, end + piece.length) !== piece) return undefined
    values.push(original.slice(at, end))
    at = end + piece.length
  }
  return at === original.length ? values : undefined
}
