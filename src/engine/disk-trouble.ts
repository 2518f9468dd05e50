/** What a live session does when the disk takes no payloads: it says so in the session, and obeys the setting. */

import type { Failure } from '../shared/failure.ts'
import type { WhenDiskFull } from '../shared/status.ts'

export interface DiskTroubleOptions {
  readonly policy: WhenDiskFull
  /** Payloads lost so far. */
  readonly lost: () => number
  /** Puts a note into the session. */
  readonly note: (text: string) => void
  /** Ends every connection. */
  readonly disconnect: () => Promise<void>
  readonly log: (level: 'info' | 'error', message: string) => void
}

const CONSEQUENCES: Readonly<Record<WhenDiskFull, string>> = {
  keepNewest: '',
  pause: ' Reading is paused until then.',
  disconnect: ' Every connection is closed.',
}
/** Milliseconds between two reports: a disk may fill up again as often as it has space. */
const PACE = 10_000

export class DiskTrouble {
  readonly #options: DiskTroubleOptions
  #reportedAt = Number.NEGATIVE_INFINITY
  #isReported = false

  constructor(options: DiskTroubleOptions) {
    this.#options = options
  }

  /** The disk takes nothing. Called while an event is appended, so what it leads to comes after that. */
  begin(failure: Failure): void {
    const { policy, note, log, disconnect } = this.#options
    if (policy === 'disconnect') queueMicrotask(() => void disconnect())
    if (performance.now() - this.#reportedAt < PACE) return
    this.#reportedAt = performance.now()
    this.#isReported = true
    const text = failure.message + CONSEQUENCES[policy]
    log('error', text)
    queueMicrotask(() => note(text))
  }

  /** The disk takes everything again. */
  end(): void {
    if (!this.#isReported) return
    this.#isReported = false
    const { lost, note, log } = this.#options
    const text = `The disk works again. Payloads lost so far: ${lost()}.`
    log('info', text)
    queueMicrotask(() => note(text))
  }
}
