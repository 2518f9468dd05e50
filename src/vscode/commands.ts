/** The commands: with arguments they act and reject, without they ask and tell. */
import * as vscode from 'vscode'
import { parseSpec } from '../shared/parse-spec.ts'
import { chooseConnection, parseId } from './choose-connection.ts'
import type { Connector } from './connect/connect.ts'
import { COMMANDS, type CommandId } from './contributions.ts'
import { cancelled, isCancelled, type Notifier } from './notify.ts'
import { askAndSave, type SaveOptions, save } from './save-session.ts'
import { isLive } from './session.ts'

export interface CommandOptions extends SaveOptions {
  readonly connector: Connector
  readonly log: vscode.LogOutputChannel
  /** Takes whether the focus stays where it is. */
  readonly showPanel: (preserveFocus?: boolean) => void
}

type Command = (...args: readonly unknown[]) => unknown

function commands(options: CommandOptions): Record<CommandId, Command> {
  const { session, connector, log, showPanel } = options
  const isOpen = 'No connection is open; connect first.'
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
        (await chooseConnection(session.connections.filter(isLive), 'Disconnect', isOpen))
      await session.call('disconnect', { id })
      await session.refresh()
    },
    'realtimeInspector.reconnect': async (argument) => {
      const none = 'There is no connection to reconnect; connect first.'
      const id = parseId(argument) ?? (await chooseConnection(session.connections, 'Reconnect', none))
      await session.call('reconnect', { id })
      await session.refresh()
    },
    'realtimeInspector.send': async (argument, text) => {
      const sendable = session.connections.filter(({ canSend, state }) => canSend && state === 'open')
      const none = 'No connection that takes messages is open; connect to a WebSocket first.'
      const id = parseId(argument) ?? (await chooseConnection(sendable, 'Send Message', none))
      const message = typeof text === 'string' ? text : await askMessage()
      await session.call('send', { id, message: { format: 'text', text: message } })
    },
    'realtimeInspector.clear': async () => {
      if (session.running) await session.call('clear', null)
      await session.refresh()
    },
    'realtimeInspector.saveSession': (uri) =>
      uri instanceof vscode.Uri ? save(options, uri) : askAndSave(options),
    'realtimeInspector.showPanel': () => showPanel(),
    'realtimeInspector.showLog': () => log.show(),
    'realtimeInspector.reopen': () => connector.reopen(),
  }
}

async function askMessage(): Promise<string> {
  const text = await vscode.window.showInputBox({ title: 'Send Message', prompt: 'The text to send' })
  if (text === undefined) throw cancelled()
  return text
}

/** Tells the person who asked; a caller that passed arguments gets the rejection itself. */
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
  const ids = Object.keys(COMMANDS) as CommandId[]
  return vscode.Disposable.from(
    ...ids.map((id) => vscode.commands.registerCommand(id, guarded(table[id], options.notifier))),
  )
}
