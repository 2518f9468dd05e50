/** `report`: its options and its help. */
import { Option } from 'commander'
import { openRecording } from '../../session/open-recording.ts'
import { reportRecording } from '../../session/report-recording.ts'
import type { CommandLine } from '../command-line.ts'
import { colorOptions } from '../common-options.ts'
import { EXIT } from '../exit.ts'
import { printLines } from '../line-stream.ts'
import { chooseColors } from '../pretty/terminal-text.ts'
import { printProblems } from '../recordings.ts'
import { formatReport } from './format-report.ts'

const EXAMPLES = `
Sizes on the wire cover the messages for which they were measured; the report
says for how many they were not. Gaps are times between messages of the same
direction, without outages.

Examples:
  What is in this recording?
    $ realtime-inspector report traffic.rtsession
  The 99th percentile of the gaps between messages, for a script:
    $ realtime-inspector report traffic.rtsession --format json \\
        | jq '.connections[0].in.gaps.p99'`

interface ReportArguments {
  readonly format: 'text' | 'json'
  readonly color?: boolean
}

/** `report FILE` */
export const report: CommandLine = {
  name: 'report',
  description: 'summarize a recorded session: counts, bytes, rates, gaps, reconnects',
  operands: [['FILE', 'session file (or HAR)']],
  options: [
    new Option('--format <name>', 'how to print the report').choices(['text', 'json']).default('text'),
    ...colorOptions('text'),
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
    printProblems(recording, path)
    return EXIT.done
  },
}
