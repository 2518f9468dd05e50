/** What to write in place of a mistake. */
import { DIRECTIVES } from '../file/directives.ts'
import { METHOD_KEYWORDS } from '../file/methods.ts'
import type { Problem, RequestFile, Span } from '../file/request-file.ts'
import { SETTINGS } from '../file/settings.ts'
import { nearMatch } from '../variables/near-match.ts'

interface Replacement extends Span {
  readonly text: string
}

/** What was probably meant by an option or a method that does not exist; undefined if nothing is near. */
export function nearReplacement(
  file: RequestFile,
  { code, start, end }: Pick<Problem, 'code' | 'start' | 'end'>,
): Replacement | undefined {
  const names =
    code === 'UNKNOWN_OPTION'
      ? [...DIRECTIVES, ...SETTINGS].map(({ name }) => name)
      : code === 'UNKNOWN_METHOD'
        ? METHOD_KEYWORDS
        : []
  const near = nearMatch(file.text.slice(start, end), names)
  return near === undefined ? undefined : { start, end, text: near }
}

/** Where a new `@name = value` line belongs: after the variables at the beginning, else before the first request. */
export function variableLineOffset({ text, variables, requests }: RequestFile): number {
  const first = requests[0]?.start ?? text.length
  const last = variables.findLast(({ end }) => end <= first)
  if (last === undefined) return first
  const next = text.indexOf('\n', last.end)
  return next < 0 ? text.length : next + 1
}
