/** What a live session does if payloads cannot be written to the disk: it adds a mark and does what the setting says. */

import type { Failure } from '../shared/failure.ts'
import type { SessionStatus, WhenDiskFull } from '../shared/status.ts'

export interface DiskTroubleOptions {
  readonly policy: WhenDiskFull
  /** Number of payloads lost so far. */
  readonly lost: () => number
  /** Adds a mark to the session. */
  readonly note: (text: string) => void
  /** Closes every connection. */
  readonly disconnect: () => Promise<void>
  readonly log: (level: 'info' | 'error', message: string) => void
}

/** As a capture has it. */
interface DiskState {
  readonly failure: Failure | undefined
  readonly lostPayloads: number
}

const CONSEQUENCES: Readonly<Record<WhenDiskFull, string>> = {
  keepNewest: '',
  pause: ' Reading is paused until then.',
  disconnect: ' Every connection is closed.',
}
/** Milliseconds between two reports: a disk that has space now may be full again at once. */
const REPORT_INTERVAL = 10_000

export class DiskTrouble {
  readonly #options: DiskTroubleOptions
  #reportedAt = Number.NEGATIVE_INFINITY
  #isReported = false

  constructor(options: DiskTroubleOptions) {
    this.#options = options
  }

  /** Writing failed. Called while an event is appended, so all that follows from it waits for a microtask. */
  begin(failure: Failure): void {
    const { policy, note, log, disconnect } = this.#options
    if (policy === 'disconnect') queueMicrotask(() => void disconnect())
    if (performance.now() - this.#reportedAt < REPORT_INTERVAL) return
    this.#reportedAt = performance.now()
    this.#isReported = true
    const text = failure.message + CONSEQUENCES[policy]
    log('error', text)
    queueMicrotask(() => note(text))
  }

  /** Writing works again. */
  end(): void {
    if (!this.#isReported) return
    this.#isReported = false
    const { lost, note, log } = this.#options
    const text = `The disk works again. Payloads lost so far: ${lost()}.`
    log('info', text)
    queueMicrotask(() => note(text))
  }
}

/** What the status of a session says of its disk. */
export function diskOf({ failure, lostPayloads }: DiskState): Pick<SessionStatus, 'disk'> {
  if (failure === undefined && lostPayloads === 0) return {}
  return { disk: { lostPayloads, ...(failure !== undefined && { failure: failure.message }) } }
}
