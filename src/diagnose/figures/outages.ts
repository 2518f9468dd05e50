/** How often and how long a connection was lost after it had been open. */
import type { RealtimeEvent } from '../../shared/event.ts'
import type { OutageReport } from '../../shared/report.ts'
import { Sample, toMicroseconds } from './distributions.ts'

export class OutageFigures {
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
      timeLost: toMicroseconds(this.#timeLost),
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
