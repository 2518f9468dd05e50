/** Lines of a hex dump in pieces, so that fields and marked bytes can look different. */
import { asciiOf, hexOf, offsetOf } from '../../src/shared/text/hex.ts'

/** Bytes [from, to) of a payload. */
export interface Bytes {
  readonly from: number
  readonly to: number
}

/** Bytes of a line that look alike. */
export interface HexPiece {
  readonly hex: string
  readonly ascii: string
  /** The position of their field in the list of fields; -1 if they are in none. */
  readonly field: number
  readonly isMarked: boolean
  /** What begins with it. */
  readonly start?: string | undefined
}

export interface PiecedLine {
  /** Eight hexadecimal digits. */
  readonly offset: string
  /** Between two pieces is the space that is between two bytes. */
  readonly pieces: readonly HexPiece[]
}

const NO_FIELDS: readonly Bytes[] = []

/** A line of a dump. Only bytes within `shown` are in it; others are blank. Fields are in order and do not overlap. */
export function piecedLine(
  payload: Uint8Array,
  line: number,
  lineBytes: number,
  {
    shown,
    fields = NO_FIELDS,
    starts,
    marked,
  }: {
    shown: Bytes
    fields?: readonly Bytes[]
    starts?: ReadonlyMap<number, string>
    marked?: Bytes | undefined
  },
): PiecedLine {
  const first = line * lineBytes
  const pieces: { hex: string; ascii: string; field: number; isMarked: boolean; start?: string }[] = []
  let at = -1
  for (let index = first; index < first + lineBytes; index++) {
    const isShown = index >= shown.from && index < Math.min(shown.to, payload.length)
    while (at + 1 < fields.length && (fields[at + 1]?.from ?? 0) <= index) at++
    const field = isShown && index < (fields[at]?.to ?? 0) ? at : -1
    const isMarked = isShown && marked !== undefined && index >= marked.from && index < marked.to
    const start = isShown ? starts?.get(index) : undefined
    const byte = isShown ? (payload[index] ?? 0) : undefined
    const digits = byte === undefined ? '  ' : hexOf(byte)
    const gap = index === first ? '' : index % 8 === 0 ? '  ' : ' '
    const last = pieces.at(-1)
    if (last !== undefined && last.field === field && last.isMarked === isMarked && start === undefined) {
      last.hex += gap + digits
      last.ascii += byte === undefined ? ' ' : asciiOf(byte)
    } else {
      if (last !== undefined) pieces.push({ hex: gap, ascii: '', field: -1, isMarked: false })
      const ascii = byte === undefined ? ' ' : asciiOf(byte)
      pieces.push({ hex: digits, ascii, field, isMarked, ...(start !== undefined && { start }) })
    }
  }
  return { offset: offsetOf(line, lineBytes), pieces }
}
