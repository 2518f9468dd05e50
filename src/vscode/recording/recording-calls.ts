/** What the page of a recording can call: reading as in the live panel; what needs live traffic is refused. */
import * as vscode from 'vscode'
import { EMPTY_SHELF } from '../../shared/compose/shelf.ts'
import { Failure } from '../../shared/failure.ts'
import type { PanelContext } from '../../shared/protocol.ts'
import type { CommandId } from '../contributions.ts'
import { type PageCalls, type SessionCallOptions, sessionCalls } from '../panel/session-calls.ts'
import type { RecordingSession } from '../session/recording-session.ts'

const SAVE: CommandId = 'realtimeInspector.saveRequest'

export interface RecordingCallOptions extends SessionCallOptions {
  readonly session: RecordingSession
}

export function recordingContext({ session, filters }: RecordingCallOptions): PanelContext {
  return {
    kind: 'file',
    name: session.name,
    trusted: vscode.workspace.isTrusted,
    savedFilters: filters.all(),
  }
}

export function recordingCalls(options: RecordingCallOptions): PageCalls {
  return {
    ...sessionCalls(options),
    reload: () => options.session.reload(),
    shelve: () => EMPTY_SHELF,
    connect: readOnly,
    connectAs: readOnly,
    connectRecent: readOnly,
    forgetRecent: readOnly,
    recents: () => [],
    presets: () => [],
    connectPreset: readOnly,
    recordings: () => [],
    openRecording: readOnly,
    openWalkthrough: readOnly,
    openForm: readOnly,
    chooseFile: readOnly,
    connectForm: readOnly,
    forgetSecrets: readOnly,
    saveRequest: async ({ source }) => {
      if (!('connection' in source)) return readOnly()
      const { connection } = source
      await vscode.commands.executeCommand(SAVE, { recording: options.session.uri, connection })
    },
    updateRequest: readOnly,
    keepMessage: readOnly,
    runRequest: readOnly,
    editRequest: readOnly,
    sendStep: readOnly,
    sendScript: readOnly,
    stopScript: readOnly,
    disconnect: readOnly,
    reconnect: readOnly,
    send: readOnly,
    sendFile: readOnly,
    sendForm: readOnly,
    graphqlSchema: readOnly,
    repeat: readOnly,
    sendInOrder: readOnly,
    stopSending: readOnly,
    setFaults: readOnly,
    cut: readOnly,
    releaseHeld: readOnly,
    addRule: readOnly,
    removeRule: readOnly,
    switchRule: readOnly,
    keepAlive: readOnly,
    stopKeepAlive: readOnly,
    startProxy: readOnly,
    startDemo: readOnly,
    openFeed: readOnly,
    feedRate: () => null,
    clear: readOnly,
    settleCleared: readOnly,
    removeConnection: readOnly,
    restoreRemoved: readOnly,
    reopen: readOnly,
    chooseUnsaved: readOnly,
    attachToProgram: readOnly,
  }
}

function readOnly(): never {
  throw new Failure(
    'READ_ONLY',
    vscode.l10n.t('A recording cannot be changed. Connect in the live panel instead.'),
  )
}
