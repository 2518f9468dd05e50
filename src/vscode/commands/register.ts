/** Registers the commands. What they do is loaded with the first that runs: it is a tenth of the code of the extension. */
import * as vscode from 'vscode'
import { COMMANDS, type CommandId } from '../contributions.ts'
import { meantArguments, TreeRow } from '../side-bar/tree-row.ts'
import { isCancelled, type Notifier } from '../ui/notifier.ts'
import type { Command, CommandOptions } from './commands.ts'

/** Shows failures to the user. If the caller passed arguments, other than a row of the side bar, the command rejects instead. */
function guarded(command: Command, notifier: Notifier): Command {
  return async (...args) => {
    try {
      return await command(...args)
    } catch (error) {
      if (isCancelled(error)) return undefined
      if (args[0] !== undefined && !(args[0] instanceof TreeRow)) throw error
      notifier.failure(error)
      return undefined
    }
  }
}

/** Registers every command. */
export function registerCommands(options: CommandOptions): vscode.Disposable {
  let table: Promise<Readonly<Record<CommandId, Command>>> | undefined
  const load = async () => (await import('./commands.ts')).commands(options)
  return vscode.Disposable.from(
    ...COMMANDS.map((id) => {
      const run = guarded(async (...args) => {
        table ??= load()
        return (await table)[id](...args)
      }, options.notifier)
      return vscode.commands.registerCommand(id, (...args: readonly unknown[]) =>
        run(...meantArguments(id, args, options.rowMenu)),
      )
    }),
  )
}
