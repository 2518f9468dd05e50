/** Lists of bounded size, in pages. */

export interface Page<T> {
  readonly items: readonly T[]
  /** The number of the first item of the next page, from 1. Null if this is the last one. */
  readonly next: number | null
  readonly total: number
}

/** The items from number `cursor` on, until there are `max`, or their JSON has `maxCharacters`. At least one is listed. */
export function pageOf<T>(
  items: readonly T[],
  {
    cursor = 1,
    max,
    maxCharacters,
  }: { readonly cursor?: number | undefined; readonly max: number; readonly maxCharacters: number },
): Page<T> {
  const page: T[] = []
  let characters = 0
  for (const item of items.slice(cursor - 1, cursor - 1 + max)) {
    characters += JSON.stringify(item).length
    if (page.length > 0 && characters > maxCharacters) break
    page.push(item)
  }
  const end = cursor + page.length
  return { items: page, next: end <= items.length ? end : null, total: items.length }
}
