/** What the page asks for, done: reading goes to the engine as it is, acting as the commands do. */
import * as vscode from 'vscode'
import { parseSpec } from '../../request/parse-spec.ts'
import { hasMask } from '../../request/remembered.ts'
import type { ComposedMessage } from '../../shared/compose/composed.ts'
import { Failure } from '../../shared/failure.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { askSecrets } from '../connect/ask-secrets.ts'
import type { Connector } from '../connect/connect.ts'
import type { Demo } from '../connect/demo.ts'
import { readThrough } from '../files/local-file.ts'
import type { PayloadActions } from '../payload/actions.ts'
import { payloadPanelCalls } from '../payload/panel-calls.ts'
import { askAndSave, type SaveOptions } from '../saving/save-session.ts'
import type { Servers } from '../serving/servers.ts'
import type { ComposerShelf } from '../session/composer-shelf.ts'
import type { LiveSession } from '../session/live-session.ts'
import type { RememberedConnections } from '../session/remembered-connections.ts'
import type { SavedFilters } from '../session/saved-filters.ts'
import type { UnsavedSessions } from '../session/unsaved-sessions.ts'
import { isCancelled } from '../ui/notifier.ts'
import { filterActions } from './filter-actions.ts'
import { servingCalls, unsavedCalls } from './side-channels.ts'
import type { PanelActions } from './view.ts'

/** A call that took the user too long, or that they gave up, is no failure: `otherwise` is its answer. */
async function unlessCancelled<T>(action: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await action
  } catch (error) {
    if (isCancelled(error)) return otherwise
    throw error
  }
}

async function askFile(): Promise<vscode.Uri | undefined> {
  const [uri] = (await vscode.window.showOpenDialog({ title: 'Send a file', openLabel: 'Send' })) ?? []
  return uri
}

/** A URL picked from the recent ones means the connection it was, whose secrets are asked for again. */
async function recalled(spec: ConnectionSpec, remembered: RememberedConnections): Promise<ConnectionSpec> {
  const isUrlOnly = Object.keys(spec).length === 1
  const recent = isUrlOnly ? remembered.recents().find(({ url }) => url === spec.url) : undefined
  const meant = recent ?? spec
  return hasMask(meant) ? await askSecrets(meant) : meant
}

export interface PanelActionOptions extends SaveOptions {
  readonly session: LiveSession
  readonly filters: SavedFilters
  readonly payloads: PayloadActions
  readonly demo: Demo
  readonly shelf: ComposerShelf
  readonly servers: Servers
  readonly unsaved: UnsavedSessions
}

function reload(): never {
  throw new Failure('NOT_A_RECORDING', 'Live traffic is in no file that could be read anew.')
}

export function panelActions(options: PanelActionOptions, connector: () => Connector): PanelActions {
  const { session, storage, demo, shelf, filters } = options
  const withVariables = (message: ComposedMessage) => ({ ...message, variables: shelf.read().variables })
  const open = async (spec: ConnectionSpec) =>
    await connector().open(await recalled(spec, session.remembered))
  return {
    ready: () => ({
      recentUrls: session.remembered.recents().map(({ url }) => url),
      trusted: vscode.workspace.isTrusted,
      shelf: shelf.read(),
      savedFilters: filters.all(),
    }),
    ...filterActions(session, filters),
    previews: (params) => session.call('previews', params),
    detail: (params) => session.call('detail', params),
    report: () => session.call('report', null, 0),
    ...payloadPanelCalls(session, options.payloads),
    connect: async ({ spec }) => {
      const id = await unlessCancelled(spec === null ? connector().ask() : open(parseSpec(spec)), undefined)
      return id === undefined ? null : { id }
    },
    disconnect: (params) => session.call('disconnect', params),
    reconnect: (params) => session.call('reconnect', params),
    send: ({ id, message }) => session.call('send', { id, message: withVariables(message) }),
    repeat: ({ id, message, plan }) => session.call('repeat', { id, message: withVariables(message), plan }),
    stopRepeat: (params) => session.call('stopRepeat', params),
    shelve: (change) => shelf.change(change),
    startDemo: async ({ transport }) => {
      await demo.start(transport ?? undefined)
      return null
    },
    sendFile: async ({ id }) => {
      const uri = await askFile()
      if (uri === undefined) return { sent: false }
      await readThrough(storage, uri, (file) => session.call('send', { id, message: { file } }, 0))
      return { sent: true }
    },
    clear: () => session.call('clear', null),
    save: async ({ part }) => {
      await unlessCancelled(askAndSave(options, part), false)
      return null
    },
    copy: async ({ text }) => {
      await vscode.env.clipboard.writeText(text)
      return null
    },
    replay: (command) => session.call('replay', command, 0),
    ...servingCalls(options.servers),
    ...unsavedCalls(options.unsaved),
    reload,
    reopen: async ({ dismiss }) => {
      if (dismiss) await session.remembered.settleReopenable()
      else await unlessCancelled(connector().reopen(), undefined)
      return null
    },
  }
}
