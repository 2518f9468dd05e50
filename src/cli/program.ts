/** Parses the command line, runs one command, and returns its exit code. */
import { Command, CommanderError } from 'commander'
import { VERSION } from '../session/generator.ts'
import { attach } from './attach/attach-command.ts'
import { authority } from './authority/authority-command.ts'
import { addCommand, type CommandLine } from './command-line.ts'
import { compare } from './compare/compare-command.ts'
import { connect } from './connect/connect-command.ts'
import { convert } from './convert/convert-command.ts'
import { diagnose } from './diagnose/diagnose-command.ts'
import { EXIT } from './exit.ts'
import { proxy } from './proxy/proxy-command.ts'
import { replay } from './replay/replay-command.ts'
import { report } from './report/report-command.ts'
import { runFile } from './run/run-command.ts'
import { serve } from './serve/serve-command.ts'
import { printFailure, printNotice } from './standard-error.ts'
import { techniques } from './techniques/techniques-command.ts'

/** Every command, in the order of the help. */
const COMMANDS: readonly CommandLine[] = [
  connect,
  attach,
  runFile,
  replay,
  serve,
  compare,
  convert,
  report,
  diagnose,
  techniques,
  proxy,
  authority,
]

/** Runs the command in `args`, which do not include the program's own name. Resolves with the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  let code: number = EXIT.done
  const program = new Command('realtime-inspector')
    .description('Shows every event of WebSocket, Server-Sent Events, long-poll and HTTP stream connections.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .configureHelp({ helpWidth: helpWidth() })
    .usage('[options] COMMAND')
    .addHelpText('after', '\nEach command has its own help: realtime-inspector connect --help')
    .configureOutput({ outputError: printUsageError })
    .exitOverride()
  program.showHelpAfterError(usageLine(program))
  for (const command of COMMANDS) {
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
