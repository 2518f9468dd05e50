/** Problems of a session file that do not prevent reading it. */
import type { RealtimeEvent } from '../shared/event.ts'
import { carriedBy, parseLine } from './parse-line.ts'

/** A line that could not be read fully, or several lines with the same problem. */
export interface Problem {
  /** Number of the line, from 1 for the header. The first of several. */
  readonly line: number
  /** One sentence. */
  readonly message: string
}

const MAX_PROBLEMS = 100

/** Lines that are read as marks, and the first of them. */
interface Lines {
  count: number
  readonly first: number
  readonly type: string
  /** The field that is missing or invalid. */
  readonly lacks: string
}

export class Problems {
  /** Number of all problems, including those that are not listed. */
  count = 0
  readonly #listed: Problem[] = []
  readonly #unknown: Lines = { first: 0, type: '', lacks: '', count: 0 }
  readonly #unreadable: Lines = { first: 0, type: '', lacks: '', count: 0 }

  tooLong(line: number, limit: number): void {
    this.#add(line, `Line ${line} is longer than ${limit} bytes and was skipped.`)
  }

  /** The line is not an event. `isTorn`: it is the last one, without a newline. */
  skipped(line: number, isTorn: boolean): void {
    const message = isTorn
      ? `The last line (${line}) is cut short and was skipped; all before it was read.`
      : `Line ${line} is not an event and was skipped.`
    this.#add(line, message)
  }

  notUtf8(line: number): void {
    this.#add(line, `Line ${line} is not valid UTF-8; what could not be read shows as \ufffd.`)
  }

  /** Counts an event that was read as a mark because it could not be read as its type. */
  look(line: number, event: RealtimeEvent): void {
    const carried = carriedBy(event)
    if (carried === undefined) return
    const { type, lacks = '' } = carried
    const kind = lacks === '' ? this.#unknown : this.#unreadable
    if (kind.count++ > 0) return
    Object.assign(kind, { first: line, type: type.slice(0, 100), lacks })
    this.count++
  }

  #add(line: number, message: string): void {
    this.count++
    if (this.#listed.length < MAX_PROBLEMS) this.#listed.push({ line, message })
  }

  /** One for each kind of event that could not be read, then the first hundred of the others. */
  list(): Problem[] {
    return [...unreadable(this.#unreadable), ...unknown(this.#unknown), ...this.#listed]
  }
}

/** A line, decoded. */
export interface Line {
  /** Without its newline. */
  readonly text: string
  readonly isUtf8: boolean
  /** The file ends without a newline after it. */
  readonly isTorn: boolean
}

/** The event of a line, and adds what is wrong with it to `problems`. Undefined for an empty line or not an event. */
export function readLine(
  { text, isUtf8, isTorn }: Line,
  number: number,
  fallbackTime: number,
  problems: Problems,
): RealtimeEvent | undefined {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text
  if (line === '') return undefined
  const event = parseLine(line, fallbackTime)
  if (event === undefined) problems.skipped(number, isTorn)
  else {
    if (!isUtf8) problems.notUtf8(number)
    problems.look(number, event)
  }
  return event
}

function unreadable({ first, type, lacks, count }: Lines): Problem[] {
  if (count === 0) return []
  const message =
    count === 1
      ? `Line ${first} is used as a note only: it says it is "${type}", and its "${lacks}" cannot be read.`
      : `${count} lines are used as notes only, because a field that they need cannot be read: the first is line ${first}, "${type}", with its "${lacks}".`
  return [{ line: first, message }]
}

function unknown({ first, type, count }: Lines): Problem[] {
  if (count === 0) return []
  const message =
    count === 1
      ? `Line ${first} is used as a note only: this version does not know events of the type "${type}".`
      : `${count} lines are used as notes only, because this version does not know their types: the first is line ${first}, "${type}".`
  return [{ line: first, message }]
}
