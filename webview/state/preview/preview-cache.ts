/** The pieces of previews, so that a row that is painted again is not read again. */
import type { EventPreview } from '../../../src/shared/protocol.ts'
import { decodedIn } from '../../format/decoded.ts'
import { linePieces } from './decoded-pieces.ts'
import { type MarkedPiece, marked } from './marks.ts'
import { type Needles, NO_NEEDLES } from './needles.ts'
import { type Piece, piecesOf } from './pieces.ts'

interface Cached {
  readonly pieces: readonly Piece[]
  needles: Needles
  room: number
  marked: readonly MarkedPiece[]
}

export class PreviewCache {
  readonly #known = new WeakMap<EventPreview, Cached>()

  /** The pieces of a preview, with what the filter has found in the middle of `room` characters. */
  piecesOf(preview: EventPreview, needles: Needles, room: number): readonly MarkedPiece[] {
    const known = this.#known.get(preview)
    const isSame = known?.needles === needles && (needles === NO_NEEDLES || known.room === room)
    if (known !== undefined && isSame) return known.marked
    const pieces = known?.pieces ?? linePieces(preview)
    const cached = { pieces, needles, room, marked: joined(markedLine(preview, pieces, needles, room)) }
    this.#known.set(preview, cached)
    return cached.marked
  }
}

/** What the filter has found may be in the payload without being in the decoded line, which is then shown. */
function markedLine(
  preview: EventPreview,
  pieces: readonly Piece[],
  needles: Needles,
  room: number,
): readonly MarkedPiece[] {
  const line = marked(pieces, needles, room)
  const isFound = needles === NO_NEEDLES || decodedIn(preview) === undefined || line.some(isMarked)
  if (isFound) return line
  const payload = marked(piecesOf(preview.text, preview.payloadName), needles, room)
  return payload.some(isMarked) ? payload : line
}

function isMarked(piece: MarkedPiece): boolean {
  return piece.isMarked
}

/** The pieces with texts beside each other in one, so that a row has few elements. */
function joined(pieces: readonly MarkedPiece[]): readonly MarkedPiece[] {
  const result: MarkedPiece[] = []
  for (const piece of pieces) {
    const last = result.at(-1)
    const isPlain = (each: MarkedPiece | undefined) => each?.role === 'text' && !each.isMarked
    if (last !== undefined && isPlain(last) && isPlain(piece))
      result[result.length - 1] = { ...last, text: last.text + piece.text }
    else result.push(piece)
  }
  return result
}
