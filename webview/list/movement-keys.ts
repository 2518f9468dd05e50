/** Keys that move the selection in the list. */
import type { Rows } from '../state/events/rows.ts'

/** The rank that a key moves to. Undefined for other keys. `selected` is the current rank, -1 without a selection. */
export function rankForKey(
  key: string,
  selected: number,
  page: number,
  rows: Pick<Rows, 'first' | 'end'>,
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
