/** `completion`: its help, and what it prints. */
import { type CommandLine, UsageError } from '../command-line.ts'
import { EXIT } from '../exit.ts'
import { completionScript, SHELLS } from './scripts.ts'

const EXAMPLES = `
Examples:
  In ~/.bashrc:
    source <(realtime-inspector completion bash)
  In ~/.zshrc, below compinit:
    source <(realtime-inspector completion zsh)
  Once, for fish:
    realtime-inspector completion fish > ~/.config/fish/completions/realtime-inspector.fish`

/** `completion SHELL`. `commands` loads all commands of the program. */
export function completionOf(commands: () => Promise<readonly CommandLine[]>): CommandLine {
  return {
    name: 'completion',
    description: 'print a script by which a shell completes commands, options and their values',
    operands: [['SHELL', SHELLS.join(', ')]],
    options: [],
    examples: EXAMPLES,
    async run(name: string) {
      const shell = SHELLS.find((each) => each === name)
      if (shell === undefined)
        throw new UsageError(`There is no script for ${name}. The shells are ${SHELLS.join(', ')}.`)
      const { printLines } = await import('../line-stream.ts')
      await printLines([completionScript(shell, await commands()).trimEnd()])
      return EXIT.done
    },
  }
}
