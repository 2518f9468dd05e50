/** What was wrong in a file that could be read all the same. */
import type { RealtimeEvent } from '../shared/event.ts'
import { carriedBy } from './parse-line.ts'

/** A line that could not be read as it stands, or several of a kind. */
export interface Problem {
  /** From 1, the header being line 1; the first of several. */
  readonly line: number
  /** One sentence. */
  readonly message: string
}

const MAX_PROBLEMS = 100

/** Lines that are used as notes only, and what the first of them is. */
interface Lines {
  count: number
  readonly first: number
  readonly type: string
  /** The field without which it cannot be read. */
  readonly lacks: string
}

export class Problems {
  /** Of all of them, those that are not listed included. */
  count = 0
  readonly #listed: Problem[] = []
  readonly #unknown: Lines = { first: 0, type: '', lacks: '', count: 0 }
  readonly #unreadable: Lines = { first: 0, type: '', lacks: '', count: 0 }

  add(line: number, message: string): void {
    this.count++
    if (this.#listed.length < MAX_PROBLEMS) this.#listed.push({ line, message })
  }

  /** Counts an event that came as a mark because it could not be read as what it says it is. */
  look(line: number, event: RealtimeEvent): void {
    const carried = carriedBy(event)
    if (carried === undefined) return
    const { type, lacks = '' } = carried
    const kind = lacks === '' ? this.#unknown : this.#unreadable
    if (kind.count++ > 0) return
    Object.assign(kind, { first: line, type: type.slice(0, 100), lacks })
    this.count++
  }

  /** One for each kind of event that could not be read, then the first hundred of the others. */
  list(): Problem[] {
    return [...unreadable(this.#unreadable), ...unknown(this.#unknown), ...this.#listed]
  }
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
