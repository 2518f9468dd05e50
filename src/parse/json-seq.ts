import { isSelfDelimiting, JsonDepth, trimJson } from './json.ts'
import { type ParserOptions, type RecordParser, type RecordSink, tooLarge } from './record.ts'
import { Window } from './window.ts'

const RS = 0x1e
const LF = 0x0a

/**
 * JSON text sequences, RFC 7464: every text begins with RS and ends with LF. A text is delivered with
 * the LF that ends it, not only with the next RS: a LF outside of brackets and strings. One that the
 * next RS or the stream's end cuts is delivered as truncated (section 2.3). Texts without RS are read, too.
 */
export class JsonSeqParser implements RecordParser {
  readonly #limit: number
  readonly #sink: RecordSink
  readonly #window = new Window()
  #depth = new JsonDepth()
  /** Where the next record's span begins. */
  #start = 0

  constructor(options: ParserOptions, sink: RecordSink) {
    this.#limit = options.maxRecordSize
    this.#sink = sink
  }

  push(chunk: Uint8Array): void {
    const window = this.#window
    window.add(chunk)
    const { view } = window
    for (let i = window.fresh; i < view.length; i++) {
      const byte = view[i] ?? 0
      if (byte === RS) {
        const text = trimJson(view.subarray(window.head, i))
        this.#deliver(text, window.base + i, !isWhole(text, this.#depth))
        this.#reset(i + 1)
      } else if (byte === LF && this.#depth.outside) {
        this.#deliver(trimJson(view.subarray(window.head, i)), window.base + i + 1, false)
        this.#reset(i + 1)
      } else {
        this.#depth.take(byte)
      }
    }
    window.keep()
    if (window.length > this.#limit) throw tooLarge('JSON text', this.#limit)
  }

  end(): void {
    const text = trimJson(this.#window.view)
    this.#deliver(text, this.#window.position + this.#window.length, !isWhole(text, this.#depth))
  }

  #reset(head: number): void {
    this.#window.head = head
    this.#depth = new JsonDepth()
  }

  #deliver(payload: Uint8Array, end: number, truncated: boolean): void {
    if (payload.length === 0) return
    if (payload.length > this.#limit) throw tooLarge('JSON text', this.#limit)
    const record = { kind: 'record' as const, payload, start: this.#start, end }
    this.#start = end
    this.#sink(truncated ? { ...record, truncated } : record)
  }
}

function isWhole(text: Uint8Array, depth: JsonDepth): boolean {
  return depth.outside && isSelfDelimiting(text)
}
