/** Edits in texts that are not JSON: words and values at known places. */
import type { Edit } from './json-edits.ts'

type Change = (value: string) => string | number | undefined

/** Replaces the text from `start` to `end`; undefined if it stays. */
export function editRange(text: string, start: number, end: number, change: Change): Edit | undefined {
  const value = text.slice(start, end)
  const replacement = value === '' ? undefined : change(value)
  if (replacement === undefined || String(replacement) === value) return undefined
  return { start, end, text: String(replacement) }
}

/** The words of a line and where they begin. */
export function wordsOf(line: string): readonly { readonly word: string; readonly at: number }[] {
  return [...line.matchAll(/\S+/g)].map(({ 0: word, index }) => ({ word, at: index }))
}

export function isEdit(edit: Edit | undefined): edit is Edit {
  return edit !== undefined
}
