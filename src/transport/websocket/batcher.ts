/** Collects the small messages of one arrival in a batch, and checks the UTF-8 of all its texts at once. */

import { isUtf8 } from 'node:buffer'
import { MAX_FRAME_HEADER } from '../../shared/frame-header.ts'
import type { MessageBatch } from '../../shared/message-batch.ts'
import { Lender } from '../lender.ts'
import { invalidUtf8 } from './frame-rules.ts'
import type { ReceiverSink } from './received.ts'

const CAPACITY = 4096

type BatchSink = Pick<ReceiverSink, 'batch' | 'message'>

/** Lent from the first message of a batch until it is delivered. */
type LentBatch = { -readonly [Name in keyof MessageBatch]: MessageBatch[Name] }

const NO_BYTES = new Uint8Array(0)
const batches = new Lender<LentBatch>(() => ({
  time: 0,
  count: 0,
  bytes: NO_BYTES,
  starts: new Uint32Array(CAPACITY),
  sizes: new Uint32Array(CAPACITY),
  wireSizes: new Uint32Array(CAPACITY),
  binary: new Uint8Array(CAPACITY),
  frame: { compressed: false },
}))

export class Batcher {
  readonly #sink: BatchSink
  #batch: LentBatch | undefined
  #count = 0
  #hasBinary = false
  readonly #frame: { readonly compressed: boolean }
  #bytes: Uint8Array = NO_BYTES
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
    this.#batch ??= batches.lend()
    const { starts, sizes, wireSizes, binary: binaries } = this.#batch
    const at = this.#count++
    starts[at] = start
    sizes[at] = size
    wireSizes[at] = wireSize
    binaries[at] = binary ? 1 : 0
    if (binary) this.#hasBinary = true
    if (this.#count === CAPACITY) this.flush()
  }

  /**
   * Delivers the messages and empties the batch. If a text is not valid UTF-8, delivers the messages before it, then
   * that text by itself, and throws a `FrameError`.
   */
  flush(): void {
    const lent = this.#batch
    if (lent === undefined) return
    const bytes = this.#bytes
    const invalid = firstInvalid(bytes, lent, this.#count, this.#hasBinary)
    const count = invalid ?? this.#count
    this.#batch = undefined
    this.#count = 0
    this.#hasBinary = false
    lent.time = this.#time
    lent.count = count
    lent.bytes = bytes
    lent.frame = this.#frame
    if (count > 0) this.#sink.batch(lent)
    lent.bytes = NO_BYTES
    if (invalid === undefined) {
      batches.giveBack(lent)
      return
    }
    this.#sink.message({
      time: this.#time,
      payload: bytes.subarray(lent.starts[invalid], endOf(lent, invalid)),
      binary: false,
      frames: 1,
      wireSize: lent.wireSizes[invalid] ?? 0,
      ...this.#frame,
    })
    throw invalidUtf8()
  }

  /** Lets go of the bytes, which may be much more than the messages. The batch must be empty. */
  end(): void {
    this.#bytes = NO_BYTES
  }
}

/** The index of the first text that is not valid UTF-8. */
function firstInvalid(
  bytes: Uint8Array,
  lent: LentBatch,
  count: number,
  hasBinary: boolean,
): number | undefined {
  const { starts, binary } = lent
  if (!hasBinary && isUtf8(covering(bytes, starts[0] ?? 0, endOf(lent, count - 1)))) return undefined
  for (let index = 0; index < count; index++) {
    if (binary[index] === 1) continue
    if (!isUtf8(bytes.subarray(starts[index], endOf(lent, index)))) return index
  }
  return undefined
}

/**
 * The bytes from `start` to `end`, or all of them if only a header precedes these: making a view takes longer than checking a header.
 * If all are valid UTF-8, so are these, because a character begins after a zero.
 */
function covering(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const isMost = end === bytes.length && start <= MAX_FRAME_HEADER && (start === 0 || bytes[start - 1] === 0)
  return isMost ? bytes : bytes.subarray(start, end)
}

function endOf({ starts, sizes }: LentBatch, index: number): number {
  return (starts[index] ?? 0) + (sizes[index] ?? 0)
}
