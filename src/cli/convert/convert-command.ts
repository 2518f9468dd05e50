/** `convert`: its options and its help. */
import { openRecording } from '../../session/open-recording.ts'
import { type MaskOptions, unmet } from '../../session/payload-masks.ts'
import { canWrite, OUTPUT_EXTENSIONS, writeRecording } from '../../session/write-recording.ts'
import { type CommandLine, UsageError } from '../command-line.ts'
import { maskingOptions } from '../common-options.ts'
import { EXIT, untilSignal } from '../exit.ts'
import { printProblems } from '../recordings.ts'
import { printNotice } from '../standard-error.ts'

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
  async run(from: string, to: string, { reveal = [], mask = [] }: Pick<MaskOptions, 'reveal' | 'mask'>) {
    if (!canWrite(to))
      throw new UsageError(`OUT must end in ${OUTPUT_EXTENSIONS.join(', ')}, but it is ${to}.`)
    const recording = await openRecording(from)
    const written = await untilSignal((signal) => writeRecording(recording, to, { reveal, mask, signal }))
    if (typeof written === 'number') return written
    const { masked } = written
    printProblems(recording, from)
    if (masked.length > 0) printNotice(`Written as ***: ${masked.join(', ')}.`)
    for (const each of unmet(mask, masked))
      printNotice(`No payload has a field for --mask ${each}; check the name or the path.`)
    return EXIT.done
  },
}
