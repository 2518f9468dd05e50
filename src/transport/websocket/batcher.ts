/** Gathers small messages of one arrival into a batch, and checks the UTF-8 of all its texts at once. */
import { isUtf8 } from 'node:buffer'
import { badUtf8 } from './frame-rules.ts'
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
   * Where the next messages lie, and when they arrived; only while there are none. Between two of them there is
   * at least one byte, and none that UTF-8 could take for part of either.
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
   * Delivers what there is. Throws a `FrameError` at a text that is not valid UTF-8, once it is delivered by itself,
   * after what is before it.
   */
  flush(): void {
    if (this.#count === 0) return
    const bad = this.#firstBad()
    const count = bad ?? this.#count
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
    if (bad === undefined) return
    this.#sink.message({
      time: this.#time,
      payload: this.#bytes.subarray(this.#starts[bad], this.#end(bad)),
      binary: false,
      frames: 1,
      wireSize: this.#wireSizes[bad] ?? 0,
      ...this.#frame,
    })
    throw badUtf8()
  }

  /** The first text that is not valid UTF-8. */
  #firstBad(): number | undefined {
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
