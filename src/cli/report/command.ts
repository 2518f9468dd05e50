/** The command line of `report`: its options and its help. */
import { type Command, Option } from 'commander'
import { openRecording } from '../../session/convert/open.ts'
import { reportRecording } from '../../session/report/report.ts'
import { EXIT } from '../exit.ts'
import { chooseColors } from '../pretty/colors.ts'
import { print } from '../print.ts'
import { warnOf } from '../problems.ts'
import { formatReport } from './text.ts'

const EXAMPLES = `
Sizes on the wire are given where they were measured; for how many they were
not is said. Gaps are between messages of one direction, not over an outage.

Examples:
  What was in this recording?
    $ realtime-inspector report traffic.rtsession
  The slowest percent of the gaps between messages, for a script
    $ realtime-inspector report traffic.rtsession --format json \\
        | jq '.connections[0].in.gaps.p99'`

interface ReportArguments {
  readonly format: 'text' | 'json'
  readonly color?: boolean
}

/** Adds `report FILE`; `exit` gets its exit code. */
export function addReport(program: Command, exit: (code: number) => void): Command {
  const command = program
    .command('report')
    .description('summarise a recorded session: counts, bytes, rates, gaps, reconnects')
    .argument('<FILE>', 'session file (or HAR)')
    .addOption(new Option('--format <name>', 'how to print it').choices(['text', 'json']).default('text'))
    .addOption(new Option('--color', 'colour the text even where it goes to no terminal'))
    .addOption(new Option('--no-color', 'do not colour it (so does the environment variable NO_COLOR)'))
  command.addHelpText('after', EXAMPLES)
  command.usage('[options] FILE')
  return command.action(async (path: string, { format, color }: ReportArguments) => {
    const recording = await openRecording(path)
    const report = await reportRecording(recording)
    const lines =
      format === 'json'
        ? [JSON.stringify(report, null, 2)]
        : formatReport(report, chooseColors(color), process.stdout.columns ?? 100)
    await print(lines)
    warnOf(path, recording)
    exit(EXIT.done)
  })
}
