/** How long our pings took to their pongs, which have the same data (RFC 6455 section 5.5.3). */
import type { ControlEvent } from '../../shared/event.ts'
import { forgetOldest } from '../../shared/maps.ts'
import type { Distribution } from '../../shared/report.ts'
import { Sample } from './distributions.ts'

/** Pings without a pong that are remembered. */
const MAX_WAITING = 1000

export class RoundTrips {
  /** Times of the pings that wait, by their data; undefined if two with the same data wait. */
  readonly #waiting = new Map<string, number | undefined>()
  readonly #took = new Sample()
  /** The shortest, in ms. */
  least: number | undefined

  add({ type, direction, time, payload, dropped }: ControlEvent): void {
    if (dropped !== undefined) return
    const data = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('latin1')
    if (type === 'ping' && direction === 'out') this.#sent(data, time)
    else if (type === 'pong' && direction === 'in') this.#answered(data, time)
  }

  /** A new attempt answers no earlier ping. */
  open(): void {
    this.#waiting.clear()
  }

  report(): Distribution | null {
    return this.#took.percentiles() ?? null
  }

  #sent(data: string, time: number): void {
    this.#waiting.set(data, this.#waiting.has(data) ? undefined : time)
    forgetOldest(this.#waiting, MAX_WAITING)
  }

  #answered(data: string, time: number): void {
    const sent = this.#waiting.get(data)
    if (!this.#waiting.delete(data) || sent === undefined) return
    this.#took.add(time - sent)
    this.least = Math.min(this.least ?? Number.POSITIVE_INFINITY, time - sent)
  }
}
