/** `compare`: its options and its help. */
import { Option } from 'commander'
import { MAX_DELAY } from '../../request/spec-fields.ts'
import { compileIgnore } from '../../session/compare/ignore.ts'
import { Failure } from '../../shared/failure.ts'
import { type CommandLine, UsageError } from '../command-line.ts'
import { colorOptions } from '../common-options.ts'
import { integer, repeated } from '../option-values.ts'
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
  Also compare times; a message may be at most 200 ms late:
    $ realtime-inspector compare a.rtsession b.rtsession --timing-tolerance 200
  Compare only received messages, and print JSON for a program:
    $ realtime-inspector compare a.rtsession b.rtsession --direction in \\
        --format json`

interface CompareArguments {
  readonly ignore?: readonly string[]
  readonly timingTolerance?: number
  readonly direction: 'in' | 'out' | 'both'
  readonly strictOrder?: boolean
  readonly messagesOnly?: boolean
  readonly maxDifferences: number
  readonly format: ComparePlan['format']
  readonly color?: boolean
}

function checkPaths(paths: readonly string[]): void {
  try {
    compileIgnore(paths)
  } catch (thrown) {
    if (thrown instanceof Failure) throw new UsageError(thrown.message)
    throw thrown
  }
}

function options(): Option[] {
  const text = (value: string) => value
  return [
    new Option(
      '--ignore <JSONPATH>',
      'do not compare the payload fields at this JSONPath; repeatable',
    ).argParser(repeated(text)),
    new Option(
      '--timing-tolerance <MS>',
      'also compare the times of messages since the open; a larger difference is late or early',
    ).argParser(integer(0, MAX_DELAY, 'milliseconds')),
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
    checkPaths(given.ignore ?? [])
    const { runCompare } = await import('./run-compare.ts')
    const { direction, maxDifferences, format, color, ...compared } = given
    return await runCompare({
      a,
      b,
      format,
      color,
      limit: maxDifferences,
      options: { ...compared, ...(direction === 'both' ? {} : { direction }) },
    })
  },
}
