/** The commands. With arguments they act and reject; without arguments they ask the user and show failures. */
import * as vscode from 'vscode'
import { parseSpec } from '../../request/parse-spec.ts'
import { MAX_NOTE } from '../../shared/protocol/filtering.ts'
import type { CommandView } from '../../shared/protocol/notifications.ts'
import { type ConnectionStatus, canEnd, isOwn } from '../../shared/status.ts'
import { explainEvent } from '../agents/explain.ts'
import { type AttachCommandOptions, attachCommands } from '../attach/attach-commands.ts'
import type { Connector } from '../connect/connect.ts'
import type { Demo } from '../connect/demo.ts'
import type { CommandId } from '../contributions.ts'
import { moveCommands } from '../language-features/requests/move-to-secret.ts'
import { PAGE_COMMANDS } from '../panel/active-page.ts'
import type { PayloadActions } from '../payload/actions.ts'
import { copySessionCommands } from '../payload/copy-session.ts'
import { payloadCommands } from '../payload/payload-commands.ts'
import { type Presets, presetCommands } from '../presets/presets.ts'
import { type ProxyCommandOptions, proxyCommands } from '../proxy/proxy-commands.ts'
import type { RecordingEditor } from '../recording/editor.ts'
import { createExample } from '../requests/example.ts'
import { type RequestCommandOptions, requestCommands } from '../requests/request-commands.ts'
import { type TerminalOptions, terminalCommands } from '../requests/run-in-terminal.ts'
import { type ResendOptions, resendCommands } from '../resend/resend-command.ts'
import { exportCommands } from '../saving/export-session.ts'
import type { UnsavedOffers } from '../saving/offer-unsaved.ts'
import { askAndSave, save } from '../saving/save-session.ts'
import { serveCommands } from '../serving/serve-commands.ts'
import type { Servers } from '../serving/servers.ts'
import { chooseConnection } from '../session/choose-connection.ts'
import { isLive } from '../session/live-session.ts'
import { manageCookies } from '../session/manage-cookies.ts'
import { type SideBarCommandOptions, sideBarCommands } from '../side-bar/side-bar.ts'
import type { MenuEntry } from '../side-bar/tree-row.ts'
import { askText } from '../ui/asking.ts'
import { asUri, parseId } from '../ui/command-arguments.ts'
import { type ReportOptions, reportIssue } from './report-issue.ts'

export interface CommandOptions
  extends AttachCommandOptions,
    ResendOptions,
    RequestCommandOptions,
    SideBarCommandOptions,
    ProxyCommandOptions,
    ReportOptions,
    TerminalOptions {
  readonly connector: Connector
  readonly payloads: PayloadActions
  readonly demo: Demo
  readonly editor: RecordingEditor
  readonly servers: Servers
  readonly offers: UnsavedOffers
  readonly presets: () => Promise<Presets>
  /** Shows the live panel with one of its views. */
  readonly showLiveView: (view: CommandView, preserveFocus?: boolean) => void
  readonly log: vscode.LogOutputChannel
  /** The menu of rows in the side bar, as package.json has it. */
  readonly rowMenu: readonly MenuEntry[]
}

export type Command = (...args: readonly unknown[]) => unknown

export function commands(options: CommandOptions): Readonly<Record<CommandId, Command>> {
  const { session, connector, recordings, editor, demo, log, showPanel } = options
  /** The options for the session in the active editor, or for the live session. */
  const current = () => ({ ...options, session: recordings.active ?? session })
  const choose = (candidates: readonly ConnectionStatus[], title: string, none: string) =>
    chooseConnection(session.labels, candidates, title, none)
  const isOpen = vscode.l10n.t('No connection is open. Connect first.')
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
        (await choose(session.connections.filter(canEnd), vscode.l10n.t('Disconnect'), isOpen))
      await session.call('disconnect', { id })
      await session.refresh()
    },
    'realtimeInspector.cutConnection': async (argument) => {
      const isCuttable = (status: ConnectionStatus) => isLive(status) && status.source === 'proxy'
      const none = vscode.l10n.t('No connection goes through a recording proxy.')
      const id =
        parseId(argument) ??
        (await choose(session.connections.filter(isCuttable), vscode.l10n.t('Cut Connection'), none))
      await session.call('cut', { connection: id })
      await session.refresh()
    },
    'realtimeInspector.disconnectAll': async () => {
      const live = session.connections.filter(canEnd)
      await Promise.all(live.map(({ id }) => session.call('disconnect', { id })))
      await session.refresh()
    },
    'realtimeInspector.reconnect': async (argument) => {
      const none = vscode.l10n.t('There is no connection to reconnect. Connect first.')
      const own = session.connections.filter(isOwn)
      const id = parseId(argument) ?? (await choose(own, vscode.l10n.t('Reconnect'), none))
      await session.call('reconnect', { id })
      await session.refresh()
    },
    'realtimeInspector.send': async (argument, text) => {
      const sendable = session.connections.filter(({ canSend, state }) => canSend && state === 'open')
      const none = vscode.l10n.t('No open WebSocket. Connect to one first.')
      const id = parseId(argument) ?? (await choose(sendable, vscode.l10n.t('Send Message'), none))
      const box = { title: vscode.l10n.t('Send Message'), prompt: vscode.l10n.t('The text to send') }
      const message = typeof text === 'string' ? text : await askText(box)
      await session.call('send', { id, message: { format: 'text', text: message } })
    },
    'realtimeInspector.mark': async (note) => {
      // The mark has the time of the command, not of the end of typing.
      const { at } = await session.call('status', null)
      const box = {
        title: vscode.l10n.t('Mark This Moment'),
        prompt: vscode.l10n.t('A note for the list and the timeline. It can be empty.'),
      }
      const text = typeof note === 'string' ? note : await askText(box)
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
    'realtimeInspector.diagnose': async (argument) => {
      const uri = asUri(argument) ?? recordings.active?.uri
      if (uri === undefined && session.connections.length > 0) options.showLiveView('findings')
      else await editor.showView('findings', uri)
    },
    'realtimeInspector.showLog': () => log.show(),
    'realtimeInspector.reportIssue': () => reportIssue(options),
    'realtimeInspector.manageCookies': () => manageCookies(session, options.notifier),
    'realtimeInspector.reopen': () => connector.reopen(),
    ...PAGE_COMMANDS,
    ...exportCommands(current),
    ...copySessionCommands(options),
    ...serveCommands(options),
    ...proxyCommands(options),
    ...sideBarCommands(options),
    ...resendCommands(options),
    ...requestCommands(options),
    ...presetCommands(options),
    ...terminalCommands(options),
    'realtimeInspector.createExample': () => createExample(options),
    ...moveCommands(options),
    'realtimeInspector.compareSessions': (a, b) => options.comparisons.compare(a, b),
    'realtimeInspector.recoverSession': () => options.offers.offerAll(),
    'realtimeInspector.explainEvent': (event) =>
      explainEvent(recordings.active ?? session, (editor.payloads ?? options.payloads).subject(event)),
    ...payloadCommands(() => editor.payloads ?? options.payloads),
    'realtimeInspector.startDemo': async (connections) => {
      const ids = await demo.start(undefined, connections)
      showPanel(true)
      return ids
    },
    'realtimeInspector.startTechniquesDemo': async () => {
      const ids = await demo.openFeed()
      options.showLiveView('techniques', true)
      return ids
    },
    'realtimeInspector.compareTechniques': async (argument) => {
      const uri = asUri(argument) ?? recordings.active?.uri
      if (uri === undefined) options.showLiveView('techniques')
      else await editor.showView('techniques', uri)
    },
    'realtimeInspector.stopDemo': () => demo.stop(),
    ...attachCommands(options),
  }
}
