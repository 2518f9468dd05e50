/** Collects changes to the lines of a file. */
import { addTo } from '../../shared/maps.ts'
import { lowerBound } from '../../shared/numbers.ts'
import { lineEndOf, type TextEdit } from './edits.ts'
import type { Line } from './lines.ts'
import type { LineKind } from './notes.ts'
import type { ParsedLines } from './parse.ts'
import type { Span } from './request-file.ts'

export class LineEdits {
  readonly #edits: TextEdit[] = []
  readonly #lineEnd: string
  readonly #added = new Map<Line, string[]>()
  readonly #removed = new Set<Line>()
  readonly parsed: ParsedLines

  constructor(parsed: ParsedLines) {
    this.parsed = parsed
    this.#lineEnd = lineEndOf(parsed.file.text)
  }

  /** In order, without those that change nothing. */
  get edits(): readonly TextEdit[] {
    const { text } = this.parsed.file
    return [...this.#edits, ...this.#lineChanges()]
      .filter((edit) => text.slice(edit.start, edit.end) !== edit.text)
      .sort((one, other) => one.start - other.start || one.end - other.end)
  }

  #lineChanges(): TextEdit[] {
    const edits: TextEdit[] = []
    for (const { start, end, next } of this.#removed) {
      const added = this.#added.get(this.lineAt(start)) ?? []
      // The last line of a file may have no end.
      const text = next > end ? added.map((each) => each + this.#lineEnd).join('') : added.join(this.#lineEnd)
      edits.push({ start, end: next, text })
    }
    for (const [line, added] of this.#added)
      if (!this.#removed.has(line))
        edits.push({
          start: line.end,
          end: line.end,
          text: added.map((each) => this.#lineEnd + each).join(''),
        })
    return edits
  }

  replace({ start, end }: Span, text: string): void {
    this.#edits.push({ start, end, text })
  }

  /** The line with the position, also if that is its end. */
  lineAt(position: number): Line {
    const { lines } = this.parsed
    const next = lowerBound(1, lines.length, (at) => (lines[at]?.start ?? 0) > position)
    const line = lines[next - 1]
    if (line === undefined) throw new RangeError('The file has no lines.')
    return line
  }

  kindOf({ index }: Line): LineKind | undefined {
    return this.parsed.kinds[index]
  }

  /** The lines from one to another, both included. */
  between(first: Line, last: Line): readonly Line[] {
    return this.parsed.lines.slice(first.index, last.index + 1)
  }

  before(line: Line, lines: readonly string[]): void {
    if (lines.length > 0)
      this.replace({ start: line.start, end: line.start }, lines.map((each) => each + this.#lineEnd).join(''))
  }

  after(line: Line, lines: readonly string[]): void {
    for (const each of lines) addTo(this.#added, line, each)
  }

  /** Replaces whole lines, without the end of the last one. */
  replaceLines(first: Line, last: Line, lines: readonly string[]): void {
    this.replace({ start: first.start, end: last.end }, lines.join(this.#lineEnd))
  }

  remove(first: Line, last: Line): void {
    for (const line of this.between(first, last)) this.#removed.add(line)
  }
}
