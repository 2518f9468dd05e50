import { type ParserOptions, type RecordParser, type RecordSink, tooLarge } from './record.ts'
import { Window } from './window.ts'

/** Docker's frames begin with `[type, 0, 0, 0]`; type 1 is standard output, type 2 is standard error. */
const DOCKER_TYPE = 4
const LENGTH = 4

export interface LengthPrefixedOptions extends ParserOptions {
  /**
   * Whether the records are Docker's frames. Default: detected by the first record, because the media type often does
   * not say.
   */
  readonly docker?: boolean
}

/**
 * Records, each after its length as an unsigned 32-bit big-endian integer. In Docker's frames, a type precedes the
 * length.
 */
export class LengthPrefixedParser implements RecordParser {
  readonly #limit: number
  /** Bytes before the length; undefined until that is known. */
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

  /** A length that looks like Docker's type is exactly 16 or 32 MiB, which is unlikely for the first record. */
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
