/** The command line of `convert`: its options and its help. */
import { Option } from 'commander'
import { canWrite, OUTPUT_EXTENSIONS, writeRecording } from '../../session/convert/convert.ts'
import { openRecording } from '../../session/convert/open.ts'
import { type MaskOptions, unmet } from '../../session/payload-masks.ts'
import { cancellable } from '../../session/recording.ts'
import { type CommandLine, UsageError } from '../command-line.ts'
import { maskOption } from '../common-options.ts'
import { EXIT, untilSignal } from '../exit.ts'
import { repeated } from '../option-values.ts'
import { warnOf } from '../problems.ts'
import { printNotice } from '../standard-error.ts'

const EXAMPLES = `
What a file is, its extension says. A session file or a HAR can be read; a
session file, a HAR, CSV or NDJSON (one message a line) can be written. A file
that exists is overwritten once the new one is whole. Secrets are written as ***
except those named with --reveal; payloads as they are, except for fields named
with --mask.

Examples:
  For the network panel of a browser's developer tools
    $ realtime-inspector convert traffic.rtsession traffic.har
  What a browser recorded, as a session to replay, serve or compare
    $ realtime-inspector convert page.har page.rtsession
  For a spreadsheet, and for jq
    $ realtime-inspector convert traffic.rtsession traffic.csv
    $ realtime-inspector convert traffic.rtsession traffic.ndjson`

/** `convert IN OUT` */
export const convert: CommandLine = {
  name: 'convert',
  description: 'convert a recorded session: .rtsession and .har into each other, .csv or .ndjson',
  operands: [
    ['IN', 'session file or HAR'],
    ['OUT', `file to write, ending in ${OUTPUT_EXTENSIONS.join(', ')}`],
  ],
  options: [
    new Option(
      '--reveal <NAME>',
      'write the secrets of this name (a header, a query parameter) as they are; repeatable',
    ).argParser(repeated((value) => value)),
    maskOption('write'),
  ],
  examples: EXAMPLES,
  async run(from: string, to: string, { reveal = [], mask = [] }: Pick<MaskOptions, 'reveal' | 'mask'>) {
    if (!canWrite(to))
      throw new UsageError(`OUT must end in one of ${OUTPUT_EXTENSIONS.join(', ')}, and it is ${to}.`)
    const recording = await openRecording(from)
    const masked = await untilSignal((signal) =>
      writeRecording(cancellable(recording, signal), to, { reveal, mask }),
    )
    if (typeof masked === 'number') return masked
    warnOf(from, recording)
    if (masked.length > 0) printNotice(`Written as ***: ${masked.join(', ')}.`)
    for (const each of unmet(mask, masked)) printNotice(`Nothing was found for --mask ${each}.`)
    return EXIT.done
  },
}
