import type { Bytes } from './hex-pieces.ts'
import { piecedLine } from './hex-pieces.ts'

interface HexLinesProps {
  readonly payload: Uint8Array
  readonly lineBytes: number
  /** Lines [from, to). */
  readonly lines: Bytes
  /** Bytes outside of it are blank. */
  readonly shown: Bytes
  readonly fields?: readonly Bytes[]
  /** Bytes at which something begins, with what it is. */
  readonly starts?: ReadonlyMap<number, string>
  readonly marked?: Bytes | undefined
  /** The pointer is on a field, by its position in the list; -1 if it is on none. */
  readonly onPoint?: (field: number) => void
}

/** Lines of a hex dump: offset, hexadecimal, ASCII. Fields are underlined, and `starts` have a line before them. */
export function HexLines(props: HexLinesProps) {
  const { payload, lineBytes, lines, shown, fields, starts, marked, onPoint } = props
  const look = { shown, ...(fields && { fields }), ...(starts && { starts }), marked }
  return (
    <>
      {Array.from({ length: lines.to - lines.from }, (_, i) => {
        const { offset, pieces } = piecedLine(payload, lines.from + i, lineBytes, look)
        return (
          <div class="hex-line" key={offset}>
            <span class="dim">{offset}</span>
            <span>
              {pieces.map(({ hex, field, isMarked, start }, at) => (
                <span
                  key={at}
                  class={lookOf(field, isMarked, start)}
                  title={start}
                  onPointerEnter={onPoint && (() => onPoint(field))}
                  onPointerLeave={onPoint && (() => onPoint(-1))}
                >
                  {hex}
                </span>
              ))}
            </span>
            <span class="hex-ascii">
              {pieces.map(({ ascii, field, isMarked }, at) => (
                <span key={at} class={lookOf(field, isMarked)}>
                  {ascii}
                </span>
              ))}
            </span>
          </div>
        )
      })}
    </>
  )
}

function lookOf(field: number, isMarked: boolean, start?: string): string | undefined {
  const look = [field >= 0 && 'hex-field', isMarked && 'hex-marked', start !== undefined && 'hex-start']
    .filter(Boolean)
    .join(' ')
  return look === '' ? undefined : look
}
