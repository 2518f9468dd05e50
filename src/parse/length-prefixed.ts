import { type ParserOptions, type RecordParser, type RecordSink, tooLarge } from './record.ts'
import { Window } from './window.ts'

/** Docker's frames begin with `[type, 0, 0, 0]`, where the type is 1 or 2: standard output, standard error. */
const DOCKER_TYPE = 4
const LENGTH = 4

export interface LengthPrefixedOptions extends ParserOptions {
  /** Whether the records are Docker's frames; absent: found out by the first, since their type is often not said. */
  readonly docker?: boolean
}

/** Records after their length, an unsigned 32-bit big-endian integer, which follows a type in Docker's frames. */
export class LengthPrefixedParser implements RecordParser {
  readonly #limit: number
  /** Bytes before the length; undefined while that is not known. */
  #skip: number | undefined
  readonly #sink: RecordSink
  readonly #window = new Window()

  constructor(options: LengthPrefixedOptions, sink: RecordSink) {
    this.#limit = options.maxRecordSize
    this.#skip = options.docker ? DOCKER_TYPE : undefined
    this.#sink = sink
  }

  push(chunk: Uint8Array): void {
    this.#window.add(chunk)
    this.#skip ??= this.#findSkip()
    while (this.#next()) {}
    this.#window.keep()
  }

  end(): void {
    const window = this.#window
    if (window.length === 0) return
    const payload = window.view.subarray(Math.min((this.#skip ?? 0) + LENGTH, window.length))
    const end = window.position + window.length
    this.#sink({ kind: 'record', payload, start: window.position, end, truncated: true })
  }

  /** A length that reads as Docker's type is of 16 or 32 MiB to the byte, and hardly the first of a stream. */
  #findSkip(): number | undefined {
    const { view } = this.#window
    const [type, ...zeros] = view.subarray(0, DOCKER_TYPE)
    if (type === undefined) return undefined
    if ((type !== 1 && type !== 2) || zeros.some((byte) => byte !== 0)) return 0
    return view.length < DOCKER_TYPE ? undefined : DOCKER_TYPE
  }

  #next(): boolean {
    if (this.#skip === undefined) return false
    const window = this.#window
    const body = window.head + this.#skip + LENGTH
    if (body > window.view.length) return false
    const length = new DataView(window.view.buffer, window.view.byteOffset).getUint32(body - LENGTH)
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
