/** Writes the manual page of the terminal program, from the tables of its help (see man(7) for the macros). */
import type { CommandLine } from '../src/cli/command-line.ts'
import { EXIT } from '../src/cli/exit.ts'

const ENDED = [EXIT.hungUp, EXIT.interrupted, EXIT.terminated]

/** Text in a paragraph: a hyphen of an option is a minus, and no line begins with a control character. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('…', '...')
    .replaceAll(/^(?=[.'])/gm, '\\&')
}

/** The page in section 1. */
export function manPage(commands: readonly CommandLine[], version: string): string {
  return `.TH REALTIME\\-INSPECTOR 1 "" "realtime\\-inspector ${version}" "User Commands"
.SH NAME
realtime\\-inspector \\- inspect WebSocket, Server\\-Sent Events, long\\-poll and HTTP stream connections
.SH SYNOPSIS
.B realtime\\-inspector
.I COMMAND
[\\fIoptions\\fR]
.SH DESCRIPTION
Opens connections, or records those of another program, and shows and saves each event with its time and its size.
Sessions are files that can be replayed, served, compared, converted and diagnosed.
.SH COMMANDS
${commands.map(section).join('\n')}
.SH EXIT STATUS
.TP
.B 0
Success.
.TP
.B 1
A connection, a file or a request failed, or sessions differ. A sentence on standard error says why.
.TP
.B 2
Wrong usage.
.TP
.B ${ENDED.join(', ')}
A signal ended it: SIGHUP, SIGINT or SIGTERM. The session file is complete.
`
}

function section({ name, description, operands, options, examples }: CommandLine): string {
  const usage = [name, ...operands.map(([operand]) => operand)].join(' ')
  const items = [
    ...operands.map(([operand, what]) => item(operand, what)),
    ...options
      .filter(({ hidden }) => !hidden)
      .map(({ flags, description, argChoices }) => {
        const choices = argChoices === undefined ? '' : ` (${argChoices.join(', ')})`
        return item(flags, `${description}${choices}`)
      }),
  ]
  return `.SS "${roff(usage)}"
${roff(description)}
${items.join('\n')}
.PP
.nf
${roff(examples.trim())}
.fi`
}

function item(term: string, what: string): string {
  return `.TP\n\\fB${roff(term)}\\fR\n${roff(what)}`
}
