/** Runs a comparison and prints the result. */
import { type CompareOptions, compareRecordings } from '../../session/compare/compare.ts'
import type { Comparison } from '../../session/compare/comparison.ts'
import { compileIgnore } from '../../session/compare/ignore.ts'
import { listDifferences } from '../../session/compare/list-differences.ts'
import { MessageFilter } from '../../session/compare/message-filter.ts'
import { openRecording } from '../../session/open-recording.ts'
import type { RecordingFile } from '../../session/recording-file.ts'
import { requireValid } from '../command-line.ts'
import { readDialects } from '../connect/option-files.ts'
import { EXIT } from '../exit.ts'
import { printLines } from '../line-stream.ts'
import { chooseColors } from '../pretty/terminal-text.ts'
import { printProblems } from '../recordings.ts'
import { printNotice } from '../standard-error.ts'
import { toJson } from './comparison-json.ts'
import { differencesSentence, formatComparison } from './format-comparison.ts'

export interface ComparePlan {
  readonly a: string
  readonly b: string
  readonly options: CompareOptions
  /** A file with users' own protocols. */
  readonly protocols: string | undefined
  /** Lists at most this many differences. */
  readonly limit: number
  readonly format: 'text' | 'json'
  /** If undefined, the terminal and the environment decide. */
  readonly color: boolean | undefined
}

/** Resolves with the exit code. Throws a `UsageError`, or rejects with a `Failure` if a file cannot be read. */
export async function runCompare(plan: ComparePlan): Promise<number> {
  const { ignore = [], ignoreMessages } = plan.options
  requireValid(() => compileIgnore(ignore))
  if (ignoreMessages !== undefined) requireValid(() => new MessageFilter(ignoreMessages))
  const dialects = plan.protocols === undefined ? [] : await readDialects(plan.protocols)
  const options = { ...plan.options, dialects }

  const a = await openRecording(plan.a)
  const b = await openRecording(plan.b)
  const comparison = await compareRecordings(a, b, options)
  await printLines(await format({ ...plan, options }, comparison, { a, b }))
  printProblems(a, plan.a)
  printProblems(b, plan.b)
  if (comparison.same) return EXIT.done
  if (comparison.isApproximate)
    printNotice(
      'They differ so much that messages were paired approximately: there may be fewer differences. Compare shorter recordings, or ignore values with --ignore.',
    )
  printNotice(`The sessions differ: ${differencesSentence(comparison.counts)}.`)
  return EXIT.failed
}

async function format(
  { format, limit, color, options }: ComparePlan,
  comparison: Comparison,
  recordings: { readonly a: RecordingFile; readonly b: RecordingFile },
): Promise<Iterable<string>> {
  const differences = comparison.same
    ? []
    : await listDifferences(comparison, recordings, { ...options, limit })
  if (format === 'json') return [JSON.stringify(toJson(comparison, differences), null, 2)]
  return formatComparison(comparison, differences, chooseColors(color), process.stdout.columns ?? 100)
}
