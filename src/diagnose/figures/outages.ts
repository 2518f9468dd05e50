/** How often and how long a connection was lost after it had been open. */
import type { RealtimeEvent } from '../../shared/event.ts'
import { toMicroseconds } from '../../shared/numbers.ts'
import type { OutageReport, TimeSpan } from '../../shared/report.ts'
import { Sample } from './distributions.ts'

/** Outages that are listed one by one. */
const MAX_SPANS = 100

export class OutageFigures {
  #reconnects = 0
  #missed = 0
  #repeated = 0
  #isOpen = false
  #lostSince: number | undefined
  #scheduled = false
  #timeLost = 0
  readonly #spans = new Sample()
  #openSince = 0
  #openFor = 0
  #down: TimeSpan[] | undefined

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

  /** Its first outages, one by one. */
  get down(): readonly TimeSpan[] {
    return this.#down ?? []
  }

  /** Milliseconds for which the connection was open. One that is still open is open until `end`. */
  openFor(end: number): number {
    return toMicroseconds(this.#openFor + (this.#isOpen ? Math.max(0, end - this.#openSince) : 0))
  }

  report(): OutageReport {
    return {
      reconnects: this.#reconnects,
      outages: this.#spans.count,
      timeLost: toMicroseconds(this.#timeLost),
      longest: this.#spans.percentiles()?.max ?? 0,
      endsLost: this.#scheduled,
      missed: this.#missed,
      repeated: this.#repeated,
    }
  }

  #lose(time: number): void {
    if (this.#isOpen) {
      this.#lostSince = time
      this.#openFor += time - this.#openSince
    }
    this.#isOpen = false
  }

  #recover(time: number): void {
    if (this.#lostSince !== undefined) {
      this.#timeLost += time - this.#lostSince
      this.#spans.add(time - this.#lostSince)
      this.#down ??= []
      if (this.#down.length < MAX_SPANS) this.#down.push({ from: this.#lostSince, to: time })
    }
    if (!this.#isOpen) this.#openSince = time
    this.#lostSince = undefined
    this.#isOpen = true
    this.#scheduled = false
  }
}
