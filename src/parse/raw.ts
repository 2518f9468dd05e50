import type { RecordParser, RecordSink } from './record.ts'

/** No framing: each chunk is a record. */
export class RawParser implements RecordParser {
  readonly #sink: RecordSink
  #position = 0

  constructor(sink: RecordSink) {
    this.#sink = sink
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return
    const start = this.#position
    this.#position += chunk.length
    this.#sink({ kind: 'record', payload: chunk, start, end: this.#position })
  }

  end(): void {}
}
