/** A line on standard error that is written again and again while something runs. Only on a terminal. */
import { printable } from '../pretty/terminal-text.ts'

/** Milliseconds between two states. */
const INTERVAL = 500
/** Moves to the start of the line and clears it (ECMA-48, EL). */
const CLEAR = '\r\x1b[K'

export class StatusLine {
  readonly #text: () => string
  #timer: NodeJS.Timeout | undefined

  constructor(text: () => string) {
    this.#text = text
  }

  start(): void {
    if (process.stderr.isTTY !== true) return
    this.#timer = setInterval(() => this.#write(), INTERVAL)
    this.#write()
  }

  /** Clears the line. */
  stop(): void {
    if (this.#timer === undefined) return
    clearInterval(this.#timer)
    process.stderr.write(CLEAR)
  }

  #write(): void {
    const width = process.stderr.columns ?? 80
    process.stderr.write(`${CLEAR}${printable(this.#text()).slice(0, width - 1)}`)
  }
}
