/** What every command of the terminal is made of, and how it becomes part of the program. */
import { type Command, InvalidArgumentError, type Option } from 'commander'
import { Failure } from '../shared/failure.ts'
import { EXIT } from './exit.ts'

/** Wrong usage that shows only after the command line was parsed: a file that cannot be read, options at odds. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface CommandLine {
  readonly name: string
  readonly description: string
  /** What it takes, in order: the name, and what that is. */
  readonly operands: readonly (readonly [name: string, what: string])[]
  readonly options: readonly Option[]
  /** What stands below its help. */
  readonly examples: string
  /**
   * Takes the operands and the options; resolves to the exit code. Throws a `UsageError` where they cannot be meant,
   * whatever else it throws is a failure.
   */
  run(...operandsAndOptions: never[]): Promise<number>
}

/** Adds the command to the program and returns it; `exit` gets its exit code. After a `UsageError` that is 2. */
export function addCommand(
  program: Command,
  { name, description, operands, options, examples, run }: CommandLine,
  exit: (code: number) => void,
): Command {
  const command = program.command(name).description(description)
  for (const [operand, what] of operands) command.argument(`<${operand}>`, what)
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
