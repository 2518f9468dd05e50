/** The command line of `report`: its options and its help. */
import { Option } from 'commander'
import { openRecording } from '../../session/convert/open.ts'
import { reportRecording } from '../../session/report/report.ts'
import type { CommandLine } from '../command-line.ts'
import { EXIT } from '../exit.ts'
import { printLines } from '../line-stream.ts'
import { chooseColors } from '../pretty/terminal-text.ts'
import { warnOf } from '../problems.ts'
import { formatReport } from './format-report.ts'

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

/** `report FILE` */
export const report: CommandLine = {
  name: 'report',
  description: 'summarise a recorded session: counts, bytes, rates, gaps, reconnects',
  operands: [['FILE', 'session file (or HAR)']],
  options: [
    new Option('--format <name>', 'how to print it').choices(['text', 'json']).default('text'),
    new Option('--color', 'colour the text even where it goes to no terminal'),
    new Option('--no-color', 'do not colour it (so does the environment variable NO_COLOR)'),
  ],
  examples: EXAMPLES,
  async run(path: string, { format, color }: ReportArguments) {
    const recording = await openRecording(path)
    const report = await reportRecording(recording)
    const lines =
      format === 'json'
        ? [JSON.stringify(report, null, 2)]
        : formatReport(report, chooseColors(color), process.stdout.columns ?? 100)
    await printLines(lines)
    warnOf(path, recording)
    return EXIT.done
  },
}
