/** The lines of a text, and the words in them. */
import type { Span, Written } from './request-file.ts'

export interface Line extends Written {
  /** From 0. */
  readonly index: number
  /** Where the next line begins: after the line end. */
  readonly next: number
}

const LINE_END = /\r\n|\r|\n/g

/** The lines of a text, at most `most` of them, and where the last one ends. */
export function linesOf(
  text: string,
  most: number,
): { readonly lines: readonly Line[]; readonly end: number } {
  const lines: Line[] = []
  let start = text.startsWith('\ufeff') ? 1 : 0
  for (const { index, 0: lineEnd } of text.matchAll(LINE_END)) {
    if (lines.length === most) return { lines, end: start }
    const next = index + lineEnd.length
    lines.push({ index: lines.length, start, end: index, next, text: text.slice(start, index) })
    start = next
  }
  if (lines.length < most && start < text.length) {
    lines.push({ index: lines.length, start, end: text.length, next: text.length, text: text.slice(start) })
    start = text.length
  }
  return { lines, end: start }
}

/** The text between two positions of a line, without the blanks around it. Empty where it would begin if there is none. */
export function trimmed(line: Span & { readonly text: string }, from = 0, to = line.text.length): Written {
  let [start, end] = [from, to]
  while (start < end && isBlankCharacter(line.text.charAt(start))) start++
  while (end > start && isBlankCharacter(line.text.charAt(end - 1))) end--
  return { start: line.start + start, end: line.start + end, text: line.text.slice(start, end) }
}

function isBlankCharacter(character: string): boolean {
  return character === ' ' || character === '\t'
}

/** The first word of a text, and the rest after the blanks that follow it. */
export function splitWord(written: Written): readonly [word: Written, rest: Written] {
  const length = written.text.search(/[ \t]/)
  const at = length < 0 ? written.text.length : length
  return [trimmed(written, 0, at), trimmed(written, at)]
}

export function isBlank(line: Written): boolean {
  return trimmed(line).text === ''
}

/** A span of a text, with the text. Line ends become LF. */
export function writtenIn(text: string, start: number, end: number): Written {
  return { start, end, text: text.slice(start, end).replaceAll(/\r\n?/g, '\n') }
}
