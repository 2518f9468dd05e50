/** Unsaved sessions that are offered back on the page. */

/** What can be done with one: look at it, keep it in a file, or remove it. */
export const LEFTOVER_CHOICES = ['open', 'save', 'discard'] as const

export type LeftoverChoice = (typeof LEFTOVER_CHOICES)[number]

export interface OfferedSession {
  readonly id: number
  /** ISO 8601. */
  readonly startedAt: string
  /** Events that are in no file of the user's. */
  readonly events: number
}
