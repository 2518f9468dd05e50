/** Wrong usage that shows only after the command line was parsed: a file that cannot be read, options at odds. */
import type { Command } from 'commander'
import { EXIT } from './exit.ts'

export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The action, but where it throws a `UsageError` the command ends with its sentence, its usage line and exit code 2. */
export function withUsage<A extends unknown[]>(
  command: Command,
  action: (...args: A) => Promise<void>,
): (...args: A) => Promise<void> {
  return async (...args) => {
    try {
      await action(...args)
    } catch (thrown) {
      if (thrown instanceof UsageError) command.error(`error: ${thrown.message}`, { exitCode: EXIT.usage })
      throw thrown
    }
  }
}
