/** Judges whether the events that a filter finds come as expected. */
import { looksAtPackets } from '../../capture/filter/compile.ts'
import type { LiveCandidate } from '../../capture/filter/live-candidate.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import type { EventPlace, ExpectedEvents } from '../../shared/expectation.ts'
import { someFilter } from '../../shared/filter/syntax.ts'
import { formatCount, preciseSpan } from '../../shared/text/quantities.ts'
import { liveFilter } from '../matching/live-filter.ts'
import { MessageMatcher } from '../matching/message-matcher.ts'
import { type Judge, type JudgeHost, PENDING, type Verdict } from './judge.ts'

export class EventJudge implements Judge {
  readonly looksAtPackets: boolean
  readonly needsEvent: boolean
  readonly saysNames: boolean
  readonly within: number | undefined
  readonly #expected: ExpectedEvents
  readonly #host: JudgeHost
  readonly #countsOutbound: boolean
  readonly #countsOthers: boolean
  readonly #matcher: MessageMatcher
  #count = 0
  #verdict = PENDING

  /** Throws a `Failure` `BAD_EXPECTATION` if the filter cannot be used. */
  constructor(expected: ExpectedEvents, host: JudgeHost) {
    this.#expected = expected
    this.#host = host
    this.within = expected.within
    this.needsEvent = expected.atMost === undefined
    this.saysNames = expected.atLeast > 0
    const filter = liveFilter(expected.filter, { noun: 'expectation', code: 'BAD_EXPECTATION' })
    this.looksAtPackets = looksAtPackets(filter)
    this.#countsOutbound = someFilter(filter, ({ kind }) => kind === 'direction')
    this.#countsOthers = someFilter(filter, ({ kind }) => kind === 'type' || kind === 'event')
    this.#matcher = new MessageMatcher({
      filter,
      needsGroups: false,
      found: (candidate) => this.#found(this.#host.placeOf(candidate)),
      failed: (why) => this.#decide({ state: 'failed', detail: why }),
      tooFast: 'Messages came faster than its regular expression could search them; make it simpler.',
    })
  }

  get verdict(): Verdict {
    return this.#verdict
  }

  take(candidate: LiveCandidate, event: RealtimeEvent): void {
    if (this.#verdict.state !== 'pending' || !this.#counts(event)) return
    if (this.within !== undefined && candidate.time > this.#host.since() + this.within) this.end(false)
    else this.#matcher.take(candidate)
  }

  settled(): Promise<void> {
    return this.#matcher.settled()
  }

  end(hasEnded: boolean): void {
    const { atLeast, within } = this.#expected
    const span = within === undefined || hasEnded ? ' before it ended' : ` in ${preciseSpan(within)}`
    const count = formatCount(this.#count)
    const ranOut = within === undefined || hasEnded ? {} : { ranOutAt: this.#host.since() + within }
    if (this.#count >= atLeast) {
      const came = this.#count === 0 ? 'none' : `${count} came`
      this.#decide({ state: 'held', detail: `${came}${span}`, ...ranOut })
      return
    }
    const cameInstead = this.#host.recent()
    const insteadAt = this.#host.latest()
    this.#decide({
      state: 'failed',
      detail: `${this.#count === 0 ? 'none' : `only ${count}`}${span}`,
      ...ranOut,
      ...(cameInstead.length > 0 && { cameInstead }),
      ...(insteadAt !== undefined && { insteadAt }),
    })
  }

  stop(): void {
    this.#matcher.stop()
  }

  /** Only inbound messages count, unless the filter asks for a direction or a type. */
  #counts(event: RealtimeEvent): boolean {
    if (event.type !== 'message') return this.#countsOthers
    return event.direction === 'in' || this.#countsOutbound
  }

  #found(place: EventPlace): void {
    const { time } = place
    if (this.#verdict.state !== 'pending') return
    const { atLeast, atMost, within } = this.#expected
    if (within !== undefined && time > this.#host.since() + within) {
      this.end(false)
      return
    }
    this.#count++
    const after = `after ${preciseSpan(Math.max(0, time - this.#host.since()))}`
    if (atMost !== undefined) {
      if (this.#count <= atMost) return
      const came = atMost === 0 ? `one came ${after}` : `${formatCount(this.#count)} came`
      this.#decide({ state: 'failed', detail: came, ...place })
    } else if (this.#count >= atLeast)
      this.#decide({
        state: 'held',
        detail: atLeast === 1 ? after : `${formatCount(this.#count)} came, ${after}`,
        ...place,
      })
  }

  #decide(verdict: Verdict): void {
    if (this.#verdict.state !== 'pending') return
    this.#verdict = verdict
    this.#matcher.stop()
    this.#host.changed()
  }
}
