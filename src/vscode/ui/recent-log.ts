/** The newest lines of the log, for reports of issues. Does not import `vscode`. */
import { shortened } from '../../shared/text/shortened.ts'

/** Lines, and characters of each. */
const MAX_LINES = 40
const MAX_LENGTH = 300

export class RecentLog {
  readonly #lines: string[] = []

  /** Secrets must be masked in the values. */
  add(level: string, values: readonly unknown[], now = new Date()): void {
    const text = shortened(values.map(String).join(' '), MAX_LENGTH)
    this.#lines.push(`${now.toISOString()} [${level}] ${text}`)
    if (this.#lines.length > MAX_LINES) this.#lines.shift()
  }

  /** The oldest first. */
  get lines(): readonly string[] {
    return this.#lines
  }
}
