/** `convert`: its options and its help. */
import { OUTPUT_EXTENSIONS } from '../../shared/protocol/saving.ts'
import type { CommandLine } from '../command-line.ts'
import { maskingOptions } from '../common-options.ts'
import type { ConvertOptions } from './run-convert.ts'

const EXAMPLES = `
The extension of a file says what it is. IN is a session file or a HAR. OUT is
a session file, a HAR, CSV or NDJSON (one message on each line). An existing
file is replaced once the new one is complete. Secrets are written as ***,
except those named with --reveal. Payloads are written unchanged, except for the
fields named with --mask.

Examples:
  For the network panel of a browser:
    $ realtime-inspector convert traffic.rtsession traffic.har
  A recording from a browser, as a session to replay, serve or compare:
    $ realtime-inspector convert page.har page.rtsession
  For a spreadsheet, and for jq:
    $ realtime-inspector convert traffic.rtsession traffic.csv
    $ realtime-inspector convert traffic.rtsession traffic.ndjson`

/** `convert IN OUT` */
export const convert: CommandLine = {
  name: 'convert',
  description: 'convert a recorded session between .rtsession and .har, or to .csv or .ndjson',
  operands: [
    ['IN', 'session file or HAR'],
    ['OUT', `file to write, ending in ${OUTPUT_EXTENSIONS.join(', ')}`],
  ],
  options: maskingOptions('write'),
  examples: EXAMPLES,
  async run(from: string, to: string, given: ConvertOptions) {
    // Loaded late, because help does not need what reads and writes files.
    const { runConvert } = await import('./run-convert.ts')
    return await runConvert(from, to, given)
  },
}
