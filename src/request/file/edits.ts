/** Changes to a text, as editors take them. */
export interface TextEdit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The text with edits, which are in order and do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = []
  let last = 0
  for (const edit of edits) {
    if (edit.start < last) throw new RangeError('Edits overlap, or are not in order.')
    parts.push(text.slice(last, edit.start), edit.text)
    last = edit.end
  }
  parts.push(text.slice(last))
  return parts.join('')
}

/** What ends the lines of a text: what ends the first one. */
export function lineEndOf(text: string): string {
  return /\r\n|\r|\n/.exec(text)?.[0] ?? '\n'
}
