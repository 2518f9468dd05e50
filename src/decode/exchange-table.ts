/** The requests of one connection in columns, in the order of their events. */
import { DECODED_KINDS, type DecodedKind } from '../shared/decoded.ts'
import { type Exchange, type LaneFigures, PATIENCE } from '../shared/exchange.ts'
import { lowerBound } from '../shared/numbers.ts'
import { allocate, columnNames, copyColumns } from '../shared/typed-columns.ts'
import type { PairedRequest } from './client-requests.ts'
import type { PairedAnswer } from './pairing.ts'
import { RequestCounter } from './request-counter.ts'

/** Maximum number of requests. If there are more, the older half is forgotten. */
const MAX_KEPT = 1 << 20
const FIRST_CAPACITY = 8
/** How many requests before a new one are checked for being open. */
const RECENT = 32
/** Maximum number of different names, and of characters in each. */
const MAX_NAMES = 4096
const MAX_NAME = 120

const STREAM = 1
const OVER = 2
const FAILED = 4
const ABANDONED = 8
const SENT = 16

const COLUMNS = {
  /** Number of the event that asks. */
  number: 'u32',
  start: 'f64',
  /** Time of the latest answer. */
  end: 'f64',
  /** Number of the event with the first answer, counted from 1; 0 for none. */
  answer: 'u32',
  answers: 'u32',
  name: 'u16',
  kind: 'u8',
  flags: 'u8',
} as const

/** What tells requests from others. */
interface Likeness {
  readonly name: string
  /** Whether the client asks. */
  readonly isSent: boolean
}

export class ExchangeTable {
  #columns = allocate(COLUMNS, FIRST_CAPACITY)
  #length = 0
  #end = 0
  /** Requests that may still get an answer. */
  #open = 0
  /** Number of the event with the latest request. */
  #latest = 0
  /** Of the latest call. */
  #called = Number.NEGATIVE_INFINITY
  readonly #calls = new RequestCounter()
  /** By number of the name, and direction. */
  readonly #counters: RequestCounter[] = []
  readonly #names: string[] = ['']
  readonly #nameNumbers = new Map([['', 0]])

  /** Session time in ms of the latest request or answer. */
  get end(): number {
    return this.#end
  }

  /** Adds a request. Returns false if it is already known. */
  add({ number, time, kind, direction }: PairedRequest, name: string): boolean {
    // If a connection changes its decoder, its first messages are read again.
    if (number < this.#latest) return false
    this.#latest = number
    if (this.#length === this.#columns.number.length) this.#grow()
    const at = this.#length++
    this.#open++
    const { number: numbers, start, end, name: names, kind: kinds, flags } = this.#columns
    numbers[at] = number
    start[at] = time
    end[at] = time
    names[at] = this.#numberOf(name)
    kinds[at] = DECODED_KINDS.indexOf(kind)
    flags[at] = direction === 'out' ? SENT : 0
    if (time > this.#end) this.#end = time
    this.#counterOf(at).asked()
    if (this.#isCall(at)) {
      this.#calls.asked()
      this.#called = time
    }
    return true
  }

  /** Whether another request is open when one is added at a time. Looks only at the last ones. */
  isBusy(time: number): boolean {
    if (this.#open <= 1) return false
    const last = this.#length - 1
    for (let at = last - 1; at >= 0 && at > last - RECENT; at--) {
      if (((this.#columns.flags[at] ?? 0) & (OVER | ABANDONED)) > 0 || this.#kindOf(at) === 'handshake')
        continue
      if (this.isAnswered(at) || time - (this.#columns.start[at] ?? 0) < PATIENCE) return true
    }
    return false
  }

  answer(number: number, by: number, name: string, { time, kind, isLast }: PairedAnswer): void {
    const at = this.#find(number, name)
    if (at === undefined) return
    const { start, answer, answers, end, flags } = this.#columns
    if (answer[at] === 0) {
      answer[at] = by + 1
      const latency = time - (start[at] ?? time)
      this.#counterOf(at).answered(latency)
      if (this.#isCall(at)) this.#calls.answered(latency)
    }
    if (kind !== 'complete') answers[at] = (answers[at] ?? 0) + 1
    end[at] = time
    if (time > this.#end) this.#end = time
    if (isLast) this.#close(at)
    const failed = kind === 'error' ? FAILED : 0
    flags[at] = ((flags[at] ?? 0) & (STREAM | ABANDONED | SENT)) | failed | (isLast ? OVER : STREAM)
  }

  /** No more answers will come, as the connection has ended. */
  abandon(number: number, name: string): void {
    const at = this.#find(number, name)
    if (at === undefined) return
    this.#close(at)
    this.#columns.flags[at] = (this.#columns.flags[at] ?? 0) | ABANDONED
  }

  #close(at: number): void {
    if (((this.#columns.flags[at] ?? 0) & (OVER | ABANDONED)) === 0) this.#open--
  }

  at(at: number): Exchange {
    const { number, start, end, answer, answers, name, flags } = this.#columns
    const flag = flags[at] ?? 0
    const first = answer[at] ?? 0
    return {
      index: number[at] ?? 0,
      start: start[at] ?? 0,
      end: end[at] ?? 0,
      answer: first === 0 ? null : first - 1,
      answers: answers[at] ?? 0,
      isStream: (flag & STREAM) > 0,
      isOver: (flag & OVER) > 0,
      hasFailed: (flag & FAILED) > 0,
      kind: this.#kindOf(at),
      name: this.#names[name[at] ?? 0] ?? '',
    }
  }

  /** Of all requests so far. `now` is the time of the latest event. */
  figures(now: number): LaneFigures {
    const { flags } = this.#columns
    let subscriptions = 0
    for (let at = 0; at < this.#length; at++)
      if (((flags[at] ?? 0) & (OVER | ABANDONED)) === 0 && this.#kindOf(at) === 'subscribe') subscriptions++
    const calls = this.#calls.figures(this.#waiting(now, (at) => this.#isCall(at)))
    return { calls, latest: this.#called, subscriptions }
  }

  /** What requests like the one in event `number` have in common. Undefined if that one is not known. */
  likeness(number: number): Likeness | undefined {
    const { number: numbers, name, flags } = this.#columns
    const at = lowerBound(0, this.#length, (i) => (numbers[i] ?? 0) >= number)
    if (at >= this.#length || numbers[at] !== number) return undefined
    return { name: this.#names[name[at] ?? 0] ?? '', isSent: ((flags[at] ?? 0) & SENT) > 0 }
  }

  /** The requests that are alike. Undefined if there are none. */
  alike({ name, isSent }: Likeness, now: number): { counter: RequestCounter; waiting: number } | undefined {
    const counter = this.#counters[2 * (this.#nameNumbers.get(name) ?? -1) + (isSent ? 1 : 0)]
    if (counter === undefined) return undefined
    return { counter, waiting: this.#waiting(now, (at) => this.#counterOf(at) === counter) }
  }

  /** Number of requests that may be answered before `PATIENCE` has passed. */
  #waiting(now: number, isWanted: (at: number) => boolean): number {
    const { start, flags } = this.#columns
    let waiting = 0
    for (let at = this.#length - 1; at >= 0 && now - (start[at] ?? 0) < PATIENCE; at--)
      if (!this.isAnswered(at) && ((flags[at] ?? 0) & ABANDONED) === 0 && isWanted(at)) waiting++
    return waiting
  }

  isStream(at: number): boolean {
    return ((this.#columns.flags[at] ?? 0) & STREAM) > 0
  }

  isAnswered(at: number): boolean {
    return (this.#columns.answer[at] ?? 0) > 0
  }

  /** From the request to its latest answer; if there is none, as long as `PATIENCE`. */
  spanOf(at: number): readonly [from: number, to: number] {
    const start = this.#columns.start[at] ?? 0
    return [start, this.isAnswered(at) ? (this.#columns.end[at] ?? start) : start + PATIENCE]
  }

  /** Positions of the requests that were open at some time from `from` to `to`. */
  between(from: number, to: number): number[] {
    const { start, end, flags } = this.#columns
    const last = lowerBound(0, this.#length, (at) => (start[at] ?? 0) > to)
    const found: number[] = []
    for (let at = 0; at < last; at++) {
      const isWaiting = !this.isAnswered(at)
      // A subscription may continue without an answer. Other requests without one are found until `PATIENCE` has passed.
      const goesOn = ((flags[at] ?? 0) & OVER) === 0 && (!isWaiting || this.#kindOf(at) === 'subscribe')
      const until = isWaiting ? (start[at] ?? 0) + PATIENCE : (end[at] ?? 0)
      if (goesOn || until >= from) found.push(at)
    }
    return found
  }

  /** Forgets the requests before event `firstKept` that are over. */
  drop(firstKept: number): void {
    const { number } = this.#columns
    const old = lowerBound(0, this.#length, (at) => (number[at] ?? 0) >= firstKept)
    // Copying only pays if much is forgotten.
    if (old > this.#length / 2) this.#keep((at) => at >= old || this.#goesOn(at))
  }

  #goesOn(at: number): boolean {
    return this.isStream(at) && ((this.#columns.flags[at] ?? 0) & OVER) === 0
  }

  #kindOf(at: number): DecodedKind {
    return DECODED_KINDS[this.#columns.kind[at] ?? 0] ?? 'request'
  }

  #counterOf(at: number): RequestCounter {
    const { name, flags } = this.#columns
    const number = 2 * (name[at] ?? 0) + (((flags[at] ?? 0) & SENT) > 0 ? 1 : 0)
    const known = this.#counters[number]
    if (known !== undefined) return known
    const counter = new RequestCounter()
    this.#counters[number] = counter
    return counter
  }

  /** Whether the client asks for one answer soon. */
  #isCall(at: number): boolean {
    const kind = this.#kindOf(at)
    return ((this.#columns.flags[at] ?? 0) & SENT) > 0 && kind !== 'handshake' && kind !== 'subscribe'
  }

  /** The request in an event, by its name, if it may still get an answer. */
  #find(number: number, name: string): number | undefined {
    const { number: numbers, name: names, flags } = this.#columns
    const last = this.#length - 1
    // Most requests are answered before the next one.
    if (numbers[last] === number && numbers[last - 1] !== number)
      return ((flags[last] ?? 0) & OVER) === 0 ? last : undefined
    const wanted = this.#numberOf(name)
    let at = lowerBound(0, this.#length, (i) => (numbers[i] ?? 0) >= number)
    for (; at < this.#length && numbers[at] === number; at++)
      if (names[at] === wanted && ((flags[at] ?? 0) & OVER) === 0) return at
    return undefined
  }

  #grow(): void {
    if (this.#length >= MAX_KEPT) {
      this.#keep((at) => at >= MAX_KEPT / 2)
      return
    }
    const grown = allocate(COLUMNS, this.#length * 2)
    copyColumns(COLUMNS, this.#columns, 0, this.#length, grown, 0)
    this.#columns = grown
  }

  #keep(isKept: (at: number) => boolean): void {
    const kept: number[] = []
    for (let at = 0; at < this.#length; at++) if (isKept(at)) kept.push(at)
    const before = this.#columns
    this.#columns = allocate(COLUMNS, before.number.length)
    for (const name of columnNames(COLUMNS))
      for (const [to, from] of kept.entries()) this.#columns[name][to] = before[name][from] ?? 0
    this.#length = kept.length
  }

  #numberOf(name: string): number {
    const cut = name.length > MAX_NAME ? name.slice(0, MAX_NAME) : name
    const known = this.#nameNumbers.get(cut)
    if (known !== undefined || this.#names.length >= MAX_NAMES) return known ?? 0
    this.#nameNumbers.set(cut, this.#names.length)
    return this.#names.push(cut) - 1
  }
}
