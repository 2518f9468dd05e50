/** Where the filter's needles are in the pieces of a row, and the turn that brings them into view. */
import type { Needles } from './needles.ts'
import type { Piece } from './pieces.ts'

export interface MarkedPiece extends Piece {
  readonly isMarked: boolean
}

/** Marks in a line at most. */
const MOST = 20

interface Mark {
  readonly from: number
  readonly to: number
}

/** Ascending, without overlaps. */
function marksIn(pieces: readonly Piece[], { texts, fields, patterns }: Needles): readonly Mark[] {
  const line = pieces.map(({ text }) => text).join('')
  const lower = line.toLowerCase()
  const marks: Mark[] = []
  // Some characters are longer in lower case, and then nothing can be marked at its place.
  if (lower.length === line.length)
    for (const text of texts)
      for (
        let at = lower.indexOf(text);
        at >= 0 && marks.length < MOST;
        at = lower.indexOf(text, at + text.length)
      )
        marks.push({ from: at, to: at + text.length })
  for (const pattern of patterns)
    for (const { index, 0: found } of line.matchAll(pattern))
      if (found !== '' && marks.length < MOST) marks.push({ from: index, to: index + found.length })
  const values = fields.length === 0 ? [] : valuesOf(pieces, fields)
  const sorted = [...marks, ...values].sort((a, b) => a.from - b.from)
  return sorted.filter(({ from }, i) => sorted.slice(0, i).every((before) => before.to <= from))
}

/** The values that follow the keys of these fields. */
function valuesOf(pieces: readonly Piece[], fields: readonly string[]): Mark[] {
  const marks: Mark[] = []
  let at = 0
  pieces.forEach((piece, i) => {
    at += piece.text.length
    const value = pieces[i + 1]
    const name = piece.text.slice(0, -2).replaceAll('"', '')
    const isFound = piece.role === 'key' && fields.includes(name) && value?.role === 'text'
    if (isFound && !/^[[{]/.test(value.text)) marks.push({ from: at, to: at + value.text.length })
  })
  return marks
}

/**
 * The pieces with their marks. If the first mark would not be in view, the line begins later, with `…`, so that the mark
 * is in the middle of `room` characters.
 */
export function marked(pieces: readonly Piece[], needles: Needles, room: number): readonly MarkedPiece[] {
  const marks = marksIn(pieces, needles)
  const [first] = marks
  if (first === undefined) return pieces.map((piece) => ({ ...piece, isMarked: false }))
  const middle = Math.floor((first.from + first.to - room) / 2)
  const from = first.to <= room - 1 ? 0 : Math.max(0, Math.min(first.from - 1, middle))
  const result: MarkedPiece[] = from > 0 ? [{ role: 'text', text: '…', isMarked: false }] : []
  let at = 0
  for (const piece of pieces) {
    const end = at + piece.text.length
    const cuts = [at, from, ...marks.flatMap((mark) => [mark.from, mark.to]), end]
      .filter((cut) => cut >= Math.max(at, from) && cut <= end)
      .sort((a, b) => a - b)
    for (let i = 0; i + 1 < cuts.length; i++) {
      const [start = 0, stop = 0] = [cuts[i], cuts[i + 1]]
      if (start === stop) continue
      const isMarked = marks.some((mark) => start >= mark.from && stop <= mark.to)
      result.push({ ...piece, text: piece.text.slice(start - at, stop - at), isMarked })
    }
    at = end
  }
  return result
}
