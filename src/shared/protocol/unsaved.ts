/** What is offered back on the page: unsaved sessions, and connections that were open. */

/** What can be done with one: look at it, keep it in a file, or remove it. */
export const UNSAVED_CHOICES = ['open', 'save', 'discard'] as const

export type UnsavedChoice = (typeof UNSAVED_CHOICES)[number]

/** Connections that may be opened again. */
export interface Reopenable {
  /** Secrets masked. */
  readonly urls: readonly string[]
  /** Why they ended, as a sentence. Absent if they were open before this session of the window. */
  readonly why?: string
}

export interface UnsavedSession {
  readonly id: number
  /** ISO 8601. */
  readonly startedAt: string
  /** Events that are in no file of the user's. */
  readonly events: number
  /** Another process still writes it: it can only be looked at. Default false. */
  readonly isRunning?: boolean
}
