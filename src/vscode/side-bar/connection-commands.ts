/** The commands of connections that the side bar adds. Without an argument they ask for the connection. */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { COLORS, MAX_CONNECTION_NAME } from '../../shared/connection-labels.ts'
import type { EventPlace } from '../../shared/expectation.ts'
import { Failure } from '../../shared/failure.ts'
import type { ShowHow } from '../../shared/protocol/notifications.ts'
import { FORM_NAMES } from '../../shared/protocol/payloads.ts'
import { type ConnectionStatus, isOwn } from '../../shared/status.ts'
import type { Connector } from '../connect/connect.ts'
import type { ShownConnection } from '../panel/shown-connection.ts'
import { askToCopySecrets } from '../payload/copy-session.ts'
import { chooseConnection } from '../session/choose-connection.ts'
import { isLive, type LiveSession } from '../session/live-session.ts'
import { askText, pickOne } from '../ui/asking.ts'
import { parseId, readOptions } from '../ui/command-arguments.ts'
import { commandShell } from '../ui/shells.ts'
import { colorId } from './connection-look.ts'
import type { UnreadErrors } from './unread-errors.ts'

export interface ConnectionCommandOptions {
  readonly session: LiveSession
  readonly connector: Connector
  readonly shown: ShownConnection
  readonly unread: UnreadErrors
  /** `preserveFocus` leaves the focus where it is. */
  readonly showPanel: (preserveFocus?: boolean) => void
}

/** The place of an event, as the second argument. */
const EVENT = v.object({ time: v.number(), nth: v.optional(v.number()) })

/** The names of the colors, in the order of their numbers. */
const COLOR_NAMES = [
  vscode.l10n.t('Blue'),
  vscode.l10n.t('Purple'),
  vscode.l10n.t('Teal'),
  vscode.l10n.t('Pink'),
  vscode.l10n.t('Gray'),
]

export function connectionCommands(options: ConnectionCommandOptions) {
  const { session, connector, shown, unread, showPanel } = options
  const { labels } = session
  const idOf = async (
    argument: unknown,
    title: string,
    isMeant: (status: ConnectionStatus) => boolean = () => true,
  ): Promise<number> => {
    const none = vscode.l10n.t('There is no such connection. Connect first.')
    return (
      parseId(argument) ?? (await chooseConnection(labels, session.connections.filter(isMeant), title, none))
    )
  }
  const show = async (argument: unknown, title: string, how: ShowHow, event?: EventPlace) => {
    const id = await idOf(argument, title, how === 'edit' ? isOwn : undefined)
    shown.show(id, how, event)
    unread.see(id)
    showPanel(how === 'reveal')
  }
  return {
    'realtimeInspector.showConnection': (argument: unknown, event: unknown) =>
      show(
        argument,
        vscode.l10n.t('Show Only This Connection'),
        'only',
        readOptions(event, EVENT, vscode.l10n.t('Name an event by its time, a number of milliseconds.')),
      ),
    'realtimeInspector.showAllConnections': () => {
      shown.show(null)
      showPanel()
    },
    'realtimeInspector.revealConnection': (argument: unknown) =>
      show(argument, vscode.l10n.t('Show Connection in Panel'), 'reveal'),
    'realtimeInspector.editConnection': (argument: unknown) =>
      show(argument, vscode.l10n.t('Edit Connection'), 'edit'),
    'realtimeInspector.duplicateConnection': async (argument: unknown) => {
      const id = await idOf(argument, vscode.l10n.t('Duplicate Connection'), isOwn)
      return await connector.openAs(id, { transport: null, insecure: false })
    },
    'realtimeInspector.renameConnection': async (argument: unknown, name: unknown) => {
      const title = vscode.l10n.t('Rename Connection')
      const id = await idOf(argument, title)
      labels.rename(id, typeof name === 'string' ? name : await askName(title, labels.nameOf(id)))
    },
    'realtimeInspector.colorConnection': async (argument: unknown, color: unknown) => {
      const title = vscode.l10n.t('Color of the Connection')
      const id = await idOf(argument, title)
      labels.paint(id, isColor(color) ? color : await askColor(title, labels.colorOf(id)))
    },
    'realtimeInspector.copyConnectionUrl': async (argument: unknown) => {
      const id = await idOf(argument, vscode.l10n.t('Copy URL'))
      await vscode.env.clipboard.writeText(statusOf(session, id).url)
    },
    'realtimeInspector.copyConnectionCommand': async (argument: unknown) => {
      const connection = await idOf(argument, vscode.l10n.t('Copy as Command'))
      const shell = commandShell(vscode.env.shell)
      const masked = await session.call('connectionCommand', { connection, shell, reveal: false })
      const reveal = await askToCopySecrets(masked.masked)
      if (reveal === undefined) return
      const { text } = reveal
        ? await session.call('connectionCommand', { connection, shell, reveal })
        : masked
      await vscode.env.clipboard.writeText(text)
      vscode.window.setStatusBarMessage(vscode.l10n.t('Copied as {0}', FORM_NAMES[masked.tool]), 3000)
    },
    'realtimeInspector.removeConnection': async (argument: unknown) => {
      const id = await idOf(argument, vscode.l10n.t('Remove Connection'), (status) => !isLive(status))
      if (isLive(statusOf(session, id))) await session.call('disconnect', { id })
      await session.call('removeConnection', { id })
      await session.refresh()
    },
    'realtimeInspector.markErrorsSeen': () => unread.see(),
  }
}

/** Throws `NO_CONNECTION`. */
function statusOf(session: LiveSession, id: number): ConnectionStatus {
  const status = session.connections.find((each) => each.id === id)
  if (status === undefined)
    throw new Failure('NO_CONNECTION', vscode.l10n.t('That connection is no longer part of the session.'))
  return status
}

async function askName(title: string, value: string): Promise<string> {
  return await askText({
    title,
    value,
    prompt: vscode.l10n.t('Leave empty to restore the original name.'),
    validateInput: (text) =>
      text.trim().length > MAX_CONNECTION_NAME
        ? vscode.l10n.t('Enter at most {0} characters.', MAX_CONNECTION_NAME)
        : undefined,
  })
}

async function askColor(title: string, now: number): Promise<number> {
  const items = COLOR_NAMES.map((label, at) => ({
    label,
    color: at + 1,
    iconPath: new vscode.ThemeIcon('circle-filled', new vscode.ThemeColor(colorId(at + 1))),
    ...(at + 1 === now && { description: vscode.l10n.t('now') }),
  }))
  return (await pickOne(items, title)).color
}

function isColor(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= COLORS
}
