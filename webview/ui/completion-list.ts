/** The completions below a field, and which one is active. */

/** What can be inserted. */
export interface Choice {
  readonly insert: string
  readonly detail: string
}

export interface Completions<C extends Choice = Choice> {
  readonly list: readonly C[]
  /** Position of the active completion, -1 without one. */
  readonly active: number
}

export const NO_COMPLETIONS: Completions<never> = { list: [], active: -1 }

/** Makes the next or previous completion active, wrapping around at the ends. */
export function moved<C extends Choice>({ list, active }: Completions<C>, step: 1 | -1): Completions<C> {
  if (list.length === 0) return NO_COMPLETIONS
  const from = active < 0 && step < 0 ? list.length : active
  return { list, active: (from + step + list.length) % list.length }
}
