/** Whether the disk takes what a capture gives it, and who waits until it does. */
import type { Failure } from '../../shared/failure.ts'
import { toSpoolFailure } from './files.ts'

export interface HealthOptions {
  /** Whether to have callers wait while the disk fails. Default false. */
  readonly waitsForDisk?: boolean
  /** Told when the disk fails. */
  readonly onFailure?: (failure: Failure) => void
  /** Told when a disk that failed takes everything again. */
  readonly onWorking?: () => void
}

export class DiskHealth {
  readonly #options: HealthOptions
  #failure: Failure | undefined
  #waiting: (() => void)[] = []

  constructor(options: HealthOptions) {
    this.#options = options
  }

  /** Why the disk does not take what it is given; undefined while it does. */
  get failure(): Failure | undefined {
    return this.#failure
  }

  /** Whether the caller is to wait. */
  get isWaiting(): boolean {
    return this.#options.waitsForDisk === true && this.#failure !== undefined
  }

  /** Calls back once nobody has to wait. */
  onWritable(callback: () => void): void {
    if (this.isWaiting) this.#waiting.push(callback)
    else queueMicrotask(callback)
  }

  /** The disk did not take something: told once, until it has worked in between. */
  fail(error: unknown): void {
    if (this.#failure !== undefined) return
    this.#failure = toSpoolFailure(error)
    this.#options.onFailure?.(this.#failure)
  }

  /** The disk did not give something back. */
  failToRead(error: unknown): void {
    this.#options.onFailure?.(toSpoolFailure(error))
  }

  /** The disk has all it was given. */
  work(): void {
    if (this.#failure === undefined) return
    this.#failure = undefined
    for (const callback of this.#waiting.splice(0)) queueMicrotask(callback)
    this.#options.onWorking?.()
  }
}
