import { type ParserOptions, type RecordParser, type RecordSink, tooLarge } from './record.ts'
import { Window } from './window.ts'

export interface LengthPrefixedOptions extends ParserOptions {
  /** Bytes before the length: 0, or 4 in Docker's frames `[type, 0, 0, 0, length]`. Default 0. */
  readonly skip?: number
}

/** Records after their length, an unsigned 32-bit big-endian integer. */
export class LengthPrefixedParser implements RecordParser {
  readonly #limit: number
  readonly #skip: number
  readonly #sink: RecordSink
  readonly #window = new Window()

  constructor(options: LengthPrefixedOptions, sink: RecordSink) {
    this.#limit = options.maxRecordSize
    this.#skip = options.skip ?? 0
    this.#sink = sink
  }

  push(chunk: Uint8Array): void {
    this.#window.add(chunk)
    while (this.#next()) {}
    this.#window.keep()
  }

  end(): void {
    const window = this.#window
    if (window.length === 0) return
    const payload = window.view.subarray(Math.min(this.#skip + 4, window.length))
    const end = window.position + window.length
    this.#sink({ kind: 'record', payload, start: window.position, end, truncated: true })
  }

  #next(): boolean {
    const window = this.#window
    const body = window.head + this.#skip + 4
    if (body > window.view.length) return false
    const length = new DataView(window.view.buffer, window.view.byteOffset).getUint32(body - 4)
    if (length > this.#limit) throw tooLarge('record', this.#limit)
    const end = body + length
    if (end > window.view.length) return false
    const payload = window.view.subarray(body, end)
    const start = window.position
    window.head = end
    this.#sink({ kind: 'record', payload, start, end: window.base + end })
    return true
  }
}
