/**
 * Formats a file of requests: spaces and empty lines outside of bodies and messages. What the file says does not change, and
 * formatting it again changes nothing.
 */
import { lineEndOf, type TextEdit } from './edits.ts'
import { formatLine } from './format-line.ts'
import type { Line } from './lines.ts'
import type { LineKind } from './notes.ts'
import { parseLines } from './parse.ts'

/** The edits that format a text. None if it is too large to be read. */
export function formatRequestFile(text: string): readonly TextEdit[] {
  const { file, lines, kinds } = parseLines(text)
  if (file.problems.some(({ code }) => code === 'TOO_LARGE')) return []
  const edits: TextEdit[] = []
  let previous: { readonly line: Line; readonly kind: LineKind } | undefined
  let blanks: Line[] = []
  let isHead = false
  for (const line of lines) {
    const kind = kinds[line.index] ?? 'blank'
    if (kind === 'blank') {
      blanks.push(line)
      continue
    }
    const formed = formatLine(line, kind)
    if (isHead && blanks.length === 0 && !BODY.has(kind)) pushChange(line, formed, edits)
    // At the start of a file, it would be a byte order mark.
    else if (previous !== undefined || !formed.startsWith('\ufeff')) {
      gap(blanks, line, gapBetween(previous?.kind, kind, isHead, blanks.length), text, edits)
      pushChange(line, formed, edits)
      isHead = false
    }
    if (kind === 'request') isHead = true
    previous = { line, kind }
    blanks = []
  }
  const [first] = blanks
  if (first !== undefined) edits.push({ start: first.start, end: text.length, text: '' })
  else if (previous !== undefined && previous.line.next === previous.line.end)
    edits.push({ start: text.length, end: text.length, text: lineEndOf(text) })
  return edits
}

/** What cannot be among the headers. */
const BODY: ReadonlySet<LineKind> = new Set(['content', 'message', 'separator'])

/** How many empty lines are between two lines. `isHead`: the first one is a request line or a header. */
function gapBetween(previous: LineKind | undefined, next: LineKind, isHead: boolean, now: number): number {
  if (previous === undefined) return 0
  if (next === 'separator') return 1
  if (isHead) return next === 'content' || next === 'message' ? 1 : Math.min(now, 1)
  if (previous === 'message' || next === 'message') return 0
  return Math.min(now, 1)
}

/** Makes the number of empty lines before a line the wanted one. Never makes one line end of two, CR and LF. */
function gap(blanks: readonly Line[], line: Line, wanted: number, text: string, edits: TextEdit[]): void {
  const [first, second] = blanks
  if (first === undefined) {
    const [lineEnd = ''] = /(?:\r\n|\r|\n)$/.exec(text.slice(Math.max(line.start - 2, 0), line.start)) ?? []
    if (wanted === 1) edits.push({ start: line.start, end: line.start, text: lineEnd })
    return
  }
  if (wanted === 0) edits.push({ start: first.start, end: line.start, text: '' })
  else {
    if (text[first.start - 1] !== '\r' || text[first.end] !== '\n') pushChange(first, '', edits)
    if (second !== undefined) edits.push({ start: second.start, end: line.start, text: '' })
  }
}

/** Replaces the text of a line, but not what it begins and ends with. */
function pushChange(line: Line, text: string, edits: TextEdit[]): void {
  if (text === line.text) return
  let from = 0
  const least = Math.min(text.length, line.text.length)
  while (from < least && text[from] === line.text[from]) from++
  let same = 0
  while (same < least - from && text.at(-1 - same) === line.text.at(-1 - same)) same++
  edits.push({ start: line.start + from, end: line.end - same, text: text.slice(from, text.length - same) })
}
