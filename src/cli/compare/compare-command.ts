/** `compare`: its options and its help. */

import { Option } from 'commander'
import type { CompareOptions } from '../../session/compare/compare.ts'
import { MAX_TIMER_DELAY } from '../../shared/timer-delay.ts'
import type { CommandLine } from '../command-line.ts'
import { colorOptions, protocolsOption } from '../common-options.ts'
import { integer, repeated, text } from '../option-values.ts'
import type { ComparePlan } from './run-compare.ts'

const DEFAULT_LIMIT = 100

const EXAMPLES = `
Messages are aligned for each connection and direction. JSON is compared as
JSON. Exit codes: 0 the same, 1 different (a sentence on standard error says
how) or unreadable, 2 wrong usage.

Examples:
  Does a new build send the same as the old one, except for times and ids?
    $ realtime-inspector compare before.rtsession after.rtsession \\
        --ignore '$..timestamp' --ignore '$.id'
  Two runs of a program that numbers its requests, and gets a new session id in
  each run; heartbeats do not matter:
    $ realtime-inspector compare a.rtsession b.rtsession --normalize-ids \\
        --ignore-messages kind:heartbeat
  Also compare times; a message may be at most 200 ms late:
    $ realtime-inspector compare a.rtsession b.rtsession --timing-tolerance 200
  Compare only received messages, and print JSON for a program:
    $ realtime-inspector compare a.rtsession b.rtsession --direction in \\
        --format json`

interface CompareArguments
  extends Omit<CompareOptions, 'direction' | 'connections' | 'dialects'>,
    Pick<ComparePlan, 'format' | 'color' | 'protocols'> {
  readonly direction: 'in' | 'out' | 'both'
  readonly maxDifferences: number
}

function options(): Option[] {
  return [
    new Option(
      '--ignore <JSONPATH>',
      'do not compare the payload fields at this JSONPath; repeatable',
    ).argParser(repeated(text)),
    new Option('--ignore-messages <FILTER>', 'do not compare the messages that this filter finds'),
    new Option(
      '--normalize-ids',
      'compare ids of requests, sessions and others that differ in each run only by what they belong to',
    ),
    protocolsOption(),
    new Option(
      '--timing-tolerance <MS>',
      'also compare the times of messages since the open; a larger difference is late or early',
    ).argParser(integer(0, MAX_TIMER_DELAY, 'milliseconds')),
    new Option('--direction <name>', 'which messages to compare')
      .choices(['in', 'out', 'both'])
      .default('both'),
    new Option('--strict-order', 'also compare the order of sent and received messages with each other'),
    new Option('--messages-only', 'do not compare statuses, closes, errors and reconnects'),
    new Option('--max-differences <N>', 'list at most this many differences; all are counted')
      .argParser(integer(0, 1_000_000))
      .default(DEFAULT_LIMIT),
    new Option('--format <name>', 'how to print the differences').choices(['text', 'json']).default('text'),
    ...colorOptions('text'),
  ]
}

/** `compare A B` */
export const compare: CommandLine = {
  name: 'compare',
  description: 'list the differences between two recorded sessions',
  operands: [
    ['A', 'session file (or HAR) to compare with'],
    ['B', 'session file (or HAR) to check'],
  ],
  options: options(),
  examples: EXAMPLES,
  async run(a: string, b: string, given: CompareArguments) {
    // Loaded late, because help does not need what reads and compares files.
    const { runCompare } = await import('./run-compare.ts')
    const { direction, maxDifferences, format, color, protocols, ...compared } = given
    return await runCompare({
      a,
      b,
      format,
      color,
      protocols,
      limit: maxDifferences,
      options: { ...compared, ...(direction === 'both' ? {} : { direction }) },
    })
  },
}
