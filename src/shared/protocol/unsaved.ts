/** What the page offers to open again: unsaved sessions, and connections that were open. */

/** What the user can do with an unsaved session: open it, save it to a file, or remove it. */
export const UNSAVED_CHOICES = ['open', 'save', 'discard'] as const

export type UnsavedChoice = (typeof UNSAVED_CHOICES)[number]

/** Connections that can be opened again. */
export interface Reopenable {
  /** With secrets masked. */
  readonly urls: readonly string[]
  /** Why they ended, as a sentence. Absent if they were open in an earlier session of the window. */
  readonly why?: string
}

export interface UnsavedSession {
  readonly id: number
  /** ISO 8601. */
  readonly startedAt: string
  /** Number of events that the user has not saved. */
  readonly events: number
  /** Another process is still writing it, so it can only be opened. Default false. */
  readonly isRunning?: boolean
}
