/** The name that somebody probably meant. */

const MOST_EDITS = 2

/** The number of characters to insert, remove, replace or swap with the next one, to get from one text to the other. */
function distance(one: string, other: string): number {
  let previous: readonly number[] = []
  let row: readonly number[] = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      const isSwapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      const swapped = isSwapped && i > 1 && j > 1 ? (previous[j - 2] ?? 0) + 1 : replaced
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    previous = row
    row = next
  }
  return row[other.length] ?? 0
}

/** The name that is nearest to what was written; undefined if none is near. Case counts least. */
export function nearMatch(written: string, names: Iterable<string>): string | undefined {
  const lower = written.toLowerCase()
  const allowed = Math.min(MOST_EDITS, Math.floor(written.length / 3))
  let best: { readonly name: string; readonly edits: number } | undefined
  for (const name of names) {
    if (Math.abs(name.length - written.length) > allowed) continue
    const edits = distance(lower, name.toLowerCase())
    if (edits <= allowed && edits < (best?.edits ?? Number.POSITIVE_INFINITY)) best = { name, edits }
  }
  return best?.name
}
