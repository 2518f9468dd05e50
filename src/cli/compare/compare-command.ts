/** The command line of `compare`: its options and its help. */
import { Option } from 'commander'
import { MAX_DELAY } from '../../request/spec-fields.ts'
import { compileIgnore } from '../../session/compare/ignore.ts'
import { Failure } from '../../shared/failure.ts'
import { type CommandLine, UsageError } from '../command-line.ts'
import { integer, repeated } from '../option-values.ts'
import type { ComparePlan } from './run-compare.ts'

const DEFAULT_LIMIT = 100

const EXAMPLES = `
Messages are aligned connection by connection, each direction by itself. JSON
is compared as JSON. Exit codes: 0 the same, 1 different (a sentence on standard
error says what) or unreadable, 2 wrong usage.

Examples:
  Does the new build say the same as the old one, but for times and ids?
    $ realtime-inspector compare before.rtsession after.rtsession \\
        --ignore '$..timestamp' --ignore '$.id'
  Also when: nothing may come more than 200 ms late
    $ realtime-inspector compare a.rtsession b.rtsession --timing-tolerance 200
  Only what was received, for a program to read
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
      'do not compare what this JSON path names in a payload; repeatable',
    ).argParser(repeated(text)),
    new Option(
      '--timing-tolerance <MS>',
      'also compare when messages came, counted from the open; more than this is late or early',
    ).argParser(integer(0, MAX_DELAY, 'milliseconds')),
    new Option('--direction <name>', 'which messages to compare')
      .choices(['in', 'out', 'both'])
      .default('both'),
    new Option('--strict-order', 'also compare how sent and received messages interleave'),
    new Option('--messages-only', 'do not compare statuses, closes, errors and reconnects'),
    new Option('--max-differences <N>', 'list this many differences; all are counted')
      .argParser(integer(0, 1_000_000))
      .default(DEFAULT_LIMIT),
    new Option('--format <name>', 'how to print the differences').choices(['text', 'json']).default('text'),
    new Option('--color', 'colour the text even where it goes to no terminal'),
    new Option('--no-color', 'do not colour it (so does the environment variable NO_COLOR)'),
  ]
}

/** `compare A B` */
export const compare: CommandLine = {
  name: 'compare',
  description: 'say what differs between two recorded sessions',
  operands: [
    ['A', 'session file (or HAR) that is the measure'],
    ['B', 'session file (or HAR) compared with it'],
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
