/** Which recording the next client of a path gets. */
import type { RecordedAttempt, RecordedStream } from './recorded-connection.ts'

export interface Assignment {
  readonly recorded: RecordedStream
  readonly attempt: RecordedAttempt
  /** Whether no attempt follows. */
  readonly isLast: boolean
}

/** Attempts that clients are expected to make; beyond that the oldest are forgotten. */
const MAX_AWAITED = 1000

/**
 * Clients have no names, so an attempt is taken for the next one of the client that was interrupted first, as
 * long as one is awaited. Otherwise it is a new client, and gets the next recorded connection of its path.
 */
export class AttemptQueue {
  readonly #connections: readonly RecordedStream[]
  readonly #awaited: { readonly recorded: RecordedStream; readonly number: number }[] = []
  #clients = 0

  constructor(connections: readonly RecordedStream[]) {
    this.#connections = connections
  }

  /** The part for a client that asks now: the attempt awaited longest, or the first of a connection. */
  next(): Assignment {
    const awaited = this.dequeue()
    if (awaited !== undefined) return awaited
    const recorded = this.#connections[this.#clients % this.#connections.length]
    if (recorded === undefined) throw new RangeError('A path has at least one connection.')
    this.#clients++
    return assignmentOf(recorded, 0)
  }

  /** The attempt awaited longest of those that `fits`; it is no longer awaited then. */
  dequeue(fits: (attempt: RecordedAttempt) => boolean = () => true): Assignment | undefined {
    const at = this.#awaited.findIndex(({ recorded, number }) => {
      const attempt = recorded.attempts[number]
      return attempt !== undefined && fits(attempt)
    })
    const [awaited] = at < 0 ? [] : this.#awaited.splice(at, 1)
    return awaited && assignmentOf(awaited.recorded, awaited.number)
  }

  /** A part that `fits`, of any connection. */
  find(fits: (attempt: RecordedAttempt) => boolean): Assignment | undefined {
    for (const recorded of this.#connections) {
      const number = recorded.attempts.findIndex(fits)
      if (number >= 0) return assignmentOf(recorded, number)
    }
    return undefined
  }

  /** A part was played to its recorded end: its client may come again. */
  ended({ recorded, attempt, isLast }: Assignment): void {
    if (isLast) return
    this.#awaited.push({ recorded, number: recorded.attempts.indexOf(attempt) + 1 })
    if (this.#awaited.length > MAX_AWAITED) this.#awaited.shift()
  }
}

/** An attempt of a connection, by its number there. */
export function assignmentOf(recorded: RecordedStream, number: number): Assignment {
  const attempt = recorded.attempts[number]
  if (attempt === undefined) throw new RangeError(`Connection ${recorded.id} has no attempt ${number}.`)
  return { recorded, attempt, isLast: number === recorded.attempts.length - 1 }
}

/** The queue of each route, by its connections. */
export class AttemptQueues {
  readonly #queues = new WeakMap<readonly RecordedStream[], AttemptQueue>()

  of(connections: readonly RecordedStream[]): AttemptQueue {
    const queue = this.#queues.get(connections) ?? new AttemptQueue(connections)
    this.#queues.set(connections, queue)
    return queue
  }
}
