/** What a key does in the list. */
import type { Rows } from '../state/events/rows.ts'

/** Rank to select for a movement key, or undefined for other keys. `selected` is the rank now, -1 for none. */
export function rankForKey(
  key: string,
  selected: number,
  page: number,
  rows: Rows,
  topRank: number,
): number | undefined {
  const none = selected < rows.first
  const clamp = (rank: number) => Math.max(rows.first, Math.min(rows.end - 1, rank))
  switch (key) {
    case 'ArrowDown':
      return clamp(none ? Math.ceil(topRank) : selected + 1)
    case 'ArrowUp':
      return clamp(none ? Math.ceil(topRank) + page - 1 : selected - 1)
    case 'PageDown':
      return clamp((none ? Math.ceil(topRank) : selected) + page)
    case 'PageUp':
      return clamp((none ? Math.ceil(topRank) + page : selected) - page)
    case 'Home':
      return clamp(rows.first)
    default:
      return undefined
  }
}
