/** What the page of a recording asks for: reading as in the live panel; what only live traffic can do is refused. */
import * as vscode from 'vscode'
import { EMPTY_SHELF } from '../../shared/compose/shelf.ts'
import { Failure } from '../../shared/failure.ts'
import { filterActions } from '../panel/filter-actions.ts'
import { servingCalls } from '../panel/side-channels.ts'
import type { PanelActions } from '../panel/view.ts'
import type { PayloadActions } from '../payload/actions.ts'
import { payloadPanelCalls } from '../payload/panel-calls.ts'
import { askAndSave, type SaveOptions } from '../saving/save-session.ts'
import type { Servers } from '../serving/servers.ts'
import type { RecordingSession } from '../session/recording-session.ts'
import type { SavedFilters } from '../session/saved-filters.ts'
import { isCancelled } from '../ui/notifier.ts'

export interface RecordingActionOptions extends SaveOptions {
  readonly session: RecordingSession
  readonly filters: SavedFilters
  readonly payloads: PayloadActions
  readonly servers: Servers
}

const readOnly = () => {
  throw new Failure(
    'READ_ONLY',
    'This is a recording, to which nothing can be added; connect in the live panel.',
  )
}

export function recordingActions(options: RecordingActionOptions): PanelActions {
  const { session, filters, payloads } = options
  return {
    ready: () => ({
      kind: 'file',
      name: session.name,
      recentUrls: [],
      trusted: vscode.workspace.isTrusted,
      savedFilters: filters.all(),
    }),
    ...filterActions(session, filters),
    previews: (params) => session.call('previews', params),
    detail: (params) => session.call('detail', params),
    report: () => session.call('report', null, 0),
    ...payloadPanelCalls(session, payloads),
    replay: (command) => session.call('replay', command, 0),
    save: async ({ part }) => {
      await askAndSave(options, part).catch((error) => {
        if (!isCancelled(error)) throw error
      })
      return null
    },
    copy: async ({ text }) => {
      await vscode.env.clipboard.writeText(text)
      return null
    },
    ...servingCalls(options.servers),
    reload: async () => {
      await session.reload()
      return null
    },
    shelve: () => EMPTY_SHELF,
    connect: readOnly,
    disconnect: readOnly,
    reconnect: readOnly,
    send: readOnly,
    sendFile: readOnly,
    repeat: readOnly,
    stopRepeat: readOnly,
    startDemo: readOnly,
    clear: readOnly,
    reopen: readOnly,
    chooseUnsaved: readOnly,
  }
}
