/** Where decoding of a scope has stopped, and why: of all of it, or of single sessions in it. */
import type { Decoder, EncodedMessage } from './decoder.ts'

/** Sessions of a scope that can stop. If there are more, the whole scope stops. */
const MAX_SESSIONS = 1000

export interface Stop {
  /** The event that could not be decoded. */
  readonly number: number
  /** Without a full stop. */
  readonly reason: string
  /** It was one of the first messages of its connection, so the decoder may be the wrong one. */
  readonly isRefuted: boolean
}

export class Stops {
  readonly #decoder: Decoder
  readonly #sessions = new Map<string, Stop>()
  #scope: Stop | undefined
  /** The first event that is not decoded. Most scopes never stop. */
  #first = Number.POSITIVE_INFINITY

  constructor(decoder: Decoder) {
    this.#decoder = decoder
  }

  /** Why an event of the scope is not decoded. Without its message, only whether the whole scope has stopped. */
  at(number: number, message?: EncodedMessage): Stop | undefined {
    if (number < this.#first) return undefined
    const session = message && this.#sessions.get(sessionOf(this.#decoder, message))
    return [this.#scope, session].find((stop) => stop !== undefined && number >= stop.number)
  }

  /** Stops the session of a message; without a message, the whole scope. An earlier stop is kept. */
  add(stop: Stop, message?: EncodedMessage): void {
    if (this.at(stop.number, message) !== undefined) return
    this.#first = Math.min(this.#first, stop.number)
    if (message === undefined || this.#sessions.size >= MAX_SESSIONS) this.#scope = stop
    else this.#sessions.set(sessionOf(this.#decoder, message), stop)
  }
}

function sessionOf(decoder: Decoder, message: EncodedMessage): string {
  const connection = `connection ${message.facts.connection}`
  try {
    return decoder.sessionOf?.(message) ?? connection
  } catch {
    // If a decoder fails on this message, it cannot say which session the message belongs to.
    return connection
  }
}
