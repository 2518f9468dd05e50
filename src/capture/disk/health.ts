/** Tracks whether writing to the disk works, and who waits until it does. */
import type { Failure } from '../../shared/failure.ts'
import { hasRoom, isFull, toSpoolFailure } from './files.ts'

export interface HealthOptions {
  /** Whether callers wait while the disk fails. Default false. */
  readonly waitsForDisk?: boolean
  /** Called when the disk starts to fail. */
  readonly onFailure?: (failure: Failure) => void
  /** Called when a failing disk works again. */
  readonly onWorking?: () => void
}

export class DiskHealth {
  readonly #options: HealthOptions
  #failure: Failure | undefined
  /** Since writing fails, the disk was full at least once. */
  #wasFull = false
  #waiting: (() => void)[] = []

  constructor(options: HealthOptions) {
    this.#options = options
  }

  /** Why writing fails now; undefined if it works. */
  get failure(): Failure | undefined {
    return this.#failure
  }

  /** Whether callers must wait. */
  get isWaiting(): boolean {
    return this.#options.waitsForDisk === true && this.#failure !== undefined
  }

  /** Calls back once callers no longer have to wait. */
  onWritable(callback: () => void): void {
    if (this.isWaiting) this.#waiting.push(callback)
    else queueMicrotask(callback)
  }

  /** Writing failed. Reports it once, until the disk has worked again. */
  fail(error: unknown): void {
    this.#wasFull ||= isFull(error)
    if (this.#failure !== undefined) return
    this.#failure = toSpoolFailure(error)
    this.#options.onFailure?.(this.#failure)
  }

  /** Reading failed. */
  failToRead(error: unknown): void {
    this.#options.onFailure?.(toSpoolFailure(error))
  }

  /**
   * Everything is written. Returns false if the disk of `directory` still counts as failing. If it was full and payloads
   * were lost, the few that are left may fit although the next ones will not. After another failure, a write that works
   * is enough.
   */
  work(directory: string): boolean {
    if (this.#failure === undefined) return true
    if (this.#wasFull && !hasRoom(directory)) return false
    this.#failure = undefined
    this.#wasFull = false
    for (const callback of this.#waiting.splice(0)) queueMicrotask(callback)
    this.#options.onWorking?.()
    return true
  }
}
