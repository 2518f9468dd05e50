/** Tells the reader a few times a second that messages were decoded. */
import type { EngineNotifications } from '../../shared/protocol/notifications.ts'

type News = EngineNotifications['decoded']

/** Milliseconds between two notifications. */
const PERIOD = 200

export class DecodingNews {
  readonly #tell: (news: News) => void
  #timer: NodeJS.Timeout | undefined
  #all = false

  constructor(tell: (news: News) => void) {
    this.#tell = tell
  }

  progressed(): void {
    this.#timer ??= setTimeout(() => this.#tick(), PERIOD)
  }

  changed(): void {
    this.#all = true
    this.progressed()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #tick(): void {
    this.#timer = undefined
    const all = this.#all
    this.#all = false
    this.#tell({ all })
  }
}
