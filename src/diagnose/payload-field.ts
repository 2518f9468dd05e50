/** One field of the payloads of a feed: whether it is a counter or a time. Keeps a few numbers, whatever it sees. */

export type TimeUnit = 's' | 'ms' | 'µs' | 'ns' | 'ISO 8601'

interface EpochUnit {
  readonly unit: TimeUnit
  /** Milliseconds in one. */
  readonly ms: number
  /** Values from 2001 to 2100. */
  readonly from: number
  readonly to: number
}

const EPOCH_UNITS: readonly EpochUnit[] = [
  { unit: 's', ms: 1000, from: 1e9, to: 4.1e9 },
  { unit: 'ms', ms: 1, from: 1e12, to: 4.1e12 },
  { unit: 'µs', ms: 1e-3, from: 1e15, to: 4.1e15 },
  { unit: 'ns', ms: 1e-6, from: 1e18, to: 4.1e18 },
]

/** RFC 3339, also with a space for the T. Without a time zone, it is taken as UTC. */
const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/
const ZONE = /(Z|[+-]\d\d:?\d\d)$/
/** Longer ones are not exact as numbers, but near enough for a time. */
const DECIMAL = /^\d{1,19}(\.\d{1,9})?$/
const MAX_LENGTH = 40

/** If payloads are held and come in two bursts, their times pass twice as fast as their arrivals. */
const MIN_PACE = 0.4
const MAX_PACE = 2.5

/** How far a server's clock may be from ours, in ms. */
const DAY = 24 * 60 * 60 * 1000

/** Whether a value can be one of a counter or a time. */
export function canBeField(value: unknown): boolean {
  return numberOf(value) !== undefined || isoTime(value) !== undefined
}

/** Epoch milliseconds. */
function isoTime(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length > MAX_LENGTH || !ISO.test(value)) return undefined
  const ms = Date.parse(ZONE.test(value) ? value : `${value}Z`)
  return Number.isNaN(ms) ? undefined : ms
}

function epochUnit(value: number): EpochUnit | undefined {
  if (value < 1e9) return undefined
  for (const unit of EPOCH_UNITS) if (value >= unit.from && value < unit.to) return unit
  return undefined
}

/** A number, also one that is written in a string. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || value.length > MAX_LENGTH || !DECIMAL.test(value)) return undefined
  return Number(value)
}

/** A value as epoch milliseconds. Undefined if it is not a time from 2001 to 2100. */
export function timeOf(value: unknown): number | undefined {
  const time = isoTime(value)
  if (time !== undefined) return time
  const number = numberOf(value)
  const unit = number === undefined ? undefined : epochUnit(number)
  return number === undefined || unit === undefined ? undefined : number * unit.ms
}

export class PayloadField {
  /** Where it is in the payload: `data.seq`, `1.time`. */
  readonly name: string
  /** Epoch milliseconds of session time 0, if known. Times more than a day from it are not those of a clock. */
  readonly #startedAt: number | undefined
  /** Values so far that can be those of a counter, those of a clock, and others. */
  counts = 0
  times = 0
  others = 0
  /** Steps from one value of the counter to the next: +1, more, 0, and less than 0. */
  ones = 0
  jumps = 0
  repeats = 0
  falls = 0
  /** The latest value of the counter. */
  count = 0
  /** The unit of its times. */
  unit: TimeUnit | undefined
  /** The latest time, in epoch milliseconds. */
  time = 0
  #firstTime = 0
  #firstArrival = 0
  #lastArrival = 0
  #backs = 0
  #changes = 0
  /** Arrival minus time in ms, at least and at most. */
  least = Number.POSITIVE_INFINITY
  most = Number.NEGATIVE_INFINITY

  constructor(name: string, startedAt?: number) {
    this.name = name
    this.#startedAt = startedAt
  }

  /** Takes the value of the next payload, which arrived at `arrival` (session time in ms). */
  add(value: unknown, arrival: number): void {
    const number = numberOf(value)
    if (number === undefined) {
      const time = isoTime(value)
      if (time === undefined) this.others++
      else this.#addTime(time, 'ISO 8601', arrival)
      return
    }
    const unit = epochUnit(number)
    if (unit !== undefined) this.#addTime(number * unit.ms, unit.unit, arrival)
    else if (Number.isSafeInteger(number)) this.#addCount(number)
    else this.others++
  }

  /** Steps of the counter. */
  get steps(): number {
    return Math.max(0, this.counts - 1)
  }

  /** Share of steps that are +1: 0 to 1. */
  get share(): number {
    return this.steps === 0 ? 0 : this.ones / this.steps
  }

  /** Whether it counts by ones, with some exceptions. */
  get isCounter(): boolean {
    return this.#isPure && this.steps >= 3 && this.share >= 0.8
  }

  /**
   * Whether it is the time of a clock that runs: it changes, hardly ever goes back, and runs as fast as ours. If all
   * payloads came at once, only the start of the session can confirm it.
   */
  get isClock(): boolean {
    if (!this.#isPure || this.#changes < 3 || this.#backs > this.times / 10) return false
    const { pace } = this
    return pace === undefined ? this.#startedAt !== undefined : pace > MIN_PACE && pace < MAX_PACE
  }

  /** Whether it is neither, and will not be. */
  get isHopeless(): boolean {
    return !this.#isPure || (this.steps >= 32 && this.share < 0.5)
  }

  /** Whether all values are of one kind. */
  get #isPure(): boolean {
    return this.others === 0 && (this.counts === 0 || this.times === 0)
  }

  /** Milliseconds that it advances for each millisecond of arrival. Undefined if all came within 100 ms. */
  get pace(): number | undefined {
    const arrivals = this.#lastArrival - this.#firstArrival
    return arrivals < 100 ? undefined : (this.time - this.#firstTime) / arrivals
  }

  #addCount(count: number): void {
    if (this.counts > 0) {
      const step = count - this.count
      if (step === 1) this.ones++
      else if (step > 1) this.jumps++
      else if (step === 0) this.repeats++
      else this.falls++
    }
    this.counts++
    this.count = count
  }

  #addTime(time: number, unit: TimeUnit, arrival: number): void {
    const isNear = this.#startedAt === undefined || Math.abs(this.#startedAt + arrival - time) < DAY
    if (!isNear || (this.unit ?? unit) !== unit) {
      this.others++
      return
    }
    if (this.times === 0) {
      this.#firstTime = time
      this.#firstArrival = arrival
    } else {
      if (time < this.time) this.#backs++
      if (time !== this.time) this.#changes++
    }
    this.unit = unit
    this.times++
    this.time = time
    this.#lastArrival = arrival
    this.least = Math.min(this.least, arrival - time)
    this.most = Math.max(this.most, arrival - time)
  }
}
