/** Counts the events of a connection for its status. */
import type { EndedBy, RealtimeEvent } from '../shared/event.ts'
import type { MessageBatch } from '../shared/message-batch.ts'
import { maskText } from '../shared/secrets.ts'
import { RateMeter } from './rate-meter.ts'

export class TrafficCounter {
  readonly #rate = new RateMeter()
  readonly #counts = {
    messagesIn: 0,
    messagesOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    responses: 0,
    emptyResponses: 0,
    reconnects: 0,
  }
  #heldSince: number | undefined
  #openedAt: number | undefined
  #errors = 0
  #lastError: string | undefined
  #closedBy: EndedBy | undefined

  /** The fields of the status that are counted. */
  get counts() {
    return {
      ...this.#counts,
      ...(this.#errors > 0 && { errors: this.#errors, lastError: this.#lastError }),
      closedBy: this.#closedBy,
    }
  }

  /** Session time of the request that waits for its response; undefined if none does. */
  get heldSince(): number | undefined {
    return this.#heldSince
  }

  /** Session time of the first `open`; undefined if there was none. */
  get openedAt(): number | undefined {
    return this.#openedAt
  }

  /** Inbound messages in the second before `now`. */
  rate(now: number): number {
    return this.#rate.perSecond(now)
  }

  /**
   * Writes the `TRAFFIC_FIELDS` from `at` on, with the rate in the second before `now`, which it returns. Times count from
   * `zero`, and one that is undefined is written as NaN.
   */
  write(into: Float64Array, at: number, now: number, zero: number): number {
    const { messagesIn, messagesOut, bytesIn, bytesOut, responses, emptyResponses } = this.#counts
    const rate = this.rate(now)
    into[at] = messagesIn
    into[at + 1] = messagesOut
    into[at + 2] = bytesIn
    into[at + 3] = bytesOut
    into[at + 4] = rate
    into[at + 5] = responses
    into[at + 6] = emptyResponses
    into[at + 7] = this.#heldSince === undefined ? Number.NaN : this.#heldSince - zero
    return rate
  }

  addBatch({ time, count, sizes }: MessageBatch): void {
    const counts = this.#counts
    counts.messagesIn += count
    let bytes = 0
    for (let index = 0; index < count; index++) bytes += sizes[index] ?? 0
    counts.bytesIn += bytes
    this.#rate.count(time, count)
  }

  add(event: RealtimeEvent): void {
    const counts = this.#counts
    switch (event.type) {
      case 'message':
        if (event.direction === 'in') {
          counts.messagesIn++
          counts.bytesIn += event.payload.length
          this.#rate.count(event.time)
        } else {
          counts.messagesOut++
          counts.bytesOut += event.payload.length
        }
        return
      case 'open':
        this.#openedAt ??= event.time
        return
      case 'request':
        this.#heldSince = event.time
        return
      case 'response':
        this.#heldSince = undefined
        counts.responses++
        if (event.empty) counts.emptyResponses++
        return
      case 'reconnect':
        counts.reconnects++
        return
      case 'error':
        this.#heldSince = undefined
        this.#errors++
        this.#lastError = maskText(event.message)
        return
      case 'close':
        this.#heldSince = undefined
        this.#closedBy = event.by
        return
    }
  }
}
