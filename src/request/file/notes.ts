/** Collects what reading a file finds besides its requests: problems, comments, and what each line is. */
import type { Problem, Severity, Span } from './request-file.ts'

/** More problems are not collected: nobody reads them. */
const MAX_PROBLEMS = 1000

/** `blank`: also a line without content before, after or between bodies and messages. `foreign`: of another tool. */
export type LineKind =
  | 'blank'
  | 'separator'
  | 'comment'
  | 'directive'
  | 'variable'
  | 'request'
  | 'url'
  | 'header'
  | 'continuation'
  | 'message'
  | 'content'
  | 'expectation'
  | 'foreign'
  | 'unknown'

export class Notes {
  readonly #problems: Problem[] = []
  readonly #comments: Span[] = []
  /** By the index of a line. A line that is not marked is blank. */
  readonly kinds: LineKind[]
  /** Errors so far, also those that were not collected. */
  errors = 0

  constructor(lineCount: number) {
    this.kinds = Array.from({ length: lineCount }, () => 'blank')
  }

  mark({ index }: { readonly index: number }, kind: LineKind): void {
    this.kinds[index] = kind
  }

  /** The problems in the order of their places. */
  get problems(): readonly Problem[] {
    return this.#problems.toSorted((a, b) => a.start - b.start)
  }

  /** Lines that are only comments, in the order of their places. */
  get comments(): readonly Span[] {
    return this.#comments.toSorted((a, b) => a.start - b.start)
  }

  /** A separator without a request after it. */
  separator({ start, end }: Span): void {
    this.#comments.push({ start, end })
  }

  add(severity: Severity, { start, end }: Span, code: string, message: string): void {
    if (severity === 'error') this.errors++
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ severity, start, end, code, message })
    else if (this.#problems.length === MAX_PROBLEMS)
      this.#problems.push({
        severity: 'warning',
        start,
        end,
        code: 'TOO_MANY_PROBLEMS',
        message: `There are more than ${MAX_PROBLEMS} problems; those after the first ${MAX_PROBLEMS} are not shown.`,
      })
  }

  /** A line that is only a comment. */
  comment(line: Span & { readonly index: number }): void {
    this.mark(line, 'comment')
    this.#comments.push({ start: line.start, end: line.end })
  }
}
