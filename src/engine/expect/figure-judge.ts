/** Judges figures of a connection: its status, its close code, its gaps, and how long requests wait for answers. */
import type { LiveCandidate } from '../../capture/filter/live-candidate.ts'
import { Sample } from '../../diagnose/figures/distributions.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { compares, type EventPlace, type ExpectedFigure, type Statistic } from '../../shared/expectation.ts'
import { plural, preciseSpan } from '../../shared/text/quantities.ts'
import { type Judge, type JudgeHost, PENDING, type Verdict } from './judge.ts'

/** Times that are kept. Later ones do not count, and the verdict says so. */
const MAX_TIMES = 1_000_000

/** What is known about a figure. */
interface Reading {
  take(candidate: LiveCandidate, event: RealtimeEvent, place: EventPlace): void
  /** The value, and how it reads; undefined if there is none. */
  value(): { readonly number: number; readonly words: string; readonly place?: EventPlace } | undefined
  /** Whether the value cannot change any more. */
  readonly isFinal: boolean
  /** What the verdict says if there is no value. */
  readonly none: string
}

/** The status of the first response. */
class Status implements Reading {
  readonly none = 'no response came'
  #found: { number: number; words: string; place: EventPlace } | undefined

  get isFinal(): boolean {
    return this.#found !== undefined
  }

  take(_: LiveCandidate, event: RealtimeEvent, place: EventPlace): void {
    if (this.#found !== undefined || (event.type !== 'open' && event.type !== 'error')) return
    const { status } = event
    if (status !== undefined) this.#found = { number: status, words: String(status), place }
  }

  value() {
    return this.#found
  }
}

/** The last close code. */
class CloseCode implements Reading {
  readonly isFinal = false
  readonly none = 'it was not closed with a code'
  #found: { number: number; words: string; place: EventPlace } | undefined

  take(_: LiveCandidate, event: RealtimeEvent, place: EventPlace): void {
    if (event.type === 'open') this.#found = undefined
    if (event.type !== 'close' || event.code === undefined) return
    const words = event.reason ? `${event.code} ${JSON.stringify(event.reason)}` : String(event.code)
    this.#found = { number: event.code, words, place }
  }

  value() {
    return this.#found
  }
}

/** A percentile of times. */
abstract class Times implements Reading {
  readonly isFinal = false
  abstract readonly none: string
  readonly #statistic: Statistic
  readonly #noun: string
  readonly #sample = new Sample()
  #left = 0

  constructor(statistic: Statistic, noun: string) {
    this.#statistic = statistic
    this.#noun = noun
  }

  abstract take(candidate: LiveCandidate, event: RealtimeEvent): void

  protected add(ms: number): void {
    if (this.#sample.count < MAX_TIMES) this.#sample.add(ms)
    else this.#left++
  }

  value() {
    const number = this.#sample.percentiles()?.[this.#statistic]
    if (number === undefined) return undefined
    const first = this.#left > 0 ? 'the first ' : ''
    return {
      number,
      words: `${preciseSpan(number)}, of ${first}${plural(this.#sample.count, this.#noun)}`,
    }
  }
}

/** Between inbound messages. */
class Gaps extends Times {
  readonly none = 'fewer than two messages came'
  #latest: number | undefined

  constructor(statistic: Statistic) {
    super(statistic, 'gap')
  }

  take(_: LiveCandidate, event: RealtimeEvent): void {
    if (event.type !== 'message' || event.direction !== 'in') return
    if (this.#latest !== undefined) this.add(event.time - this.#latest)
    this.#latest = event.time
  }
}

/** Between requests and their answers. Handshakes and heartbeats are not requests. */
class Latencies extends Times {
  readonly none = 'no answers came'

  constructor(statistic: Statistic) {
    super(statistic, 'answer')
  }

  take(candidate: LiveCandidate): void {
    for (const { kind, latency } of candidate.decoded())
      if (latency !== undefined && kind !== 'handshake' && kind !== 'heartbeat') this.add(latency)
  }
}

function readingOf({ figure, statistic = 'max' }: ExpectedFigure): Reading {
  switch (figure) {
    case 'status':
      return new Status()
    case 'close':
      return new CloseCode()
    case 'gap':
      return new Gaps(statistic)
    case 'latency':
      return new Latencies(statistic)
  }
}

export class FigureJudge implements Judge {
  readonly within = undefined
  readonly needsEvent = false
  readonly saysNames = false
  readonly looksAtPackets: boolean
  readonly #expected: ExpectedFigure
  readonly #host: JudgeHost
  readonly #reading: Reading
  #verdict = PENDING

  constructor(expected: ExpectedFigure, host: JudgeHost) {
    this.#expected = expected
    this.#host = host
    this.#reading = readingOf(expected)
    this.looksAtPackets = expected.figure === 'latency'
  }

  get verdict(): Verdict {
    return this.#verdict
  }

  take(candidate: LiveCandidate, event: RealtimeEvent): void {
    if (this.#verdict.state !== 'pending') return
    this.#reading.take(candidate, event, this.#host.placeOf(candidate))
    if (this.#reading.isFinal) this.end()
  }

  settled(): Promise<void> {
    return Promise.resolve()
  }

  end(): void {
    if (this.#verdict.state !== 'pending') return
    const found = this.#reading.value()
    if (found === undefined) this.#verdict = { state: 'failed', detail: this.#reading.none }
    else {
      const { comparison, value } = this.#expected
      const { number, words, place } = found
      const state = compares(number, comparison, value) ? 'held' : 'failed'
      this.#verdict = { state, detail: words, ...place }
    }
    this.#host.changed()
  }

  stop(): void {}
}
