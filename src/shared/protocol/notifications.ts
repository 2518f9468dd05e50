/** What each side tells the other without being asked: each notification and its data, declared once. */
import type { Delta } from '../protocol.ts'
import type { SessionStatus } from '../status.ts'
import type { Resending } from './resending.ts'
import type { Progress } from './saving.ts'
import type { ServedSession } from './served.ts'
import type { Reopenable, UnsavedSession } from './unsaved.ts'

/** How a session changes; the editor host forwards these to the page as they are. */
export type SessionNotifications = {
  delta: Delta
  status: SessionStatus
  /** The session was cleared or replaced: drop everything, the next delta starts from event 0. */
  reset: null
  /** Drop the events from number `count` on; the next delta starts from there. Event names stay. */
  rewind: { readonly count: number }
}

export type EngineNotifications = SessionNotifications & {
  /** Progress of a `save` that has a ticket. */
  progress: Progress
  resending: Resending
  log: { readonly level: 'info' | 'warn' | 'error'; readonly message: string }
}

export type HostToEngineNotifications = {
  /** The reader has the last delta; the next one may come. */
  acknowledge: null
}

export type PanelNotifications = SessionNotifications & {
  /** Sessions that are served: all of them, or those of the recording that is shown. */
  served: readonly ServedSession[]
  /** Unsaved sessions of earlier windows, oldest first. */
  unsaved: readonly UnsavedSession[]
  /** Connections that were open and can be opened again. */
  reopenable: Reopenable
  /** Something stopped by itself, as a sentence or two for the user. */
  failed: { readonly message: string }
  /** What happened to the file of the recording. */
  file: FileChange
  /** Whether the panel is visible. A panel is visible until the host says otherwise. */
  visible: boolean
  /** Whether the editor asks the user for input, so that what they type is not meant for the page. */
  asking: boolean
}

/** What happened to a recording's file since it was read. */
export type FileChange = 'none' | 'changed' | 'gone'

export type PanelToHostNotifications = {
  acknowledge: null
  /** The state that the next page in this window gets as `PanelContext.kept`. */
  keep: string
  /** The answer to `asking`: nothing in the page takes keys now. */
  gaveUpKeyboard: null
  /** The page got the focus while the editor asks for input, although the user did not move it there. */
  gotFocus: null
}
