/** Runs a comparison and prints the result. */
import { type CompareOptions, type Comparison, compareRecordings } from '../../session/compare/compare.ts'
import { listDifferences } from '../../session/compare/list-differences.ts'
import { openRecording } from '../../session/open-recording.ts'
import type { RecordingFile } from '../../session/recording-file.ts'
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
  /** Lists at most this many differences. */
  readonly limit: number
  readonly format: 'text' | 'json'
  /** If undefined, the terminal and the environment decide. */
  readonly color: boolean | undefined
}

/** Resolves with the exit code. Rejects with a `Failure` if a file cannot be read. */
export async function runCompare(plan: ComparePlan): Promise<number> {
  const a = await openRecording(plan.a)
  const b = await openRecording(plan.b)
  const comparison = await compareRecordings(a, b, plan.options)
  await printLines(await format(plan, comparison, { a, b }))
  printProblems(a, plan.a)
  printProblems(b, plan.b)
  if (comparison.same) return EXIT.done
  printNotice(`The sessions differ: ${differencesSentence(comparison.counts)}.`)
  return EXIT.failed
}

async function format(
  { format, limit, color, options: { ignore = [] } }: ComparePlan,
  comparison: Comparison,
  recordings: { readonly a: RecordingFile; readonly b: RecordingFile },
): Promise<Iterable<string>> {
  const differences = comparison.same ? [] : await listDifferences(comparison, recordings, { limit, ignore })
  if (format === 'json') return [JSON.stringify(toJson(comparison, differences), null, 2)]
  return formatComparison(comparison, differences, chooseColors(color), process.stdout.columns ?? 100)
}
