/** An event that fires a moment after a change, once for all changes until then. */
import * as vscode from 'vscode'

/** Milliseconds. One command may write many files, and a user types many keys. */
const DELAY = 200

export class DelayedEvent {
  readonly #delay: number
  readonly #emitter = new vscode.EventEmitter<void>()
  #timer: NodeJS.Timeout | undefined

  readonly event = this.#emitter.event

  /** `delay` is in milliseconds. */
  constructor(delay = DELAY) {
    this.#delay = delay
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#emitter.dispose()
  }

  fireSoon(): void {
    this.#timer ??= setTimeout(() => this.fire(), this.#delay)
  }

  fire(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#emitter.fire()
  }
}
