/** What the page of the live panel can call: reading is up to the engine, acting does what the commands do. */
import * as vscode from 'vscode'
import type { ComposedMessage } from '../../shared/compose/compose.ts'
import { Failure } from '../../shared/failure.ts'
import { PROTOBUF } from '../../shared/protocol/decoding.ts'
import type { PanelContext } from '../../shared/protocol.ts'
import type { Demo } from '../connect/demo.ts'
import { type CommandId, EXTENSION_ID } from '../contributions.ts'
import { readThrough } from '../files/local-file.ts'
import type { UnsavedOffers } from '../saving/offer-unsaved.ts'
import type { ComposerShelf } from '../session/composer-shelf.ts'
import type { LiveSession } from '../session/live-session.ts'
import { unlessCancelled } from '../ui/notifier.ts'
import { type ConnectingCallOptions, connectingCalls } from './connecting-calls.ts'
import { type RequestCallOptions, requestCalls } from './request-calls.ts'
import {
  chooseTypes,
  forwarded,
  type PageCalls,
  type SessionCallOptions,
  sessionCalls,
} from './session-calls.ts'

const ATTACH: CommandId = 'realtimeInspector.attach'
/** The command asks for the target, and shows what fails. */
const START_PROXY: CommandId = 'realtimeInspector.startProxy'

export interface LiveCallOptions extends SessionCallOptions, ConnectingCallOptions, RequestCallOptions {
  readonly session: LiveSession
  readonly demo: Demo
  readonly shelf: ComposerShelf
  readonly offers: UnsavedOffers
}

export function liveContext({ shelf, filters, walkthrough }: LiveCallOptions): PanelContext {
  return {
    ...(vscode.env.remoteName !== undefined && isWithWorkspace() && { openedFrom: vscode.env.remoteName }),
    hasWalkthrough: walkthrough !== undefined,
    trusted: vscode.workspace.isTrusted,
    shelf: shelf.read(),
    savedFilters: filters.all(),
  }
}

/** In a remote window, the extension may run on the machine of the user all the same. */
function isWithWorkspace(): boolean {
  return vscode.extensions.getExtension(EXTENSION_ID)?.extensionKind === vscode.ExtensionKind.Workspace
}

export function liveCalls(options: LiveCallOptions): PageCalls {
  const { session, storage, demo, shelf, connector, offers } = options
  const calls = sessionCalls(options)
  const withVariables = (message: ComposedMessage) => ({ ...message, variables: shelf.read().variables })
  return {
    ...calls,
    ...forwarded(session, ['disconnect', 'reconnect', 'sendForm', 'stopSending', 'clear', 'settleCleared']),
    ...forwarded(session, ['removeConnection', 'restoreRemoved', 'graphqlSchema']),
    ...forwarded(session, ['addRule', 'removeRule', 'switchRule', 'stopKeepAlive']),
    ...forwarded(session, ['cut', 'releaseHeld']),
    ...connectingCalls(options),
    ...requestCalls(options),
    send: ({ id, message }) => session.call('send', { id, message: withVariables(message) }),
    repeat: ({ id, message, plan }) => session.call('repeat', { id, message: withVariables(message), plan }),
    keepAlive: ({ id, message, interval }) =>
      session.call('keepAlive', { id, message: withVariables(message), interval }),
    sendInOrder: ({ id, messages, pace }) =>
      session.call('sendInOrder', { id, messages: messages.map(withVariables), pace }),
    setDecoder: async (params) => {
      await calls.setDecoder(params)
      await session.remembered.decodedBy(params.connection, params.decoder)
    },
    chooseMessageTypes: async ({ connection }) => {
      const choose = async () => {
        await chooseTypes(options, connection)
        await session.remembered.decodedBy(connection, PROTOBUF)
      }
      await unlessCancelled(choose(), undefined)
    },
    shelve: (change) => shelf.change(change),
    startDemo: async ({ transport }) => {
      await demo.start(transport ?? undefined)
    },
    setFaults: async (params) => {
      await session.call('setFaults', params)
      // The page adds the next fault to those that the status has.
      await session.refresh()
    },
    startProxy: async () => {
      await vscode.commands.executeCommand(START_PROXY)
    },
    feedRate: ({ every }) => demo.feedRate(every),
    openFeed: async () => {
      await demo.openFeed()
    },
    sendFile: async ({ id }) => {
      const files = await vscode.window.showOpenDialog({
        title: vscode.l10n.t('Send a file'),
        openLabel: vscode.l10n.t('Send'),
      })
      const uri = files?.[0]
      if (uri === undefined) return { sent: false }
      await readThrough(storage, uri, (file) => session.call('send', { id, message: { file } }, 0))
      return { sent: true }
    },
    chooseUnsaved: ({ id, choice }) => unlessCancelled(offers.choose(id, choice), undefined),
    reopen: async ({ dismiss }) => {
      if (dismiss) await session.remembered.settleReopenable()
      else await unlessCancelled(connector.reopen(), undefined)
    },
    attachToProgram: async () => {
      await vscode.commands.executeCommand(ATTACH)
    },
    reload,
  }
}

function reload(): never {
  throw new Failure('NOT_A_RECORDING', vscode.l10n.t('Live traffic has no file to reload.'))
}
