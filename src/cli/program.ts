/** Parses the command line, runs one command, and returns its exit code. */
import { Command, CommanderError } from 'commander'
import { VERSION } from '../session/generator.ts'
import { addCommand, type CommandLine } from './command-line.ts'
import { EXIT } from './exit.ts'
import { printFailure, printNotice } from './standard-error.ts'

/** Every command, in the order of the help. Each is loaded if it is needed, because loading takes longer than the rest. */
const COMMANDS: ReadonlyMap<string, () => Promise<CommandLine>> = new Map([
  ['connect', async () => (await import('./connect/connect-command.ts')).connect],
  ['attach', async () => (await import('./attach/attach-command.ts')).attach],
  ['run', async () => (await import('./run/run-command.ts')).runFile],
  ['replay', async () => (await import('./replay/replay-command.ts')).replay],
  ['serve', async () => (await import('./serve/serve-command.ts')).serve],
  ['compare', async () => (await import('./compare/compare-command.ts')).compare],
  ['convert', async () => (await import('./convert/convert-command.ts')).convert],
  ['report', async () => (await import('./report/report-command.ts')).report],
  ['diagnose', async () => (await import('./diagnose/diagnose-command.ts')).diagnose],
  ['techniques', async () => (await import('./techniques/techniques-command.ts')).techniques],
  ['proxy', async () => (await import('./proxy/proxy-command.ts')).proxy],
  ['mcp', async () => (await import('./mcp/mcp-command.ts')).mcp],
  ['authority', async () => (await import('./authority/authority-command.ts')).authority],
  ['completion', async () => (await import('./completion/completion-command.ts')).completionOf(allCommands)],
])

const VERSION_FLAGS = ['-V', '--version']

/** Loads every command, in the order of the help. */
export function allCommands(): Promise<readonly CommandLine[]> {
  return Promise.all([...COMMANDS.values()].map((load) => load()))
}

/** Runs the command in `args`, which do not include the program's own name. Resolves with the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  let code: number = EXIT.done
  const program = new Command('realtime-inspector')
    .description('Shows every event of WebSocket, Server-Sent Events, long-poll and HTTP stream connections.')
    .version(VERSION, VERSION_FLAGS.join(', '), 'print the version')
    .helpOption('-h, --help', 'print this help')
    .configureHelp({ helpWidth: helpWidth() })
    .usage('[options] COMMAND')
    .addHelpText('after', '\nEach command has its own help: realtime-inspector connect --help')
    .configureOutput({ outputError: printUsageError })
    .exitOverride()
  program.showHelpAfterError(usageLine(program))
  for (const command of await commandsFor(args)) {
    const added = addCommand(program, command, (result) => {
      code = result
    })
    added.showHelpAfterError(usageLine(added))
  }
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (thrown) {
    return failed(thrown)
  }
}

/** The command that the arguments begin with, or all, for help and for suggestions; none for the version. */
export function commandsFor([name = '']: readonly string[]): Promise<readonly CommandLine[]> {
  if (VERSION_FLAGS.includes(name)) return Promise.resolve([])
  const named = COMMANDS.get(name)
  return named === undefined ? allCommands() : Promise.all([named()])
}

/** Prints an error from commander, and its suggestion on a line of its own. */
function printUsageError(message: string): void {
  const suggestion = message.lastIndexOf('\n(Did you mean ')
  printNotice(withoutValue(suggestion < 0 ? message : message.slice(0, suggestion)))
  if (suggestion >= 0) printNotice(message.slice(suggestion))
}

/** Quotes an unknown option without its value, which may be a secret. */
function withoutValue(sentence: string): string {
  const start = "error: unknown option '"
  if (!sentence.startsWith(start)) return sentence
  const option = sentence.slice(start.length, sentence.lastIndexOf("'"))
  const name = option.startsWith('--') ? option.split('=', 1)[0] : option.slice(0, 2)
  return `${start}${name}'`
}

/** The terminal's width, within readable limits. */
function helpWidth(): number {
  return Math.min(Math.max(process.stdout.columns ?? 80, 60), 110)
}

function usageLine(command: Command): string {
  const names = []
  for (let at: Command | null = command; at !== null; at = at.parent) names.unshift(at.name())
  return `Usage: ${names.join(' ')} ${command.usage()}`
}

/** Prints why it failed, unless commander has printed that already. Returns the exit code. */
function failed(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.usage
  printFailure(thrown)
  return EXIT.failed
}
