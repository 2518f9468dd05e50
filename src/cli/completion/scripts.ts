/** Writes the scripts by which shells complete the command line, from the tables of the commands. */
import type { Option } from 'commander'
import type { CommandLine } from '../command-line.ts'

const PROGRAM = 'realtime-inspector'
/** The option that every command has. */
const HELP = { names: ['-h', '--help'], what: 'print its help', takesValue: false, choices: [] } as const

interface CompletedOption {
  /** `-H` and `--header`, or one of them. */
  readonly names: readonly string[]
  readonly what: string
  readonly takesValue: boolean
  /** Empty if any value is allowed. */
  readonly choices: readonly string[]
}

/** The shells, each with what writes its script. */
const WRITERS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

export type Shell = keyof typeof WRITERS
export const SHELLS = Object.keys(WRITERS) as Shell[]

/** The script to source, or to install where the shell looks for it. */
export function completionScript(shell: Shell, commands: readonly CommandLine[]): string {
  return WRITERS[shell](commands)
}

function optionsOf({ options }: CommandLine): CompletedOption[] {
  return [...options.filter(({ hidden }) => !hidden).map(completed), HELP]
}

function completed({ short, long, description, required, optional, argChoices }: Option): CompletedOption {
  const names = [short, long].filter((name) => name !== undefined)
  return { names, what: clause(description), takesValue: required || optional, choices: argChoices ?? [] }
}

/** The first clause of a description: a list of completions has a line for each. */
function clause(description: string): string {
  return description.split(/[;:,(]|\. /, 1)[0]?.trim() ?? ''
}

function bashScript(commands: readonly CommandLine[]): string {
  const cases = commands.flatMap((command) =>
    optionsOf(command).flatMap(({ names, takesValue, choices }) =>
      takesValue ? names.map((name) => `    '${command.name} ${name}') words='${choices.join(' ')}' ;;`) : [],
    ),
  )
  const options = commands.map((command) => {
    const names = optionsOf(command).flatMap((option) => option.names)
    return `    '${command.name} '*) [[ $current == -* ]] && words='${names.join(' ')}' ;;`
  })
  // If it offers nothing, `-o default` completes file names.
  return `# Completes the command line of ${PROGRAM} in bash.
_realtime_inspector() {
  local current=\${COMP_WORDS[COMP_CWORD]} words=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${commands.map(({ name }) => name).join(' ')} --help --version'
  else case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD - 1]}" in
${[...cases, ...options].join('\n')}
  esac fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o bashdefault -o default -F _realtime_inspector ${PROGRAM}
`
}

function zshScript(commands: readonly CommandLine[]): string {
  const names = commands.map(
    ({ name, description }) => `    '${name}:${zshText(clause(description)).replaceAll(':', '\\:')}'`,
  )
  const cases = commands.map((command) => {
    const specs = optionsOf(command).flatMap((option) =>
      option.names.map((name) => `      '*${name}[${zshText(option.what)}]${zshValue(option)}'`),
    )
    return `    ${command.name}) _arguments -S \\\n${[...specs, "      '*:file:_files'"].join(' \\\n')} ;;`
  })
  return `#compdef ${PROGRAM}
# Completes the command line of ${PROGRAM} in zsh.
_realtime_inspector() {
  local -a commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = _${PROGRAM} ]; then _realtime_inspector "$@"; else compdef _realtime_inspector ${PROGRAM}; fi
`
}

function zshValue({ takesValue, choices }: CompletedOption): string {
  if (!takesValue) return ''
  return choices.length > 0 ? `:value:(${choices.join(' ')})` : ':value:_files'
}

/** In single quotes, and in the brackets of `_arguments`. */
function zshText(text: string): string {
  return text.replaceAll(/[[\]\\]/g, '\\$&').replaceAll("'", "'\\''")
}

function fishScript(commands: readonly CommandLine[]): string {
  const offered = commands.map(
    ({ name, description }) =>
      `complete -c ${PROGRAM} -n __fish_use_subcommand -f -a ${name} -d ${fishText(clause(description))}`,
  )
  const options = commands.flatMap((command) =>
    optionsOf(command).map(({ names, what, takesValue, choices }) => {
      const flags = names.map((name) =>
        name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
      )
      const values = choices.length > 0 ? ` -x -a ${fishText(choices.join(' '))}` : takesValue ? ' -r -F' : ''
      const where = `-n '__fish_seen_subcommand_from ${command.name}'`
      return `complete -c ${PROGRAM} ${where} ${flags.join(' ')}${values} -d ${fishText(what)}`
    }),
  )
  return `# Completes the command line of ${PROGRAM} in fish.\n${[...offered, ...options].join('\n')}\n`
}

function fishText(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`
}
