import { isJsonSpace, isSelfDelimiting, JSON_ENDS, JsonDepth, trimJson } from './json.ts'
import {
  type ParserOptions,
  type RecordParser,
  type RecordSink,
  type StreamRecord,
  tooLarge,
} from './record.ts'
import { Window } from './window.ts'

const RS = 0x1e
const LF = 0x0a
const SPACE = 0x20
const OPEN = 0x5b
const CLOSE = 0x5d
const COMMA = 0x2c
const NOTHING = new Uint8Array(0)

export interface JsonSeqOptions extends ParserOptions {
  /** Whether a text may be delivered before its end is certain, at a lull. */
  readonly pieces?: boolean
}

/**
 * JSON text sequences (RFC 7464): each text begins with RS and ends with LF. A text is delivered at the LF that ends it,
 * which is one outside of brackets and strings, without waiting for the next RS. A text that is cut off by the next RS
 * or the end of the stream is delivered as truncated (section 2.3). Texts without RS are accepted, too.
 *
 * At a lull, a complete text is delivered without its LF. An incomplete array is delivered element by element from then
 * on, each as soon as it is complete.
 */
export class JsonSeqParser implements RecordParser {
  readonly #limit: number
  readonly #pieces: boolean
  readonly #sink: RecordSink
  readonly #window = new Window()
  /** Inside an array that is delivered element by element. */
  #isInArray = false
  #depth = new JsonDepth()
  /** The first and the last byte of the text, apart from white space; 0 if there is none yet. */
  #first = 0
  #last = 0
  /** Position at which the span of the next record begins. */
  #start = 0

  constructor(options: JsonSeqOptions, sink: RecordSink) {
    this.#limit = options.maxRecordSize
    this.#pieces = options.pieces ?? false
    this.#sink = sink
  }

  get pending(): number | undefined {
    if (!this.#pieces || this.#isInArray) return undefined
    const isReady = this.#depth.outside ? JSON_ENDS.has(this.#last) : this.#first === OPEN
    return isReady ? this.#window.position : undefined
  }

  push(chunk: Uint8Array): void {
    const window = this.#window
    window.add(chunk)
    this.#scan(window.fresh)
    window.keep()
    if (window.length > this.#limit) throw tooLarge('JSON text', this.#limit)
  }

  lull(): void {
    if (this.pending === undefined) return
    const window = this.#window
    window.add(NOTHING)
    const { view, base, head } = window
    if (this.#depth.outside) {
      this.#deliver(trimJson(view.subarray(head)), base + view.length, false)
      this.#reset(view.length)
    } else {
      this.#isInArray = true
      this.#reset(view.indexOf(OPEN, head) + 1)
      this.#depth.take(OPEN)
      this.#scan(window.head)
    }
    window.keep()
  }

  #scan(from: number): void {
    const window = this.#window
    const { view } = window
    for (let i = from; i < view.length; i++) {
      const byte = view[i] ?? 0
      if (this.#isInArray) this.#takeInArray(byte, i)
      else if (byte === RS) {
        const text = trimJson(view.subarray(window.head, i))
        this.#deliver(text, window.base + i, !isWhole(text, this.#depth))
        this.#reset(i + 1)
      } else if (byte === LF && this.#depth.outside) {
        this.#deliver(trimJson(view.subarray(window.head, i)), window.base + i + 1, false)
        this.#reset(i + 1)
      } else {
        if (byte > SPACE) {
          this.#last = byte
          if (this.#first === 0) this.#first = byte
        }
        this.#depth.take(byte)
      }
    }
  }

  end(): void {
    const { view, position, length } = this.#window
    const text = trimJson(view)
    const end = position + length
    if (this.#isInArray && text.length === 0)
      this.#sink({ ...this.#record(text, end), kind: 'discarded', truncated: true })
    else this.#deliver(text, end, this.#isInArray || !isWhole(text, this.#depth))
  }

  /** Reads the byte at `at` in an array. An element ends with its bracket or quote, or at the byte that follows it. */
  #takeInArray(byte: number, at: number): void {
    if (this.#depth.level === 1 && (byte === COMMA || byte === CLOSE || isJsonSpace(byte))) {
      this.#deliverElement(at, at + 1)
      if (byte !== CLOSE) return
      this.#isInArray = false
      this.#reset(at + 1)
      return
    }
    this.#depth.take(byte)
    if (this.#depth.level === 1 && JSON_ENDS.has(byte)) this.#deliverElement(at + 1, at + 1)
  }

  #deliverElement(to: number, next: number): void {
    const window = this.#window
    this.#deliver(window.view.subarray(window.head, to), window.base + next, false)
    window.head = next
  }

  #reset(head: number): void {
    this.#window.head = head
    this.#depth = new JsonDepth()
    this.#first = 0
    this.#last = 0
  }

  #deliver(payload: Uint8Array, end: number, truncated: boolean): void {
    if (payload.length === 0) return
    if (payload.length > this.#limit) throw tooLarge('JSON text', this.#limit)
    const record = this.#record(payload, end)
    this.#sink(truncated ? { ...record, truncated } : record)
  }

  #record(payload: Uint8Array, end: number): StreamRecord {
    const record = { kind: 'record' as const, payload, start: this.#start, end }
    this.#start = end
    return this.#isInArray ? { ...record, framing: 'json-array' } : record
  }
}

function isWhole(text: Uint8Array, depth: JsonDepth): boolean {
  return depth.outside && isSelfDelimiting(text)
}
