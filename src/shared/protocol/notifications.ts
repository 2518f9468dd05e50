/** What each side tells the other without being asked: each notification and its data, declared once. */
import type { ConnectionLabel } from '../connection-labels.ts'
import type { EventPlace } from '../expectation.ts'
import type { Delta } from '../protocol.ts'
import type { Resending } from './resending.ts'
import type { SavedRequests } from './saved-requests.ts'
import type { Progress } from './saving.ts'
import type { ServedSession } from './served.ts'
import type { StatusUpdate } from './status-update.ts'
import type { Reopenable, UnsavedSession } from './unsaved.ts'

/**
 * Another session has replaced this one; or its events were cleared; or they are back, and what was event n since they
 * were cleared is now event n + `moved`.
 */
export type Reset =
  | { readonly why: 'replaced' | 'cleared' }
  | { readonly why: 'restored'; readonly moved: number }

/** How a session changes; the editor host forwards these to the page as they are. */
export type SessionNotifications = {
  delta: Delta
  status: StatusUpdate
  /** Drop everything, the next delta starts from event 0. */
  reset: Reset
  /** Drop the events from number `count` on; the next delta starts from there. Event names stay. */
  rewind: { readonly count: number }
  /** More messages are decoded, or with `all` any message may be decoded in another way than before. */
  decoded: { readonly all: boolean }
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
  /** Fields by which an answer names its request, as the user has set them. */
  replyKeys: readonly string[]
  /** The requests of the workspace, and those of the connections. */
  savedRequests: SavedRequests
  /** The names and colors of connections that are not as they are by themselves. */
  labels: readonly ConnectionLabel[]
  /** The user has chosen a connection elsewhere in the window, or with null all of them. `event` is selected if it is `only`. */
  showConnection: { readonly connection: number | null; readonly how: ShowHow; readonly event?: EventPlace }
  /** The user has called a command for the page. */
  act: PageAction
  /** Whether the panel is visible. A panel is visible until the host says otherwise. */
  visible: boolean
  /** Whether the editor asks the user for input, so that what they type is not meant for the page. */
  asking: boolean
}

/** What the page does about a connection: shows only its events, brings it into view, or opens a form to edit it. */
export type ShowHow = 'only' | 'reveal' | 'edit'

/** The views of the page that commands show. */
export type CommandView = 'findings' | 'techniques'

/** What a command does in the page: moves to the filter, pauses or resumes the list, shows or hides the keys, shows a view. */
export type PageAction = 'filter' | 'pause' | 'keys' | CommandView

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
