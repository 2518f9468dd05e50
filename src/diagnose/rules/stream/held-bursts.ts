/**
 * Finds bursts of events that were held on their way: they arrive together, but by their own times they were made one after
 * the other, in the time in which nothing arrived.
 */
import type { TimesChart } from '../../../shared/finding-chart.ts'
import { PayloadField } from '../../payload-field.ts'
import { PayloadFields } from '../../payload-fields.ts'
import type { RuleContext } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { Latest, MAX_EVENTS } from '../latest.ts'

/** Events that come closer to each other are one burst, in ms. A burst may take several reads of the socket. */
const CLOSE = 10
/** Events of a burst at least; of a single one, which may be chance, more. */
const MIN_EVENTS = 3
const MIN_EVENTS_OF_ONLY = 5
/** Events whose payloads are read in a second at most. */
const MAX_READ = 500
/** Events without a time after which payloads are no longer read. */
const MAX_WITHOUT = 1000

/** Events that arrive together. */
interface Burst {
  readonly arrival: number
  /** When something arrived before, or when the attempt began. */
  readonly since: number
  readonly first: number
  last: number
  lastArrival: number
  events: number
  /** Their own times in epoch ms, of the first and the last event that has one. */
  firstMade: number | undefined
  lastMade: number | undefined
}

/** What was held, so far. Times in ms. */
export interface Held {
  readonly bursts: number
  /** Events of those bursts, and all whose times are known. */
  readonly events: number
  readonly of: number
  /** The longest and the median time from the first event of a burst to its arrival. */
  readonly longest: number
  readonly median: number
  readonly from: number
  readonly to: number
  /** The first and the last event of each burst, counted from 1. */
  readonly numbers: readonly number[]
  /** The field with the times: `ts`, or `id` for the event ID. */
  readonly field: string
  readonly chart: TimesChart
}

export class HeldBursts {
  readonly #limit: number
  readonly #fields: PayloadFields
  readonly #ids: PayloadField
  readonly #numbers: number[] = []
  readonly #waits = new Latest<number>(MAX_EVENTS)
  readonly #shown = new Latest<{ readonly arrival: number; readonly made: number | undefined }>(MAX_EVENTS)
  #burst: Burst | undefined
  /** When the last event arrived, or the attempt began. */
  #last = 0
  #bursts = 0
  #heldEvents = 0
  #events = 0
  #longest = 0
  #most = 0
  #from = 0
  #to = 0
  /** The second in which payloads are read, and how many were. */
  #second = 0
  #read = 0
  #without = 0

  constructor(limit: number, { startedAt }: RuleContext) {
    this.#limit = limit
    this.#fields = new PayloadFields({ startedAt })
    this.#ids = new PayloadField('id', startedAt)
  }

  /** An attempt began at `time`: what arrives first may be what the server had kept. */
  begin(time: number): void {
    this.#close()
    this.#last = time
  }

  add(event: RuleEvent): void {
    const { time, number } = event
    if (this.#burst !== undefined && time - this.#burst.lastArrival > CLOSE) this.#close()
    const made = this.#madeAt(event)
    this.#burst ??= {
      ...{ arrival: time, since: this.#last, first: number, last: number, lastArrival: time, events: 0 },
      firstMade: undefined,
      lastMade: undefined,
    }
    this.#burst.last = number
    this.#burst.lastArrival = time
    this.#burst.events++
    this.#burst.firstMade ??= made
    this.#burst.lastMade = made ?? this.#burst.lastMade
    this.#last = time
    this.#shown.add({ arrival: time, made })
  }

  /** Events were left out. */
  skipped(): void {
    this.#burst = undefined
  }

  get held(): Held | undefined {
    const field = this.#clock
    // The current burst counts, too: the stream may be over.
    const current = this.#burst === undefined ? undefined : this.#waitOf(this.#burst)
    const events = this.#heldEvents + (current === undefined ? 0 : (this.#burst?.events ?? 0))
    const of = this.#events + (this.#burst?.events ?? 0)
    const bursts = this.#bursts + (current === undefined ? 0 : 1)
    const most = Math.max(this.#most, this.#burst?.events ?? 0)
    if (field === undefined || bursts === 0 || events * 2 < of) return undefined
    if (bursts === 1 && most < MIN_EVENTS_OF_ONLY) return undefined
    const waits = [...this.#waits.values, ...(current === undefined ? [] : [current])].sort((a, b) => a - b)
    return {
      ...{ bursts, events, of, field: field.name },
      longest: Math.max(this.#longest, current ?? 0),
      median: waits[Math.floor(waits.length / 2)] ?? 0,
      from: this.#bursts > 0 ? this.#from : (this.#burst?.since ?? 0),
      to: current === undefined ? this.#to : (this.#burst?.lastArrival ?? 0),
      numbers: [...this.#numbers, ...(current === undefined ? [] : numbersOf(this.#burst))],
      chart: this.#chart(field),
    }
  }

  get #clock(): PayloadField | undefined {
    return this.#ids.isClock ? this.#ids : this.#fields.clock
  }

  #madeAt(event: RuleEvent): number | undefined {
    const second = Math.floor(event.time / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#read = 0
    }
    if (this.#without > MAX_WITHOUT || this.#read >= MAX_READ) return undefined
    this.#read++
    if (event.full.type === 'message' && event.full.id !== undefined) {
      this.#ids.add(timeInId(event.full.id), event.time)
      if (this.#ids.isClock) return this.#ids.time
    }
    const { clock: before } = this.#fields
    const times = before?.times
    this.#fields.add(event.json, event.time)
    const { clock } = this.#fields
    if (clock === undefined) this.#without++
    else this.#without = 0
    return clock !== undefined && (clock !== before || clock.times !== times) ? clock.time : undefined
  }

  #close(): void {
    const burst = this.#burst
    this.#burst = undefined
    if (burst === undefined) return
    this.#events += burst.events
    const wait = this.#waitOf(burst)
    if (wait === undefined) return
    if (this.#bursts === 0) this.#from = burst.since
    this.#bursts++
    this.#heldEvents += burst.events
    this.#longest = Math.max(this.#longest, wait)
    this.#most = Math.max(this.#most, burst.events)
    this.#to = burst.lastArrival
    this.#waits.add(wait)
    if (this.#numbers.length < MAX_EVENTS) this.#numbers.push(burst.first + 1, burst.last + 1)
  }

  /** How long the first event of a burst has waited for the last. Undefined if they were not held. */
  #waitOf({ arrival, lastArrival, since, events, firstMade, lastMade }: Burst): number | undefined {
    if (events < MIN_EVENTS || firstMade === undefined || lastMade === undefined) return undefined
    const wait = lastMade - firstMade - (lastArrival - arrival)
    // Events that are older than the silence before them were not made in it: the server had kept them.
    return wait > this.#limit && lastMade - firstMade <= (lastArrival - since) * 1.1 + CLOSE
      ? wait
      : undefined
  }

  /** When events were made, on the clock of the session, and when they arrived. */
  #chart({ least }: PayloadField): TimesChart {
    const made = this.#shown.values.flatMap(({ made: time }) =>
      time === undefined ? [] : [{ time: time + least, tone: 'quiet' as const }],
    )
    const arrived = this.#shown.values.map(({ arrival: time }) => ({ time, tone: 'wrong' as const }))
    return { kind: 'times', points: [...made, ...arrived].sort((one, other) => one.time - other.time) }
  }
}

function numbersOf(burst: Burst | undefined): number[] {
  return burst === undefined ? [] : [burst.first + 1, burst.last + 1]
}

/** The time at the beginning of IDs such as `1526919030474-0` of Redis, or the whole ID. */
function timeInId(id: string): string {
  return /^(\d{13})-\d{1,10}$/.exec(id)?.[1] ?? id
}
