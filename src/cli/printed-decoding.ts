/** Decodes the events of a session while they are printed. */
import type { UserChoice } from '../decode/connection-record.ts'
import { requireDecoder } from '../decode/decoder-choice.ts'
import { decodersWith } from '../decode/decoders.ts'
import { SessionDecoder } from '../decode/session-decoder.ts'
import { decodable } from '../session/decodable.ts'
import type { DecodedEvent } from '../shared/decoded.ts'
import type { Dialect } from '../shared/dialect.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { requireValid } from './command-line.ts'

/** Throws a `UsageError` unless it is the name of a decoder, or `none`. */
export function checkDecoder(name: string | undefined, dialects: readonly Dialect[]): void {
  if (name !== undefined) requireValid(() => requireDecoder(name, decodersWith(dialects)))
}

export class PrintedDecoding {
  readonly #session: SessionDecoder
  readonly #connections = new Set<number>()
  #count = 0

  private constructor(session: SessionDecoder) {
    this.#session = session
  }

  /** Loads all decoders; `dialects` are the user's own. A chosen one takes the place of the one that is recognized. */
  static async load(
    { decoder, decoderOptions }: UserChoice,
    dialects: readonly Dialect[] = [],
  ): Promise<PrintedDecoding> {
    const choice: UserChoice | undefined = decoder === undefined ? undefined : { decoder, decoderOptions }
    const session = new SessionDecoder({ decoders: decodersWith(dialects), choiceFor: () => choice })
    await session.loadAll()
    return new PrintedDecoding(session)
  }

  /** The packets that end in the next event. What is masked in the payload and in the body is not decoded. */
  decode(event: RealtimeEvent, redacted: RealtimeEvent): readonly DecodedEvent[] {
    if ('connection' in event) this.#connections.add(event.connection)
    return this.#session.decode(this.#count++, decodable(event, redacted)) ?? []
  }

  /** Whether the event that was decoded last has only a part of a packet. */
  get isPart(): boolean {
    return this.#session.isPart
  }

  /** What could not be decoded, a sentence for each connection. */
  *problems(): Generator<string> {
    for (const connection of this.#connections) {
      const problem = this.#session.problemOf(connection)
      if (problem !== undefined) yield `Connection ${connection}: ${problem}`
    }
  }
}

/** The packets as the value of `decoded` in a line. Undefined if there are none, or if they do not fit into a line. */
export function decodedJson(events: readonly DecodedEvent[]): string | undefined {
  const [only] = events
  if (only === undefined) return undefined
  try {
    return JSON.stringify(events.length === 1 ? only : events)
  } catch {
    // Too long for one string, or not JSON after all.
    return undefined
  }
}
