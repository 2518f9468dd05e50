/** What the page of a recording can call: reading as in the live panel; what needs live traffic is refused. */
import * as vscode from 'vscode'
import { EMPTY_SHELF } from '../../shared/compose/shelf.ts'
import { Failure } from '../../shared/failure.ts'
import type { PanelContext } from '../../shared/protocol.ts'
import { type PageCalls, type SessionCallOptions, sessionCalls } from '../panel/session-calls.ts'
import type { RecordingSession } from '../session/recording-session.ts'

export interface RecordingCallOptions extends SessionCallOptions {
  readonly session: RecordingSession
}

export function recordingContext({ session, filters }: RecordingCallOptions): PanelContext {
  return {
    kind: 'file',
    name: session.name,
    recentUrls: [],
    trusted: vscode.workspace.isTrusted,
    savedFilters: filters.all(),
  }
}

export function recordingCalls(options: RecordingCallOptions): PageCalls {
  return {
    ...sessionCalls(options),
    reload: async () => {
      await options.session.reload()
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

function readOnly(): never {
  throw new Failure(
    'READ_ONLY',
    vscode.l10n.t('A recording cannot be changed; connect in the live panel instead.'),
  )
}
