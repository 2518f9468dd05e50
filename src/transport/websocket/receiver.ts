/**
 * Reads what a peer sends over a WebSocket (RFC 6455 section 5) from the socket's own chunks. Headers are read in place, payloads are
 * unmasked in place and not copied. Messages that lie whole in a chunk are delivered in batches, all others one by one, in the order in
 * which they were sent. Protocol errors use the codes and messages of `ws`.
 */
import { isUtf8 } from 'node:buffer'
import { Batcher } from './batcher.ts'
import {
  checkClosePayload,
  checkHeader,
  FIN,
  FrameError,
  headerAt,
  headerSize,
  invalidUtf8,
  KEY_SIZE,
  messageTooLarge,
  payloadSize,
  RSV1,
  requireFrameError,
  tooManyFragments,
} from './frame-rules.ts'
import { type Inflated, type Inflation, inflateSlice, MAX_COMPRESSED, outgrow, STEP } from './inflation.ts'
import { LentOutput } from './lent-output.ts'
import { asSliceable, PartialFrame } from './partial-frame.ts'
import { newMessage, type PartialMessage, withFrame } from './partial-message.ts'
import type { ReceivedControl, ReceiverOptions, ReceiverSink, WaitingChunk } from './received.ts'
import { unmask } from './unmask.ts'

const TEXT_MESSAGE = 0x81
const BINARY_MESSAGE = 0x82
/** Milliseconds for which inflating may block the thread. */
const SLICE = 8
const sameSize = (size: number) => size

/**
 * `header`: at the beginning of a frame, or inside its header. `payload`: inside the payload of a frame that spans chunks. `over`: inside
 * a payload that is passed over. `inflating`: a large message is inflated in slices, and chunks wait. `closed`: nothing is read any more.
 */
type State = 'header' | 'payload' | 'over' | 'inflating' | 'closed'

export class Receiver {
  readonly #options: ReceiverOptions
  readonly #sink: ReceiverSink
  readonly #masked: boolean
  readonly #wireSize: (size: number) => number
  #state: State = 'header'
  /** Made when a frame spans chunks, which few messages of a quiet connection do. */
  #partialFrame: PartialFrame | undefined
  /** Bytes that are still to come of a payload that is passed over, and whether it is the last of its message. */
  #over = { left: 0, isLast: false }
  /** The message whose fragments are arriving. */
  #message: PartialMessage | undefined
  readonly #plain: Batcher
  /** Undefined without an inflater. */
  readonly #inflated: Inflated | undefined
  #inflation: Inflation | undefined
  #sliceEnd = 0
  readonly #waiting: WaitingChunk[] = []

  constructor(options: ReceiverOptions, sink: ReceiverSink) {
    this.#options = options
    this.#sink = sink
    this.#masked = options.masked === true
    this.#wireSize = options.measure ?? sameSize
    this.#plain = new Batcher(false, sink)
    if (options.inflater !== undefined)
      this.#inflated = { batch: new Batcher(true, sink), output: new LentOutput() }
  }

  /**
   * Reads the next bytes, which arrived at `time`, and overwrites the headers and masked payloads in them. Returns false
   * if it still needs some of the bytes afterwards.
   */
  push(chunk: Uint8Array, time: number): boolean {
    if (this.#state === 'closed') return true
    const bytes = asSliceable(chunk)
    if (this.#inflation === undefined) {
      this.#startSlice()
      let failure: FrameError | undefined
      try {
        this.#read(bytes, 0, time)
      } catch (thrown) {
        failure = requireFrameError(thrown)
      }
      this.#deliver(failure)
    } else this.#waiting.push({ chunk: bytes, at: 0, time })
    return this.#message === undefined && this.#inflation === undefined
  }

  /** The connection has ended: reads the chunks that wait, however long that takes. */
  finish(): void {
    this.#sliceEnd = Number.POSITIVE_INFINITY
    if (this.#inflation !== undefined) this.#continueInflating(this.#inflation)
    this.#state = 'closed'
    this.#options.inflater?.close()
  }

  /** Wire size of a message or frame that has begun and not ended. */
  get unfinished(): number {
    return (this.#message?.wireSize ?? 0) + (this.#partialFrame?.size ?? 0) - this.#over.left
  }

  get #partial(): PartialFrame {
    this.#partialFrame ??= new PartialFrame()
    return this.#partialFrame
  }

  #startSlice(): void {
    if (this.#options.inflater !== undefined && this.#sliceEnd !== Number.POSITIVE_INFINITY)
      this.#sliceEnd = performance.now() + SLICE
  }

  /** Delivers the batches, also those before an invalid frame, then the failure if there is one. */
  #deliver(frameFailure: FrameError | undefined): void {
    let failure = frameFailure
    try {
      this.#flush()
    } catch (thrown) {
      // An error in the batched messages came before one in the frame that follows them.
      failure = requireFrameError(thrown)
    }
    this.#plain.end()
    if (failure === undefined) return
    this.#state = 'closed'
    this.#inflation = undefined
    this.#sink.failed(failure)
  }

  #flush(): void {
    this.#plain.flush()
    this.#inflated?.batch.flush()
    this.#inflated?.output.giveBack()
  }

  #read(chunk: Uint8Array, from: number, time: number): void {
    this.#plain.begin(chunk, time)
    let at = from
    const isContinued = this.#partialFrame !== undefined && this.#partialFrame.headerLength > 0
    try {
      if (isContinued) at = this.#continueFrame(chunk, at, time)
      else if (this.#state === 'over') at = this.#passOver(chunk, at, time)
      while (at < chunk.length && this.#state === 'header') at = this.#readFrame(chunk, at, time)
    } catch (thrown) {
      if (thrown instanceof FrameError)
        thrown.header = isContinued && at === from ? this.#partial.header.slice() : headerAt(chunk, at)
      throw thrown
    }
    if (this.#state === 'inflating' && at < chunk.length) this.#waiting.unshift({ chunk, at, time })
  }

  /** Reads the frame that begins at `at`; returns where the next one begins. */
  #readFrame(chunk: Uint8Array, at: number, time: number): number {
    const first = chunk[at] ?? 0
    const second = chunk[at + 1] ?? 0
    const left = chunk.length - at
    const header = headerSize(second)
    if (left < 2 || left < header) return this.#keepHeader(chunk, at)
    const isWhole = first === TEXT_MESSAGE || first === BINARY_MESSAGE
    if (!isWhole || second > 127 !== this.#masked || this.#message !== undefined)
      this.#checkHeader(first, second)
    const size = second < 126 ? second : payloadSize(chunk, at)
    const start = at + header
    if ((first & 0x0f) < 8 && this.#isTooLarge(first, size))
      return this.#beginOver(first, size, header, chunk, start, time)
    if (size > chunk.length - start) return this.#keepPayload(chunk, at, header, size)
    if (this.#masked) unmask(chunk, start, size, chunk, start - KEY_SIZE)
    if (isWhole) {
      // So that no byte between two texts can seem to belong to either of them.
      for (let i = at; i < start; i++) chunk[i] = 0
      if (this.#inflated !== undefined && this.#inflated.batch.count > 0) this.#flush()
      this.#plain.add(start, size, this.#wireSize(header + size), first === BINARY_MESSAGE)
      return start + size
    }
    const payload = chunk.subarray(start, start + size)
    const isWholeCompressed = (first & (FIN | RSV1)) === (FIN | RSV1)
    if (isWholeCompressed) this.#inflateWhole(first, payload, header, time)
    else this.#onFrame(first, payload, header, time)
    return start + size
  }

  #checkHeader(first: number, second: number): void {
    const fragmented = this.#message !== undefined
    checkHeader(first, second, {
      fragmented,
      compression: this.#inflated !== undefined,
      masked: this.#masked,
    })
  }

  /** Whether the frame makes its message too large, so that it has to be passed over. Throws if that is an error. */
  #isTooLarge(first: number, size: number): boolean {
    const { maxSize, passesOver } = this.#options
    const { payloadSize: before = 0, compressed = (first & RSV1) !== 0 } = this.#message ?? {}
    const isTooLarge = size + before > (compressed && passesOver ? MAX_COMPRESSED : maxSize)
    if (isTooLarge && (compressed || passesOver !== true)) throw messageTooLarge()
    return isTooLarge
  }

  /** Begins to pass over the payload of a frame, which begins at `at`. Returns where the next frame begins. */
  #beginOver(first: number, size: number, head: number, chunk: Uint8Array, at: number, time: number): number {
    this.#message = withFrame(this.#message, first, size, head + size)
    outgrow(this.#message, this.#options)
    this.#message.size += size
    this.#over = { left: size, isLast: (first & FIN) !== 0 }
    this.#state = 'over'
    return this.#passOver(chunk, at, time)
  }

  #passOver(chunk: Uint8Array, at: number, time: number): number {
    const end = Math.min(chunk.length, at + this.#over.left)
    this.#over.left -= end - at
    if (this.#over.left > 0 || this.#message === undefined) return end
    this.#state = 'header'
    this.#endFrame(this.#message, this.#over.isLast, time)
    return end
  }

  /** Keeps an incomplete header at the end of a chunk. */
  #keepHeader(chunk: Uint8Array, at: number): number {
    this.#partial.addHeader(chunk.subarray(at))
    if (this.#partial.headerLength >= 2) this.#checkHeader(this.#partial.first, this.#partial.second)
    return chunk.length
  }

  /** Keeps a frame whose payload is incomplete at the end of a chunk. */
  #keepPayload(chunk: Uint8Array, at: number, header: number, size: number): number {
    this.#partial.addHeader(chunk.subarray(at, at + header))
    this.#partial.beginPayload(size)
    this.#partial.addPayload(chunk, at + header)
    this.#state = 'payload'
    return chunk.length
  }

  /** Reads on in a frame that began in an earlier chunk; returns where the next one begins. */
  #continueFrame(chunk: Uint8Array, from: number, time: number): number {
    const frame = this.#partial
    let at = from
    while (this.#state === 'header') {
      const missing = frame.missingHeader
      if (missing === 0) {
        const size = payloadSize(frame.header, 0)
        const { first, headerLength } = frame
        if ((first & 0x0f) < 8 && this.#isTooLarge(first, size)) {
          frame.clear()
          return this.#beginOver(first, size, headerLength, chunk, at, time)
        }
        frame.beginPayload(size)
        this.#state = 'payload'
        break
      }
      if (at === chunk.length) return at
      const bytes = chunk.subarray(at, at + missing)
      frame.addHeader(bytes)
      at += bytes.length
      if (frame.headerLength >= 2) this.#checkHeader(frame.first, frame.second)
    }
    at += frame.addPayload(chunk, at)
    const { first, payload, headerLength } = frame
    if (payload === undefined) return at
    if (this.#masked) unmask(payload, 0, payload.length, frame.header, headerLength - KEY_SIZE)
    this.#state = 'header'
    this.#onFrame(first, payload, headerLength, time)
    // Not earlier: if the frame is invalid, the error quotes its header.
    frame.clear()
    return at
  }

  /** Handles a frame that has arrived, unless it was added to a batch. */
  #onFrame(first: number, payload: Uint8Array, header: number, time: number): void {
    const opcode = first & 0x0f
    const wireSize = this.#wireSize(header + payload.length)
    if (opcode > 7) {
      this.#onControl(opcode, { time, payload: payload.slice(), wireSize })
      return
    }
    const message = withFrame(this.#message, first, payload.length, wireSize)
    if (message.frames > this.#options.maxFragments) throw tooManyFragments()
    const isLast = (first & FIN) !== 0
    if (!message.compressed) {
      message.parts.push(isLast && message.frames === 1 ? payload : this.#own(payload))
      message.size += payload.length
      this.#endFrame(message, isLast, time)
      return
    }
    this.#options.inflater?.begin(payload, isLast)
    this.#inflate({ message, isLast, time })
  }

  /** Bytes that can be kept: a copy if they would be overwritten, or would keep a much larger chunk alive. */
  #own(payload: Uint8Array): Uint8Array {
    const isSmallPart = payload.length < payload.buffer.byteLength / 2
    if (isSmallPart || this.#options.isLent) return payload.slice()
    return this.#partialFrame?.isShared(payload) ? payload.slice() : payload
  }

  #onControl(opcode: number, control: ReceivedControl): void {
    this.#flush()
    if (opcode === 9) this.#sink.ping(control)
    else if (opcode === 10) this.#sink.pong(control)
    else {
      checkClosePayload(control.payload)
      this.#state = 'closed'
      this.#sink.close(control)
    }
  }

  /** Inflates a message of one frame: into the batch, or in slices if it is large. */
  #inflateWhole(first: number, payload: Uint8Array, header: number, time: number): void {
    const { inflater, maxSize } = this.#options
    if (inflater === undefined || this.#inflated === undefined) return
    const { batch, output } = this.#inflated
    if (this.#plain.count > 0 || output.left <= STEP) this.#flush()
    if (!output.isLent) batch.begin(output.lend(), time)
    const bytes = output.lend()
    // So that no byte between two texts can seem to belong to either of them.
    bytes[output.end++] = 0
    const at = output.end
    inflater.begin(payload, true)
    const size = inflater.step(bytes, at)
    const isTooLarge = size > maxSize
    if (isTooLarge && this.#options.passesOver !== true) throw messageTooLarge()
    const wireSize = this.#wireSize(header + payload.length)
    const binary = first === (BINARY_MESSAGE | RSV1)
    if (inflater.pending || isTooLarge) {
      const parts = isTooLarge ? [] : [bytes.slice(at, at + size)]
      const message = { ...newMessage(binary, true), parts, isTooLarge, size, frames: 1, wireSize }
      this.#inflate({ message, isLast: true, time })
    } else {
      batch.add(at, size, wireSize, binary)
      output.end = at + size
    }
  }

  /** Inflates the frame given to the inflater: now, or in slices if that takes long. */
  #inflate(inflation: Inflation): void {
    const { message, isLast, time } = inflation
    if (this.#inflateSlice(message)) {
      this.#endFrame(message, isLast, time)
      return
    }
    this.#flush()
    this.#state = 'inflating'
    this.#inflation = inflation
    this.#sink.busy(true)
    setImmediate(() => this.#continueInflating(inflation))
  }

  #continueInflating(inflation: Inflation): void {
    if (this.#inflation !== inflation) return
    const { message, isLast, time } = inflation
    this.#startSlice()
    let failure: FrameError | undefined
    try {
      if (this.#inflateSlice(message)) {
        this.#inflation = undefined
        this.#state = 'header'
        this.#endFrame(message, isLast, time)
        this.#readWaiting()
      } else setImmediate(() => this.#continueInflating(inflation))
    } catch (thrown) {
      failure = requireFrameError(thrown)
    }
    this.#deliver(failure)
    if (this.#inflation === undefined) this.#sink.busy(false)
  }

  #inflateSlice(message: PartialMessage): boolean {
    return inflateSlice(this.#options.inflater, message, this.#sliceEnd, this.#options)
  }

  #readWaiting(): void {
    while (this.#state !== 'inflating' && this.#state !== 'closed') {
      const next = this.#waiting.shift()
      if (next === undefined) return
      this.#read(next.chunk, next.at, next.time)
      this.#flush()
    }
  }

  #endFrame(message: PartialMessage, isLast: boolean, time: number): void {
    this.#message = isLast ? undefined : message
    if (!isLast) return
    const { binary, frames, wireSize, compressed, parts } = message
    if (message.isTooLarge) {
      this.#flush()
      this.#sink.tooLarge?.({ time, binary, frames, wireSize, compressed, size: message.size })
      return
    }
    const payload = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
    this.#flush()
    this.#sink.message({ time, payload, binary, frames, wireSize, compressed })
    // RFC 6455 section 8.1: the connection fails. The message that causes it is delivered first.
    if (!binary && !isUtf8(payload)) throw invalidUtf8()
  }
}
