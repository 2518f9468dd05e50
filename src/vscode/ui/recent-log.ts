/** The newest lines of the log, for reports of issues. Does not import `vscode`. */

/** Lines, and characters of each. */
const MAX_LINES = 40
const MAX_LENGTH = 300

export class RecentLog {
  readonly #lines: string[] = []

  /** Secrets must be masked in the values. */
  add(level: string, values: readonly unknown[], now = new Date()): void {
    const text = values.map(String).join(' ')
    const short = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text
    this.#lines.push(`${now.toISOString()} [${level}] ${short}`)
    if (this.#lines.length > MAX_LINES) this.#lines.shift()
  }

  /** The oldest first. */
  get lines(): readonly string[] {
    return this.#lines
  }
}
