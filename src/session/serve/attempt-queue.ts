/** Decides which recorded attempt the next client of a path gets. */
import type { RecordedAttempt, RecordedStream } from './recorded-connection.ts'

export interface Assignment {
  readonly recorded: RecordedStream
  readonly attempt: RecordedAttempt
  /** Whether this is the last attempt of the connection. */
  readonly isLast: boolean
}

/** Number of expected reconnects that are remembered. The oldest are forgotten first. */
const MAX_AWAITED = 1000

/**
 * Clients cannot be distinguished. While clients are expected to reconnect, a new request counts as the reconnect of
 * the client that was interrupted first. Otherwise it is a new client, which gets the next recorded connection.
 */
export class AttemptQueue {
  readonly #connections: readonly RecordedStream[]
  readonly #awaited: { readonly recorded: RecordedStream; readonly number: number }[] = []
  #clients = 0

  constructor(connections: readonly RecordedStream[]) {
    this.#connections = connections
  }

  /** The assignment for a new request: the attempt expected first, or the first attempt of a connection. */
  next(): Assignment {
    const awaited = this.dequeue()
    if (awaited !== undefined) return awaited
    const recorded = this.#connections[this.#clients % this.#connections.length]
    if (recorded === undefined) throw new RangeError('A path has at least one connection.')
    this.#clients++
    return assignmentOf(recorded, 0)
  }

  /** Removes and returns the first expected attempt that `fits`. */
  dequeue(fits: (attempt: RecordedAttempt) => boolean = () => true): Assignment | undefined {
    const at = this.#awaited.findIndex(({ recorded, number }) => {
      const attempt = recorded.attempts[number]
      return attempt !== undefined && fits(attempt)
    })
    const [awaited] = at < 0 ? [] : this.#awaited.splice(at, 1)
    return awaited && assignmentOf(awaited.recorded, awaited.number)
  }

  /** The first attempt of any connection that `fits`. */
  find(fits: (attempt: RecordedAttempt) => boolean): Assignment | undefined {
    for (const recorded of this.#connections) {
      const number = recorded.attempts.findIndex(fits)
      if (number >= 0) return assignmentOf(recorded, number)
    }
    return undefined
  }

  /** Call when an attempt was played to its recorded end: its client is expected to reconnect. */
  ended({ recorded, attempt, isLast }: Assignment): void {
    if (isLast) return
    this.#awaited.push({ recorded, number: recorded.attempts.indexOf(attempt) + 1 })
    if (this.#awaited.length > MAX_AWAITED) this.#awaited.shift()
  }
}

/** The attempt of a connection with an index. */
export function assignmentOf(recorded: RecordedStream, number: number): Assignment {
  const attempt = recorded.attempts[number]
  if (attempt === undefined) throw new RangeError(`Connection ${recorded.id} has no attempt ${number}.`)
  return { recorded, attempt, isLast: number === recorded.attempts.length - 1 }
}
