/** Tables of text. */
import type { Colors } from 'picocolors/types'
import { largest } from '../../shared/numbers.ts'
import { pad, printable, width } from './terminal-text.ts'

export interface TextColumn {
  readonly head: string
  readonly cells: readonly string[]
  /** Whether cells are aligned to the left. Default: to the right, as figures. */
  readonly isText?: boolean | undefined
}

/** The lines of a table. All columns have the same number of cells. */
export function textTable(columns: readonly TextColumn[], colors: Colors): string[] {
  const aligned = columns.map(({ head, cells, isText }) => {
    const texts = [head, ...cells.map(printable)]
    const room = largest(texts.map(width), 0)
    return texts.map((text) => (isText ? pad(text, room) : `${' '.repeat(room - width(text))}${text}`))
  })
  return (aligned[0] ?? []).map((_, at) => {
    const line = aligned.map((column) => column[at] ?? '').join('  ')
    return at === 0 ? colors.dim(line) : line
  })
}
