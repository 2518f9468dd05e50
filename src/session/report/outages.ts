/** How often and for how long a connection that had been open was not. */
import type { RealtimeEvent } from '../../shared/event.ts'
import { Sample } from './numbers.ts'

export interface OutageReport {
  /** `reconnect` events: attempts that were scheduled. */
  readonly reconnects: number
  /** Times from a close or error to the next open. */
  readonly outages: number
  /** Milliseconds of all of them, and of the longest. */
  readonly timeLost: number
  readonly longest: number
  /** The recording ends while another attempt was due. */
  readonly endsLost: boolean
  /** Messages known to have been missed and to have come again. */
  readonly missed: number
  readonly repeated: number
}

export class OutageTally {
  #reconnects = 0
  #missed = 0
  #repeated = 0
  #isOpen = false
  #lostSince: number | undefined
  #scheduled = false
  #timeLost = 0
  readonly #spans = new Sample()

  add(event: RealtimeEvent): void {
    switch (event.type) {
      case 'open':
        this.#recover(event.time)
        break
      case 'close':
      case 'error':
        this.#lose(event.time)
        break
      case 'reconnect':
        this.#reconnects++
        this.#lose(event.time)
        this.#scheduled = true
        break
      case 'gap':
        this.#missed += event.missed ?? 0
        this.#repeated += event.repeated ?? 0
        break
    }
  }

  report(): OutageReport {
    return {
      reconnects: this.#reconnects,
      outages: this.#spans.count,
      timeLost: this.#timeLost,
      longest: this.#spans.percentiles()?.max ?? 0,
      endsLost: this.#scheduled,
      missed: this.#missed,
      repeated: this.#repeated,
    }
  }

  #lose(time: number): void {
    if (this.#isOpen) this.#lostSince = time
    this.#isOpen = false
  }

  #recover(time: number): void {
    if (this.#lostSince !== undefined) {
      this.#timeLost += time - this.#lostSince
      this.#spans.add(time - this.#lostSince)
    }
    this.#lostSince = undefined
    this.#isOpen = true
    this.#scheduled = false
  }
}
