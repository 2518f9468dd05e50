/** Counts requests and their first answers, and remembers how long the latest of those took. */
import type { RequestFigures } from '../shared/exchange.ts'
import { percentilesOf } from '../shared/percentiles.ts'

/** Latencies that are kept, eight bytes each: at first, and at most. */
const FIRST_LATENCIES = 8
const MAX_LATENCIES = 4096

const NONE = new Float64Array()

export class RequestCounter {
  /** Grows as needed: there is a counter for each name, and many names are rare. Once full, the oldest is replaced. */
  #latencies = NONE
  #requests = 0
  #answered = 0
  /** The last ones, which are right as long as both numbers are. */
  #figures: RequestFigures | undefined

  asked(): void {
    this.#requests++
  }

  /** The first answer has come. */
  answered(latency: number): void {
    const at = this.#answered++ % MAX_LATENCIES
    if (at >= this.#latencies.length) this.#grow()
    this.#latencies[at] = latency
  }

  get requests(): number {
    return this.#requests
  }

  get answeredCount(): number {
    return this.#answered
  }

  /** Milliseconds to the first answer, of the latest that were answered. */
  get latencies(): Float64Array {
    return this.#latencies.subarray(0, Math.min(this.#answered, MAX_LATENCIES))
  }

  figures(waiting: number): RequestFigures {
    const [requests, answered] = [this.#requests, this.#answered]
    if (this.#figures?.requests !== requests || this.#figures.answered !== answered)
      this.#figures = figuresOf([this], waiting)
    return { ...this.#figures, waiting }
  }

  #grow(): void {
    const grown = new Float64Array(Math.max(this.#latencies.length * 2, FIRST_LATENCIES))
    grown.set(this.#latencies)
    this.#latencies = grown
  }
}

/** Of several counters together. */
export function figuresOf(counters: readonly RequestCounter[], waiting: number): RequestFigures {
  const sum = (numberOf: (counter: RequestCounter) => number) =>
    counters.reduce((total, counter) => total + numberOf(counter), 0)
  const latencies = new Float64Array(sum((counter) => counter.latencies.length))
  let at = 0
  for (const counter of counters) {
    latencies.set(counter.latencies, at)
    at += counter.latencies.length
  }
  return {
    requests: sum(({ requests }) => requests),
    answered: sum(({ answeredCount }) => answeredCount),
    waiting,
    latency: percentilesOf(latencies) ?? null,
  }
}
