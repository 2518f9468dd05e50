/** `report`: its options and its help. */
import { Option } from 'commander'
import { REPORT_FORMATS } from '../../shared/protocol.ts'
import type { CommandLine } from '../command-line.ts'
import { colorOptions } from '../common-options.ts'
import type { ReportOptions } from './run-report.ts'

const EXAMPLES = `
Sizes on the wire cover the messages for which they were measured; the report
says for how many they were not. Gaps are times between messages of the same
direction, without outages.

A folder, or several files, print one table with a row for each recording. Of a
folder, files that end in .rtsession or .har are read, sorted by name, at most
1000. One that cannot be read is named on standard error, and the exit code is
then 1.

Examples:
  What is in this recording?
    $ realtime-inspector report traffic.rtsession
  The 99th percentile of the gaps between messages, for a script:
    $ realtime-inspector report traffic.rtsession --format json \\
        | jq '.connections[0].in.gaps.p99'
  One file with charts for a browser, and a table for a pull request:
    $ realtime-inspector report traffic.rtsession --format html > report.html
    $ realtime-inspector report traffic.rtsession --format markdown
  All recordings of a folder side by side:
    $ realtime-inspector report recordings`

/** `report FILE [FILE…]` */
export const report: CommandLine = {
  name: 'report',
  description: 'summarize a recorded session: counts, bytes, rates, gaps, reconnects',
  operands: [
    ['FILE', 'session file (or HAR), or a folder of them'],
    ['[FILE…]', 'more of them'],
  ],
  options: [
    new Option('--format <name>', 'how to print the report')
      .choices(['text', 'json', ...REPORT_FORMATS])
      .default('text'),
    ...colorOptions('text'),
  ],
  examples: EXAMPLES,
  async run(path: string, more: readonly string[], given: ReportOptions) {
    // Loaded late, because help and wrong usage do not need the decoders.
    const { isFolder, runOverview } = await import('./run-overview.ts')
    if (more.length > 0 || (await isFolder(path))) return await runOverview([path, ...more], given)
    const { runReport } = await import('./run-report.ts')
    return await runReport(path, given)
  },
}
