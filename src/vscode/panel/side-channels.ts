/**
 * What a page shows besides the session: names of connections, served sessions, unsaved sessions, connections to reopen, the file's state.
 */
import type * as vscode from 'vscode'
import type { Servers } from '../serving/servers.ts'
import type { ConnectionLabels } from '../session/connection-labels.ts'
import type { FileWatch } from '../session/file-watch.ts'
import type { RememberedConnections } from '../session/remembered-connections.ts'
import type { UnsavedSessions } from '../session/unsaved-sessions.ts'
import { onSetting, replyKeys } from '../settings/current-settings.ts'
import type { Page } from './panel-feed.ts'

/** Sent to the page when it has loaded, and after every change. */
export interface SideChannel {
  readonly onChange: vscode.Event<unknown>
  send(page: Page): void
}

/** All served sessions, or those of the recording `of`. */
export function servedChannel(servers: Servers, of?: vscode.Uri): SideChannel {
  return { onChange: servers.onChange, send: (page) => page.notify('served', servers.served(of)) }
}

export function labelsChannel(labels: ConnectionLabels): SideChannel {
  return { onChange: labels.onChange, send: (page) => page.notify('labels', labels.all) }
}

export function unsavedChannel(unsaved: UnsavedSessions): SideChannel {
  return { onChange: unsaved.onChange, send: (page) => page.notify('unsaved', unsaved.offered) }
}

export function reopenableChannel(remembered: RememberedConnections): SideChannel {
  return {
    onChange: (listener) => remembered.onReopenable(() => listener(undefined)),
    send: (page) => page.notify('reopenable', remembered.offered),
  }
}

export const REPLY_KEYS_CHANNEL: SideChannel = {
  onChange: (listener) => onSetting('realtimeInspector.replyKeys', () => listener(undefined)),
  send: (page) => page.notify('replyKeys', replyKeys()),
}

export function fileChannel(file: FileWatch): SideChannel {
  return { onChange: file.onChange, send: (page) => page.notify('file', file.change) }
}
