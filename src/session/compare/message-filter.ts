/** Decides whether a filter finds a message or one of its packets. */

import type { Test } from '../../capture/filter/candidate.ts'
import { compileFilter, looksAtGaps, regexesIn } from '../../capture/filter/compile.ts'
import { LiveCandidate } from '../../capture/filter/live-candidate.ts'
import { WatchedRegexes } from '../../capture/filter/watched-regexes.ts'
import type { DecodedEvent } from '../../shared/decoded.ts'
import type { MessageEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { parseFilter } from '../../shared/filter/parse.ts'
import { type Filter, FilterError } from '../../shared/filter/syntax.ts'

/** Rejects with a `Failure` `BAD_FILTER` if a regular expression takes too long. */
export class MessageFilter {
  readonly #filter: Filter
  readonly #test: Test
  readonly #watched = new WatchedRegexes()
  /** By connection: the time of the previous event. */
  readonly #times = new Map<number, number>()

  /** Throws a `Failure` `BAD_FILTER` if the text is not a filter, or is empty. */
  constructor(text: string) {
    if (text.trim() === '')
      throw new Failure(
        'BAD_FILTER',
        'The filter for messages to ignore is empty and would find all of them; write one such as kind:heartbeat.',
      )
    try {
      this.#filter = parseFilter(text)
      this.#test = compileFilter(this.#filter)
    } catch (thrown) {
      throw asFailure(thrown)
    }
  }

  /** Call it for each event, so that the time between two events is known. Returns that time. */
  gapBefore({
    connection,
    time,
  }: {
    readonly connection: number
    readonly time: number
  }): number | undefined {
    if (!looksAtGaps(this.#filter)) return undefined
    const before = this.#times.get(connection)
    this.#times.set(connection, time)
    return before === undefined ? undefined : time - before
  }

  /**
   * Whether the filter finds the message. If it has several packets and is compared as a whole, the filter has to find
   * each of them.
   */
  async finds(message: MessageEvent, packets: readonly DecodedEvent[], gap?: number): Promise<boolean> {
    if (packets.length < 2) return await this.#findsOne(message, packets, gap)
    for (const packet of packets) if (!(await this.#findsOne(message, [packet], gap))) return false
    return true
  }

  close(): void {
    this.#watched.close()
  }

  async #findsOne(message: MessageEvent, packets: readonly DecodedEvent[], gap?: number): Promise<boolean> {
    const candidate = new LiveCandidate(message, packets, gap)
    const verdict = this.#test(candidate)
    if (verdict !== undefined) return verdict
    try {
      for (const regex of regexesIn(this.#filter)) {
        const [found = false] = await this.#watched.test(regex, [candidate.text() ?? ''])
        candidate.setVerdict(regex, found)
      }
    } catch (thrown) {
      throw asFailure(thrown)
    }
    return this.#test(candidate) ?? false
  }
}

function asFailure(thrown: unknown): unknown {
  return thrown instanceof FilterError
    ? new Failure('BAD_FILTER', `The filter for messages to ignore does not work. ${thrown.message}`)
    : thrown
}
