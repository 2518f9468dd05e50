/** Judges the expectations of one connection, over all its attempts. The editor's engine and the terminal both use it. */
import type { LiveCandidate } from '../../capture/filter/live-candidate.ts'
import type { Decoder } from '../../decode/decoder.ts'
import type { Timers } from '../../session/replay/timers.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import {
  type EventPlace,
  type ExpectationStatus,
  MAX_EXPECTATIONS,
  parseExpectation,
} from '../../shared/expectation.ts'
import { Failure } from '../../shared/failure.ts'
import { type MessageBatch, messagesIn } from '../../shared/message-batch.ts'
import { Candidates } from '../matching/candidates.ts'
import { EventJudge } from './event-judge.ts'
import { FigureJudge } from './figure-judge.ts'
import type { Judge, JudgeHost } from './judge.ts'
import { RecentNames } from './recent-names.ts'

/** Milliseconds after a deadline in which an event that came before it may still be on its way. */
const GRACE = 20

export interface ExpectationsOptions {
  readonly decoders: readonly Decoder[]
  readonly timers: Timers
  /** Called on every change of status. */
  readonly changed: () => void
}

export class Expectations {
  readonly #judges: readonly { readonly text: string; readonly judge: Judge }[]
  readonly #options: ExpectationsOptions
  readonly #candidates = new Candidates()
  readonly #recent = new RecentNames()
  readonly #cancels: (() => void)[] = []
  /** Those that are not decided; undefined if that has changed. */
  #pending: readonly Judge[] | undefined
  /** Of events that are not the first of the connection at their time. */
  readonly #nths = new WeakMap<LiveCandidate, number>()
  #place: Required<EventPlace> = { time: Number.NaN, nth: 0 }
  /** The latest inbound message. */
  #latest: EventPlace | undefined
  #since: number | undefined
  #hasOpened = false
  #isOver = false

  /** Makes it, with everything loaded. Rejects with a `Failure` `BAD_EXPECTATION`. */
  static async prepare(texts: readonly string[], options: ExpectationsOptions): Promise<Expectations> {
    const expectations = new Expectations(texts, options)
    if (expectations.#judges.some(({ judge }) => judge.looksAtPackets))
      await expectations.#candidates.decode(options.decoders)
    return expectations
  }

  private constructor(texts: readonly string[], options: ExpectationsOptions) {
    if (texts.length > MAX_EXPECTATIONS)
      throw new Failure(
        'BAD_EXPECTATION',
        `A connection can have ${MAX_EXPECTATIONS} expectations; divide them among several requests.`,
      )
    this.#options = options
    const host: JudgeHost = {
      since: () => this.#since ?? 0,
      recent: () => this.#recent.names,
      latest: () => this.#latest,
      placeOf: (candidate) => {
        const nth = this.#nths.get(candidate)
        return { time: candidate.time, ...(nth !== undefined && { nth }) }
      },
      changed: () => {
        this.#pending = undefined
        options.changed()
      },
    }
    this.#judges = texts.map((text) => ({ text, judge: judgeOf(text, host) }))
  }

  get status(): readonly ExpectationStatus[] {
    return this.#judges.map(({ text, judge }) => ({ text, ...judge.verdict }))
  }

  /** Whether nothing is left to decide. */
  get isDecided(): boolean {
    return this.#undecided().length === 0
  }

  /** What an open connection is to wait for: a deadline, or else an event. */
  get waitsFor(): 'deadline' | 'event' | undefined {
    const pending = this.#undecided()
    if (pending.some(({ within }) => within !== undefined)) return 'deadline'
    return pending.some(({ needsEvent }) => needsEvent) ? 'event' : undefined
  }

  /** Call for each event of the connection, from its first one on, with its session time. */
  appended(event: RealtimeEvent): void {
    const pending = this.#undecided()
    // The rest of the connection is not read.
    if (this.#isOver || pending.length === 0) return
    const candidate = this.#candidates.every(event)
    this.#note(candidate)
    this.#since ??= event.time
    if (event.type === 'open' && !this.#hasOpened) this.#opened(event.time)
    if (event.type === 'message' && event.direction === 'in') this.#latest = this.#placeNow()
    if (event.type === 'message' && event.direction === 'in' && pending.some(({ saysNames }) => saysNames))
      this.#recent.take(candidate, event)
    for (const judge of pending) judge.take(candidate, event)
  }

  /** Takes note of how many events have the same time. */
  #note(candidate: LiveCandidate): void {
    const { time } = candidate
    const nth = time === this.#place.time ? this.#place.nth + 1 : 0
    this.#place = { time, nth }
    if (nth > 0) this.#nths.set(candidate, nth)
  }

  #placeNow(): EventPlace {
    const { time, nth } = this.#place
    return nth === 0 ? { time } : { time, nth }
  }

  /** As `appended`, for the messages of a batch. */
  appendedBatch(connection: number, batch: MessageBatch): void {
    if (this.#isOver || this.isDecided) return
    for (const message of messagesIn(batch, connection)) this.appended(message)
  }

  /** Call when the connection has ended for good. Resolves once everything is decided. */
  async ended(): Promise<void> {
    this.#cancel()
    await Promise.all(this.#judges.map(({ judge }) => judge.settled()))
    if (this.#isOver) return
    this.#isOver = true
    for (const { judge } of this.#judges) judge.end(true)
  }

  /** Lets go of everything, decided or not. */
  stop(): void {
    this.#isOver = true
    this.#cancel()
    for (const { judge } of this.#judges) judge.stop()
  }

  #undecided(): readonly Judge[] {
    this.#pending ??= this.#judges.flatMap(({ judge }) => (judge.verdict.state === 'pending' ? [judge] : []))
    return this.#pending
  }

  #opened(time: number): void {
    this.#hasOpened = true
    this.#since = time
    for (const { judge } of this.#judges) {
      if (judge.within === undefined) continue
      this.#cancels.push(
        this.#options.timers.after(judge.within + GRACE, () => {
          void judge.settled().then(() => {
            if (!this.#isOver) judge.end(false)
          })
        }),
      )
    }
  }

  #cancel(): void {
    for (const cancel of this.#cancels.splice(0)) cancel()
  }
}

function judgeOf(text: string, host: JudgeHost): Judge {
  const { expected } = parseExpectation(text)
  return expected.kind === 'events' ? new EventJudge(expected, host) : new FigureJudge(expected, host)
}
