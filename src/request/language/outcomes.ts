/** What became of the expectations of a `.http` file: which line a verdict belongs to, and what it says there. */
import { type ExpectationStatus, failureSentence } from '../../shared/expectation.ts'
import { addTo } from '../../shared/maps.ts'
import { shortened } from '../../shared/text/shortened.ts'
import type { Expectation, FileRequest } from '../file/request-file.ts'

/** An expectation of a request that was run. */
export interface JudgedExpectation {
  /** As it was in the file, with its placeholders. */
  readonly written: string
  readonly status: ExpectationStatus
}

export interface Outcome {
  readonly expectation: Expectation
  readonly status: ExpectationStatus
}

/** Characters behind a line, and of one name. */
const MAX_TEXT = 200
const MAX_NAME = 40

/** The expectations that were judged, by the places that they had when the request was run. */
export function judgedExpectations(
  { expectations }: Pick<FileRequest, 'expectations'>,
  resolved: readonly Expectation[],
): (statuses: readonly ExpectationStatus[]) => readonly JudgedExpectation[] {
  const written = resolved.map(
    ({ start, text }) => expectations.find((each) => each.start === start)?.text ?? text,
  )
  return (statuses) =>
    statuses.flatMap((status, at) => {
      const text = written[at]
      return text === undefined ? [] : [{ written: text, status }]
    })
}

/**
 * The expectations of a request that are written as one that was judged. Wherever an edit has moved a line, it keeps its
 * verdict; a line that was changed has none.
 */
export function outcomesOf(
  { expectations }: Pick<FileRequest, 'expectations'>,
  judged: readonly JudgedExpectation[],
): readonly Outcome[] {
  // Several of the same text are taken in their order.
  const left = new Map<string, ExpectationStatus[]>()
  for (const { written, status } of judged) addTo(left, written, status)
  return expectations.flatMap((expectation) => {
    const status = left.get(expectation.text)?.shift()
    return status === undefined ? [] : [{ expectation, status }]
  })
}

/** `✓ after 126 ms`, `✗ none in 5.0 s. Came instead: ping.`, or `…` while nothing is known. */
export function outcomeText({ state, detail, cameInstead = [] }: ExpectationStatus): string {
  if (state === 'pending') return '…'
  const names = cameInstead.map((name) => shortened(oneLine(name), MAX_NAME))
  const instead = names.length === 0 ? '' : `. Came instead: ${names.join(', ')}`
  return shortened(`${state === 'held' ? '✓' : '✗'} ${oneLine(detail ?? state)}${instead}`, MAX_TEXT)
}

/** What is known of an expectation, as a sentence. */
export function outcomeSentence(status: ExpectationStatus): string {
  const { state, text, detail } = status
  if (state === 'pending') return `Not decided yet: ${text}.`
  if (state === 'failed') return `✗ ${failureSentence(status)}`
  return `✓ As expected: ${text}${detail === undefined ? '' : `: ${detail}`}.`
}

export interface OutcomeCounts {
  readonly held: number
  readonly of: number
  /** All of them are decided. */
  readonly isFinal: boolean
}

export function countOutcomes(judged: readonly JudgedExpectation[]): OutcomeCounts {
  const count = (state: ExpectationStatus['state']) =>
    judged.filter(({ status }) => status.state === state).length
  return { held: count('held'), of: judged.length, isFinal: count('pending') === 0 }
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
}
