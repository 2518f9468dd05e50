/** A line on standard error that is written again and again while something runs. Only on a terminal. */
import { isTerminal, showState } from '../standard-error.ts'

/** Milliseconds between two states. */
const INTERVAL = 500

export class StatusLine {
  readonly #text: () => string
  #timer: NodeJS.Timeout | undefined

  constructor(text: () => string) {
    this.#text = text
  }

  start(): void {
    if (!isTerminal()) return
    this.#timer = setInterval(() => showState(this.#text()), INTERVAL)
    showState(this.#text())
  }

  /** Clears the line. */
  stop(): void {
    if (this.#timer === undefined) return
    clearInterval(this.#timer)
    showState('')
  }
}
