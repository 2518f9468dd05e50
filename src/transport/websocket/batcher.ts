/** Collects the small messages of one arrival in a batch, and checks the UTF-8 of all its texts at once. */
import { isUtf8 } from 'node:buffer'
import { invalidUtf8 } from './frame-rules.ts'
import type { ReceiverSink } from './received.ts'

const CAPACITY = 4096

type BatchSink = Pick<ReceiverSink, 'batch' | 'message'>

export class Batcher {
  readonly #sink: BatchSink
  readonly #starts = new Uint32Array(CAPACITY)
  readonly #sizes = new Uint32Array(CAPACITY)
  readonly #wireSizes = new Uint32Array(CAPACITY)
  readonly #binary = new Uint8Array(CAPACITY)
  #count = 0
  #hasBinary = false
  readonly #frame: { readonly compressed: boolean }
  #bytes: Uint8Array = new Uint8Array(0)
  #time = 0

  constructor(compressed: boolean, sink: BatchSink) {
    this.#frame = { compressed }
    this.#sink = sink
  }

  get count(): number {
    return this.#count
  }

  /**
   * Sets the bytes that contain the next messages, and when those arrived. The batch must be empty. Any two messages
   * must be separated by at least one byte, and no separator may be part of a multi-byte UTF-8 character.
   */
  begin(bytes: Uint8Array, time: number): void {
    this.#bytes = bytes
    this.#time = time
  }

  /** Adds a message. Throws a `FrameError` as `flush` does. */
  add(start: number, size: number, wireSize: number, binary: boolean): void {
    const at = this.#count++
    this.#starts[at] = start
    this.#sizes[at] = size
    this.#wireSizes[at] = wireSize
    this.#binary[at] = binary ? 1 : 0
    if (binary) this.#hasBinary = true
    if (this.#count === CAPACITY) this.flush()
  }

  /**
   * Delivers the messages and empties the batch. If a text is not valid UTF-8, delivers the messages before it, then
   * that text by itself, and throws a `FrameError`.
   */
  flush(): void {
    if (this.#count === 0) return
    const invalid = this.#firstInvalid()
    const count = invalid ?? this.#count
    this.#count = 0
    this.#hasBinary = false
    if (count > 0)
      this.#sink.batch({
        time: this.#time,
        count,
        bytes: this.#bytes,
        starts: this.#starts,
        sizes: this.#sizes,
        wireSizes: this.#wireSizes,
        binary: this.#binary,
        frame: this.#frame,
      })
    if (invalid === undefined) return
    this.#sink.message({
      time: this.#time,
      payload: this.#bytes.subarray(this.#starts[invalid], this.#end(invalid)),
      binary: false,
      frames: 1,
      wireSize: this.#wireSizes[invalid] ?? 0,
      ...this.#frame,
    })
    throw invalidUtf8()
  }

  /** The index of the first text that is not valid UTF-8. */
  #firstInvalid(): number | undefined {
    if (!this.#hasBinary && isUtf8(this.#bytes.subarray(this.#starts[0], this.#end(this.#count - 1))))
      return undefined
    for (let index = 0; index < this.#count; index++) {
      if (this.#binary[index] === 1) continue
      if (!isUtf8(this.#bytes.subarray(this.#starts[index], this.#end(index)))) return index
    }
    return undefined
  }

  #end(index: number): number {
    return (this.#starts[index] ?? 0) + (this.#sizes[index] ?? 0)
  }
}
