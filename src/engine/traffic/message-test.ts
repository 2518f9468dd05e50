/** Tests the messages of a connection against the filter of a fault. */
import { looksAtPackets, regexesIn } from '../../capture/filter/compile.ts'
import type { Decoder } from '../../decode/decoder.ts'
import type { MessageTest } from '../../proxy/faults/active-fault.ts'
import type { MessageEvent, RealtimeEvent, TransportEvent } from '../../shared/event.ts'
import { sentenceOf } from '../../shared/failure.ts'
import { Candidates } from '../matching/candidates.ts'
import { liveFilter } from '../matching/live-filter.ts'
import { MessageMatcher } from '../matching/message-matcher.ts'

export interface MessageTestHost {
  readonly connection: number
  readonly decoders: readonly Decoder[]
  /** The events by which the connection started. */
  started(): readonly RealtimeEvent[]
  /** Adds a note to the session. */
  mark(text: string): void
}

export class FilterTest implements MessageTest {
  readonly #host: MessageTestHost
  readonly #matcher: MessageMatcher
  readonly #candidates = new Candidates()
  readonly #hasRegexes: boolean
  #isLoaded: Promise<void> | undefined
  readonly #found = new WeakSet<object>()

  /** Throws a `Failure` `BAD_FAULT` if the filter is not valid. */
  constructor(text: string, host: MessageTestHost) {
    this.#host = host
    const filter = liveFilter(text, { noun: 'fault', code: 'BAD_FAULT' })
    this.#hasRegexes = regexesIn(filter).length > 0
    this.#matcher = new MessageMatcher({
      filter,
      needsGroups: false,
      found: (candidate) => this.#found.add(candidate),
      failed: (why) => host.mark(`A fault does not act any more: ${why}`),
      tooFast: 'messages came faster than its regular expression could search them; make it simpler.',
    })
    if (looksAtPackets(filter))
      this.#isLoaded = this.#candidates
        .decode(host.decoders, () => host.started())
        .catch((error: unknown) => host.mark(`A fault cannot decode messages: ${sentenceOf(error)}`))
        .finally(() => {
          this.#isLoaded = undefined
        })
  }

  matches(message: Extract<TransportEvent, { type: 'message' }>): boolean | Promise<boolean> {
    const event: MessageEvent = { ...message, connection: this.#host.connection }
    if (this.#isLoaded !== undefined) return this.#isLoaded.then(() => this.#test(event))
    return this.#test(event)
  }

  stop(): void {
    this.#matcher.stop()
  }

  #test(event: MessageEvent): boolean | Promise<boolean> {
    const candidate = this.#candidates.every(event)
    this.#matcher.take(candidate)
    if (!this.#hasRegexes) return this.#found.has(candidate)
    return this.#matcher.settled().then(() => this.#found.has(candidate))
  }
}
