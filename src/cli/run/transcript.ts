/** Keeps the readable lines of one request, for the report of its test. */

/** Lines that are kept from the beginning, and from the end. */
const FIRST = 100
const LAST = 100
/** Characters of a line. */
const COLUMNS = 160

export class Transcript {
  /** The width of its lines. */
  static readonly columns = COLUMNS
  readonly #first: string[] = []
  /** The newest lines, in a ring. */
  readonly #last: string[] = []
  #count = 0

  write(line: string): boolean {
    if (this.#first.length < FIRST) this.#first.push(line)
    else this.#last[(this.#count - FIRST) % LAST] = line
    this.#count++
    return true
  }

  onWritable(callback: () => void): void {
    queueMicrotask(callback)
  }

  get text(): string {
    const after = this.#count - this.#first.length
    const missing = after - this.#last.length
    const start = missing > 0 ? after % LAST : 0
    const last = [...this.#last.slice(start), ...this.#last.slice(0, start)]
    return [...this.#first, ...(missing > 0 ? [`… ${missing} lines omitted …`] : []), ...last].join('\n')
  }
}
