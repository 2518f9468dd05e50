/**
 * Reads a `.http` file. Reading never fails: what is not understood is a problem. The time is proportional to the length of
 * the text. docs/http-files.md describes the dialect.
 */
import { type Line, linesOf } from './lines.ts'
import { type LineKind, Notes } from './notes.ts'
import { RegionReader } from './read-region.ts'
import { type FileRequest, type FileVariable, MAX_FILE_LENGTH, type RequestFile } from './request-file.ts'

const MAX_LINES = 200_000
const MAX_REQUESTS = 5000

const SEPARATOR = /^[ \t]*###/

/** A file with what each of its lines is. */
export interface ParsedLines {
  readonly file: RequestFile
  readonly lines: readonly Line[]
  /** By the index of a line. */
  readonly kinds: readonly LineKind[]
}

/** Reads the text of a file. */
export function parseRequestFile(text: string): RequestFile {
  return parseLines(text).file
}

/** Reads the text of a file, and says what each line is. */
export function parseLines(text: string): ParsedLines {
  const isTooLong = text.length > MAX_FILE_LENGTH
  const { lines, end } = isTooLong ? { lines: [], end: 0 } : linesOf(text, MAX_LINES)
  const notes = new Notes(lines.length)
  const requests: FileRequest[] = []
  const variables: FileVariable[] = []
  const parsed = (): ParsedLines => ({
    file: { text, variables, requests, problems: notes.problems, comments: notes.comments },
    lines,
    kinds: notes.kinds,
  })
  const tooLarge = (start: number, what: string) => {
    const message = `The file has more than ${what}; write its requests in several files.`
    notes.add('error', { start, end: text.length }, 'TOO_LARGE', message)
    return parsed()
  }
  if (isTooLong) return tooLarge(0, `${MAX_FILE_LENGTH} characters`)
  const names = new Set<string>()
  for (let from = 0; from < lines.length; ) {
    let to = from + 1
    while (to < lines.length && !SEPARATOR.test(lines[to]?.text ?? '')) to++
    const region = new RegionReader(text, lines, from, to, notes)
    const request = region.read(SEPARATOR.test(lines[from]?.text ?? ''))
    for (const variable of region.variables) variables.push(variable)
    if (request !== undefined) {
      if (requests.length === MAX_REQUESTS) return tooLarge(request.start, `${MAX_REQUESTS} requests`)
      checkName(request, names, notes)
      requests.push(request)
    }
    from = to
  }
  return end < text.length ? tooLarge(end, `${MAX_LINES} lines`) : parsed()
}

function checkName({ name }: FileRequest, names: Set<string>, notes: Notes): void {
  if (name === undefined) return
  if (names.has(name.text))
    notes.add(
      'warning',
      name,
      'SAME_NAME',
      `Another request of this file is named ${name.text}; choose another name, so that it can be run by it.`,
    )
  names.add(name.text)
}
