/** The side bar: a container in the activity bar with native trees of connections, requests, recordings and servers. */
import * as vscode from 'vscode'
import { type ConnectionCommandOptions, connectionCommands } from './connection-commands.ts'
import type { ConnectionRowOptions } from './connection-rows.ts'
import { showConnectionsView } from './connections-view.ts'
import { type RecordingCommandOptions, recordingCommands } from './recording-commands.ts'
import { type RecordingsViewOptions, showRecordingsView } from './recordings-view.ts'
import { type FoundRequestCommandOptions, foundRequestCommands } from './request-commands.ts'
import { type RequestsViewOptions, showRequestsView } from './requests-view.ts'
import {
  type ServerCommandOptions,
  type ServersViewOptions,
  serverCommands,
  showServersView,
} from './servers-view.ts'

export interface SideBarOptions
  extends ConnectionRowOptions,
    RequestsViewOptions,
    RecordingsViewOptions,
    ServersViewOptions {}

export function showSideBar(options: SideBarOptions): vscode.Disposable {
  return vscode.Disposable.from(
    showConnectionsView(options),
    showRequestsView(options),
    showRecordingsView(options),
    showServersView(options),
  )
}

export interface SideBarCommandOptions
  extends ConnectionCommandOptions,
    FoundRequestCommandOptions,
    RecordingCommandOptions,
    ServerCommandOptions {}

export function sideBarCommands(options: SideBarCommandOptions) {
  return {
    ...connectionCommands(options),
    ...foundRequestCommands(options),
    ...recordingCommands(options),
    ...serverCommands(options),
  }
}
