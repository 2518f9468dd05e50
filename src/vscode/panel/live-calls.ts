/** What the page of the live panel can call: reading is up to the engine, acting does what the commands do. */
import * as vscode from 'vscode'
import { parseSpec } from '../../request/parse-spec.ts'
import { hasMask } from '../../request/remembered.ts'
import type { ComposedMessage } from '../../shared/compose/compose.ts'
import { Failure } from '../../shared/failure.ts'
import type { PanelContext } from '../../shared/protocol.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { askSecrets } from '../connect/ask-secrets.ts'
import type { Connector } from '../connect/connect.ts'
import type { Demo } from '../connect/demo.ts'
import { readThrough } from '../files/local-file.ts'
import type { UnsavedOffers } from '../saving/offer-unsaved.ts'
import type { ComposerShelf } from '../session/composer-shelf.ts'
import type { LiveSession } from '../session/live-session.ts'
import type { RememberedConnections } from '../session/remembered-connections.ts'
import {
  forwarded,
  type PageCalls,
  type SessionCallOptions,
  sessionCalls,
  unlessCancelled,
} from './session-calls.ts'

export interface LiveCallOptions extends SessionCallOptions {
  readonly session: LiveSession
  readonly connector: Connector
  readonly demo: Demo
  readonly shelf: ComposerShelf
  readonly offers: UnsavedOffers
}

export function liveContext({ session, shelf, filters }: LiveCallOptions): PanelContext {
  return {
    recentUrls: session.remembered.recents().map(({ url }) => url),
    trusted: vscode.workspace.isTrusted,
    shelf: shelf.read(),
    savedFilters: filters.all(),
  }
}

export function liveCalls(options: LiveCallOptions): PageCalls {
  const { session, storage, demo, shelf, connector, offers } = options
  const withVariables = (message: ComposedMessage) => ({ ...message, variables: shelf.read().variables })
  const open = async (spec: ConnectionSpec) => await connector.open(await recalled(spec, session.remembered))
  return {
    ...sessionCalls(options),
    ...forwarded(session, ['disconnect', 'reconnect', 'stopRepeat', 'clear']),
    connect: async ({ spec }) => {
      const id = await unlessCancelled(spec === null ? connector.ask() : open(parseSpec(spec)), undefined)
      return id === undefined ? null : { id }
    },
    send: ({ id, message }) => session.call('send', { id, message: withVariables(message) }),
    repeat: ({ id, message, plan }) => session.call('repeat', { id, message: withVariables(message), plan }),
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
    chooseUnsaved: async ({ id, choice }) => {
      await unlessCancelled(offers.choose(id, choice), undefined)
      return null
    },
    reopen: async ({ dismiss }) => {
      if (dismiss) await session.remembered.settleReopenable()
      else await unlessCancelled(connector.reopen(), undefined)
      return null
    },
    reload,
  }
}

async function askFile(): Promise<vscode.Uri | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Send a file'),
      openLabel: vscode.l10n.t('Send'),
    })) ?? []
  return uri
}

/** A recent connection is meant if only its URL is given. Asks for its secrets, which are not remembered. */
async function recalled(spec: ConnectionSpec, remembered: RememberedConnections): Promise<ConnectionSpec> {
  const isUrlOnly = Object.keys(spec).length === 1
  const recent = isUrlOnly ? remembered.recents().find(({ url }) => url === spec.url) : undefined
  const meant = recent ?? spec
  return hasMask(meant) ? await askSecrets(meant) : meant
}

function reload(): never {
  throw new Failure('NOT_A_RECORDING', vscode.l10n.t('Live traffic has no file that could be read again.'))
}
