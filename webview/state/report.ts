/** The report on the session. */
import { signal } from '@preact/signals'
import type { SessionReport } from '../../src/shared/report.ts'

export class ReportStore {
  readonly report = signal<SessionReport | undefined>(undefined)
  readonly isBusy = signal(false)
  readonly #read: () => Promise<SessionReport | undefined>

  /** `read` resolves to undefined after it has shown the user why it failed. */
  constructor(read: () => Promise<SessionReport | undefined>) {
    this.#read = read
  }

  /** Reads the report again. */
  async refresh(): Promise<void> {
    if (this.isBusy.value) return
    this.isBusy.value = true
    this.report.value = (await this.#read()) ?? this.report.value
    this.isBusy.value = false
  }
}
