/** The commands. With arguments they act and reject; without arguments they ask the user and show failures. */
import * as vscode from 'vscode'
import { parseSpec } from '../../request/parse-spec.ts'
import { MAX_NOTE } from '../../shared/protocol/filtering.ts'
import type { Comparisons } from '../compare/comparisons.ts'
import type { Connector } from '../connect/connect.ts'
import type { Demo } from '../connect/demo.ts'
import { COMMANDS, type CommandId } from '../contributions.ts'
import type { PayloadActions } from '../payload/actions.ts'
import { copySessionCommands } from '../payload/copy-session.ts'
import { payloadCommands } from '../payload/payload-commands.ts'
import type { RecordingEditor } from '../recording/editor.ts'
import { resendCommands } from '../resend/resend-command.ts'
import { exportCommands } from '../saving/export-session.ts'
import type { UnsavedOffers } from '../saving/offer-unsaved.ts'
import { askAndSave, type SaveOptions, save } from '../saving/save-session.ts'
import { serveCommands } from '../serving/serve-commands.ts'
import type { Servers } from '../serving/servers.ts'
import { chooseConnection } from '../session/choose-connection.ts'
import { isLive, type LiveSession } from '../session/live-session.ts'
import type { OpenRecordings } from '../session/open-recordings.ts'
import { asking } from '../ui/asking.ts'
import { asUri, parseId } from '../ui/command-arguments.ts'
import { cancelled, isCancelled, type Notifier } from '../ui/notifier.ts'

export interface CommandOptions extends SaveOptions {
  readonly session: LiveSession
  readonly connector: Connector
  readonly payloads: PayloadActions
  readonly demo: Demo
  readonly recordings: OpenRecordings
  readonly editor: RecordingEditor
  readonly servers: Servers
  readonly comparisons: Comparisons
  readonly offers: UnsavedOffers
  readonly log: vscode.LogOutputChannel
  /** `preserveFocus` leaves the focus where it is. */
  readonly showPanel: (preserveFocus?: boolean) => void
}

type Command = (...args: readonly unknown[]) => unknown

function commands(options: CommandOptions): Record<CommandId, Command> {
  const { session, connector, recordings, editor, demo, log, showPanel } = options
  /** The options for the session in the active editor, or for the live session. */
  const current = () => ({ ...options, session: recordings.active ?? session })
  const isOpen = vscode.l10n.t('No connection is open; connect first.')
  return {
    'realtimeInspector.connect': async (spec) => {
      if (spec === undefined) return await connector.ask()
      const id = await session.connect(parseSpec(spec))
      showPanel(true)
      return id
    },
    'realtimeInspector.disconnect': async (argument) => {
      const id =
        parseId(argument) ??
        (await chooseConnection(session.connections.filter(isLive), vscode.l10n.t('Disconnect'), isOpen))
      await session.call('disconnect', { id })
      await session.refresh()
    },
    'realtimeInspector.reconnect': async (argument) => {
      const none = vscode.l10n.t('There is no connection to reconnect; connect first.')
      const id =
        parseId(argument) ?? (await chooseConnection(session.connections, vscode.l10n.t('Reconnect'), none))
      await session.call('reconnect', { id })
      await session.refresh()
    },
    'realtimeInspector.send': async (argument, text) => {
      const sendable = session.connections.filter(({ canSend, state }) => canSend && state === 'open')
      const none = vscode.l10n.t('No open connection can send messages; connect to a WebSocket first.')
      const id = parseId(argument) ?? (await chooseConnection(sendable, vscode.l10n.t('Send Message'), none))
      const message = typeof text === 'string' ? text : await askMessage()
      await session.call('send', { id, message: { format: 'text', text: message } })
    },
    'realtimeInspector.mark': async (note) => {
      // The mark has the time of the command, not of the end of typing.
      const { at } = await session.call('status', null)
      const text = typeof note === 'string' ? note : await askNote()
      await session.call('mark', { text: text.slice(0, MAX_NOTE), ...(at === undefined ? {} : { time: at }) })
    },
    'realtimeInspector.clear': async () => {
      if (session.running) await session.call('clear', null)
      await session.refresh()
    },
    'realtimeInspector.saveSession': (uri) =>
      uri instanceof vscode.Uri ? save(options, uri) : askAndSave(current()),
    'realtimeInspector.openSession': (uri) => editor.show(asUri(uri)),
    'realtimeInspector.replaySession': (uri) => editor.replay(asUri(uri)),
    'realtimeInspector.showPanel': () => showPanel(),
    'realtimeInspector.showLog': () => log.show(),
    'realtimeInspector.reopen': () => connector.reopen(),
    ...exportCommands(current),
    ...copySessionCommands(options),
    ...serveCommands(options),
    ...resendCommands(options),
    'realtimeInspector.compareSessions': (a, b) => options.comparisons.compare(a, b),
    'realtimeInspector.recoverSession': () => options.offers.offerAll(),
    ...payloadCommands(() => editor.payloads ?? options.payloads),
    'realtimeInspector.startDemo': async () => {
      const ids = await demo.start()
      showPanel(true)
      return ids
    },
    'realtimeInspector.stopDemo': () => demo.stop(),
  }
}

async function askNote(): Promise<string> {
  const text = await asking(() =>
    vscode.window.showInputBox({
      title: vscode.l10n.t('Mark This Moment'),
      prompt: vscode.l10n.t('A note for the list and the timeline; can be empty'),
      ignoreFocusOut: true,
    }),
  )
  if (text === undefined) throw cancelled()
  return text
}

async function askMessage(): Promise<string> {
  const text = await asking(() =>
    vscode.window.showInputBox({
      title: vscode.l10n.t('Send Message'),
      prompt: vscode.l10n.t('The text to send'),
      ignoreFocusOut: true,
    }),
  )
  if (text === undefined) throw cancelled()
  return text
}

/** Shows failures to the user. If the caller passed arguments, the command rejects instead. */
function guarded(command: Command, notifier: Notifier): Command {
  return async (...args) => {
    try {
      return await command(...args)
    } catch (error) {
      if (isCancelled(error)) return undefined
      if (args.length > 0 && args[0] !== undefined) throw error
      notifier.failure(error).catch((next) => notifier.internal(next))
      return undefined
    }
  }
}

/** Registers every command. */
export function registerCommands(options: CommandOptions): vscode.Disposable {
  const table = commands(options)
  return vscode.Disposable.from(
    ...COMMANDS.map((id) => vscode.commands.registerCommand(id, guarded(table[id], options.notifier))),
  )
}
