/** What a command consists of, and how it is added to the program. To add a command, list it in program.ts. */
import { type Command, InvalidArgumentError, type Option } from 'commander'
import { Failure, problemOf } from '../shared/failure.ts'
import { EXIT } from './exit.ts'

/** Wrong usage that is found after the command line was parsed: an unreadable file, options that contradict each other. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Throws a `UsageError` with the sentence of the `Failure` that `check` throws. */
export function requireValid(check: () => unknown): void {
  const problem = problemOf(check)
  if (problem !== undefined) throw new UsageError(problem)
}

export interface CommandLine {
  readonly name: string
  readonly description: string
  /** Its arguments in order, each with a name and a description. `[NAME]` may be left out, `[NAME…]` also given several times. */
  readonly operands: readonly (readonly [name: string, what: string])[]
  readonly options: readonly Option[]
  /** Printed below its help. */
  readonly examples: string
  /**
   * Takes the operands, then the options, and resolves with the exit code. Throws a `UsageError` for wrong usage;
   * anything else that it throws is a failure.
   */
  run(...operandsAndOptions: never[]): Promise<number>
}

/** Adds the command to the program and returns it. `exit` receives its exit code, which is 2 after a `UsageError`. */
export function addCommand(
  program: Command,
  { name, description, operands, options, examples, run }: CommandLine,
  exit: (code: number) => void,
): Command {
  const command = program.command(name).description(description)
  for (const [operand, what] of operands) command.argument(argumentFor(operand), what)
  for (const option of options) command.addOption(withoutEcho(option, command))
  command.addHelpText('after', examples)
  command.usage(`[options] ${operands.map(([operand]) => operand).join(' ')}`)
  return command.action(async (...given) => {
    try {
      exit(await run(...(given as never[])))
    } catch (thrown) {
      if (thrown instanceof UsageError) command.error(`error: ${thrown.message}`, { exitCode: EXIT.usage })
      throw thrown
    }
  })
}

/** The operand as commander writes it. */
function argumentFor(operand: string): string {
  return operand.startsWith('[') ? operand.replace('…', '...') : `<${operand}>`
}

/** Refuses a bad value without quoting it: it may be a secret, and the user sees it one line above. */
function withoutEcho(option: Option, command: Command): Option {
  const read = option.parseArg
  if (read === undefined) return option
  return option.argParser((value: string, before: unknown) => {
    try {
      return read(value, before)
    } catch (thrown) {
      if (thrown instanceof InvalidArgumentError || thrown instanceof Failure)
        command.error(`error: option '${option.flags}' is not valid. ${thrown.message}`, {
          exitCode: EXIT.usage,
        })
      throw thrown
    }
  })
}
