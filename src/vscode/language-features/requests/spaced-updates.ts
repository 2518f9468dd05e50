/**
 * Runs updates one at a time, with a pause between two. The next one waits until what was updated is asked for: each update
 * cancels the one before it, if a slow editor does not show that yet. Does not import `vscode`.
 */

export interface SpacedUpdatesOptions {
  /** If false, nothing is updated. */
  isWanted(): boolean
  update(): Promise<void>
  /** Called after each update, also after one that failed. */
  updated(): void
  failed(error: unknown): void
}

/** A pause is at least so many times as long as the editor took to ask. */
const LAGS = 4

export class SpacedUpdates {
  readonly #options: SpacedUpdatesOptions
  #timer: NodeJS.Timeout | undefined
  /** When the timer fires. */
  #due = 0
  #updatedAt = 0
  #isUpdating = false
  /** When an update was announced that the editor has not asked for yet; undefined if it has asked. */
  #announcedAt: number | undefined
  /** Milliseconds that the editor took to ask for the last update. */
  #lag = 0
  /** The pause of an update that was wanted before the editor has asked. */
  #pending: number | undefined

  constructor(options: SpacedUpdatesOptions) {
    this.#options = options
  }

  dispose(): void {
    clearTimeout(this.#timer)
  }

  /** Updates once `pause` milliseconds have passed since the last update. */
  soon(pause: number): void {
    if (this.#announcedAt !== undefined || this.#isUpdating) {
      this.#pending = Math.min(pause, this.#pending ?? pause)
      return
    }
    const due = this.#updatedAt + Math.max(pause, LAGS * this.#lag)
    const isEarlier = this.#timer === undefined || due < this.#due
    if (!isEarlier || !this.#options.isWanted()) return
    clearTimeout(this.#timer)
    this.#due = due
    this.#timer = setTimeout(() => this.#run(), Math.max(0, due - performance.now()))
  }

  /** The editor has asked for what was updated. */
  asked(): void {
    if (this.#announcedAt === undefined) return
    this.#lag = performance.now() - this.#announcedAt
    this.#announcedAt = undefined
    const pause = this.#pending
    this.#pending = undefined
    if (pause !== undefined) this.soon(pause)
  }

  #run(): void {
    const { update, failed, updated } = this.#options
    this.#isUpdating = true
    update()
      .catch(failed)
      .finally(() => {
        this.#updatedAt = performance.now()
        this.#timer = undefined
        this.#isUpdating = false
        this.#announcedAt = this.#updatedAt
        updated()
      })
  }
}
