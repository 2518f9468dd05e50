/**
 * Reads what a server sends over a WebSocket (RFC 6455 section 5) out of the socket's own chunks: headers are read
 * where they lie, payloads are not copied. Messages that lie whole in a chunk are delivered in batches, all else
 * one by one, in the order of the wire. What is no WebSocket is refused in the words of `ws`.
 */
import { isUtf8 } from 'node:buffer'
import { Batcher } from './batcher.ts'
import {
  badUtf8,
  checkClosePayload,
  checkHeader,
  FIN,
  FrameError,
  headerSize,
  messageTooLarge,
  payloadSize,
  RSV1,
  tooManyFragments,
} from './frame-rules.ts'
import type { ReceivedControl, ReceiverOptions, ReceiverSink } from './received.ts'

const MAX_HEADER = 10
const TEXT_MESSAGE = 0x81
const BINARY_MESSAGE = 0x82
/** Room for inflated messages of one arrival, and how much of it one of them is offered. */
const OUTPUT = 512 * 1024
/** Payloads up to this many bytes that lie in several chunks are put together in the same place. */
const MAX_ROOM = 1024 * 1024
const STEP = 128 * 1024
/** Milliseconds that inflating may hold the thread. */
const SLICE = 8

/** A data message of which not all has come. */
interface Gathering {
  readonly binary: boolean
  readonly compressed: boolean
  readonly parts: Uint8Array[]
  /** Bytes of the parts. */
  size: number
  /** Bytes of its frames' payloads. */
  payloadSize: number
  frames: number
  wireSize: number
}

interface Arrival {
  readonly chunk: Uint8Array
  readonly at: number
  readonly time: number
}

export class Receiver {
  readonly #options: ReceiverOptions
  readonly #sink: ReceiverSink
  readonly #plain: Batcher
  readonly #inflated: Batcher
  readonly #output: Uint8Array
  #outputEnd = 0
  /** What is inflated at once of a message that is gathered. */
  readonly #step: Uint8Array
  /** A header of which not all has come, or that of `#payload`. */
  readonly #header = new Uint8Array(MAX_HEADER)
  #headerLength = 0
  /** The payload of a frame that lies in several chunks. */
  #payload: Uint8Array | undefined
  #memory = new Uint8Array(0)
  #payloadLength = 0
  /** The message whose fragments are coming. */
  #message: Gathering | undefined
  #over = false
  /** Goes on inflating. */
  #resume: (() => void) | undefined
  /** Arrived meanwhile. */
  readonly #waiting: Arrival[] = []
  #sliceEnd = 0

  constructor(options: ReceiverOptions, sink: ReceiverSink) {
    this.#options = options
    this.#sink = sink
    this.#output = new Uint8Array(options.inflater === undefined ? 0 : OUTPUT)
    this.#step = new Uint8Array(options.inflater === undefined ? 0 : STEP)
    this.#plain = new Batcher(false, sink)
    this.#inflated = new Batcher(true, sink)
  }

  /**
   * Takes the next bytes, which arrived at `time`, and overwrites headers in them. False where it still needs some
   * of them afterwards.
   */
  push(chunk: Uint8Array, time: number): boolean {
    if (this.#over) return true
    // Of a Buffer a slice would be no copy.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length)
    if (this.#resume === undefined) {
      this.#startSlice()
      this.#guard(() => this.#read(bytes, 0, time))
    } else this.#waiting.push({ chunk: bytes, at: 0, time })
    return this.#message === undefined && this.#resume === undefined
  }

  /** Takes what waits, however long it takes, since no more comes. */
  finish(): void {
    this.#sliceEnd = Number.POSITIVE_INFINITY
    this.#resume?.()
    this.#over = true
    this.#options.inflater?.close()
  }

  /** Bytes on the wire of a message, or of a frame, that began and has not ended. */
  get unfinished(): number {
    return (this.#message?.wireSize ?? 0) + this.#headerLength + this.#payloadLength
  }

  #startSlice(): void {
    if (this.#options.inflater !== undefined && this.#sliceEnd !== Number.POSITIVE_INFINITY)
      this.#sliceEnd = performance.now() + SLICE
  }

  #guard(work: () => void): void {
    let failure: FrameError | undefined
    for (const part of [work, () => this.#flush()]) {
      try {
        part()
      } catch (thrown) {
        if (!(thrown instanceof FrameError)) throw thrown
        // What is found when the messages before it are delivered came first.
        failure = thrown
      }
    }
    if (failure === undefined) return
    this.#over = true
    this.#resume = undefined
    this.#sink.failed(failure)
  }

  #flush(): void {
    this.#plain.flush()
    this.#inflated.flush()
    this.#outputEnd = 0
  }

  #read(chunk: Uint8Array, from: number, time: number): void {
    this.#plain.begin(chunk, time)
    this.#inflated.begin(this.#output, time)
    let at = from
    const continued = this.#headerLength > 0
    try {
      if (continued) at = this.#continueFrame(chunk, at, time)
      while (at < chunk.length && !this.#over && this.#resume === undefined)
        at = this.#readFrame(chunk, at, time)
    } catch (thrown) {
      if (thrown instanceof FrameError)
        thrown.header =
          continued && at === from ? this.#header.slice(0, this.#headerLength) : headerAt(chunk, at)
      throw thrown
    }
    if (this.#resume !== undefined && at < chunk.length) this.#waiting.unshift({ chunk, at, time })
  }

  /** Reads the frame that begins at `at`; returns where the next one does. */
  #readFrame(chunk: Uint8Array, at: number, time: number): number {
    const first = chunk[at] ?? 0
    const second = chunk[at + 1] ?? 0
    const left = chunk.length - at
    const header = headerSize(second)
    if (left < 2 || left < header) return this.#keepHeader(chunk, at)
    const isWhole = first === TEXT_MESSAGE || first === BINARY_MESSAGE
    if (!isWhole || second > 127 || this.#message !== undefined) this.#checkHeader(first, second)
    const size = second < 126 ? second : payloadSize(chunk, at)
    const start = at + header
    if ((first & 0x0f) < 8) this.#checkSize(size)
    if (size > chunk.length - start) return this.#keepPayload(chunk, at, header, size)
    if (isWhole) {
      // No byte between two texts may seem to belong to either.
      for (let i = at; i < start; i++) chunk[i] = 0
      if (this.#inflated.count > 0) this.#flush()
      this.#plain.add(start, size, header + size, first === BINARY_MESSAGE)
      return start + size
    }
    const payload = chunk.subarray(start, start + size)
    const isWholeCompressed = (first & (FIN | RSV1)) === (FIN | RSV1)
    if (isWholeCompressed) this.#inflateWhole(first, payload, header, time)
    else this.#takeFrame(first, payload, header, time)
    return start + size
  }

  #checkHeader(first: number, second: number): void {
    checkHeader(first, second, this.#message !== undefined, this.#options.inflater !== undefined)
  }

  #checkSize(size: number): void {
    if (size + (this.#message?.payloadSize ?? 0) > this.#options.maxSize) throw messageTooLarge()
  }

  #keepHeader(chunk: Uint8Array, at: number): number {
    this.#headerLength = chunk.length - at
    this.#header.set(chunk.subarray(at))
    if (this.#headerLength >= 2) this.#checkHeader(this.#header[0] ?? 0, this.#header[1] ?? 0)
    return chunk.length
  }

  #keepPayload(chunk: Uint8Array, at: number, header: number, size: number): number {
    this.#headerLength = header
    this.#header.set(chunk.subarray(at, at + header))
    this.#payload = this.#room(size)
    this.#payload.set(chunk.subarray(at + header))
    this.#payloadLength = chunk.length - at - header
    return chunk.length
  }

  /** Goes on with a frame that began in an earlier chunk; returns where the next one begins. */
  #continueFrame(chunk: Uint8Array, from: number, time: number): number {
    let at = from
    while (this.#payload === undefined) {
      if (this.#headerLength >= 2 && this.#headerLength === headerSize(this.#header[1] ?? 0)) {
        this.#beginPayload()
        break
      }
      if (at === chunk.length) return at
      this.#header[this.#headerLength++] = chunk[at++] ?? 0
      if (this.#headerLength === 2) this.#checkHeader(this.#header[0] ?? 0, this.#header[1] ?? 0)
    }
    const payload = this.#payload
    if (payload === undefined) return at
    const taken = Math.min(payload.length - this.#payloadLength, chunk.length - at)
    payload.set(chunk.subarray(at, at + taken), this.#payloadLength)
    this.#payloadLength += taken
    if (this.#payloadLength < payload.length) return chunk.length
    const header = this.#headerLength
    this.#payload = undefined
    this.#headerLength = 0
    this.#payloadLength = 0
    this.#takeFrame(this.#header[0] ?? 0, payload, header, time)
    return at + taken
  }

  #beginPayload(): void {
    const first = this.#header[0] ?? 0
    const size = payloadSize(this.#header, 0)
    if ((first & 0x0f) < 8) this.#checkSize(size)
    this.#payload = this.#room(size)
    this.#payloadLength = 0
  }

  /** Memory for the payload of a frame, of which the next one may make use again. */
  #room(size: number): Uint8Array {
    if (size > MAX_ROOM) return new Uint8Array(Buffer.allocUnsafeSlow(size).buffer)
    if (this.#memory.length < size) this.#memory = new Uint8Array(Math.min(MAX_ROOM, size * 2))
    return this.#memory.subarray(0, size)
  }

  #takeFrame(first: number, payload: Uint8Array, header: number, time: number): void {
    const opcode = first & 0x0f
    if (opcode > 7) {
      this.#takeControl(opcode, { time, payload: payload.slice(), wireSize: header + payload.length })
      return
    }
    const message = this.#message ?? gather(opcode === 2, (first & RSV1) !== 0)
    message.frames++
    message.wireSize += header + payload.length
    message.payloadSize += payload.length
    if (message.frames > this.#options.maxFragments) throw tooManyFragments()
    const isLast = (first & FIN) !== 0
    if (!message.compressed) {
      message.parts.push(isLast && message.frames === 1 ? payload : this.#own(payload))
      message.size += payload.length
      this.#endFrame(message, isLast, time)
      return
    }
    this.#options.inflater?.begin(payload, isLast)
    this.#inflate(message, isLast, time)
  }

  /** The same bytes, to be kept: neither in memory that is used again, nor alone in a chunk of many others. */
  #own(payload: Uint8Array): Uint8Array {
    const { buffer, length } = payload
    return buffer === this.#memory.buffer || length < buffer.byteLength / 2 ? payload.slice() : payload
  }

  #takeControl(opcode: number, control: ReceivedControl): void {
    this.#flush()
    if (opcode === 9) this.#sink.ping(control)
    else if (opcode === 10) this.#sink.pong(control)
    else {
      checkClosePayload(control.payload)
      this.#over = true
      this.#sink.close(control)
    }
  }

  /** Inflates a message of one frame into the batch, or by itself where it is large. */
  #inflateWhole(first: number, payload: Uint8Array, header: number, time: number): void {
    const { inflater, maxSize } = this.#options
    if (inflater === undefined) return
    if (this.#plain.count > 0 || this.#output.length - this.#outputEnd <= STEP) this.#flush()
    // No byte between two texts may seem to belong to either.
    this.#output[this.#outputEnd++] = 0
    const at = this.#outputEnd
    inflater.begin(payload, true)
    const size = inflater.step(this.#output, at)
    if (size > maxSize) throw messageTooLarge()
    const wireSize = header + payload.length
    const binary = (first & 0x0f) === 2
    if (inflater.pending) {
      const parts = [this.#output.slice(at, at + size)]
      const message = { binary, compressed: true, parts, size, payloadSize: 0, frames: 1, wireSize }
      this.#inflate(message, true, time)
    } else {
      this.#inflated.add(at, size, wireSize, binary)
      this.#outputEnd = at + size
    }
  }

  /** Inflates what was begun, now or, where it takes long, in slices. */
  #inflate(message: Gathering, isLast: boolean, time: number): void {
    if (this.#inflateSlice(message)) {
      this.#endFrame(message, isLast, time)
      return
    }
    this.#flush()
    this.#sink.busy(true)
    const resume = () => {
      if (this.#over || this.#resume !== resume) return
      this.#startSlice()
      this.#guard(() => {
        if (!this.#inflateSlice(message)) {
          setImmediate(resume)
          return
        }
        this.#resume = undefined
        this.#endFrame(message, isLast, time)
        this.#readWaiting()
      })
      if (this.#resume === undefined) this.#sink.busy(false)
    }
    this.#resume = resume
    setImmediate(resume)
  }

  #readWaiting(): void {
    while (this.#resume === undefined && !this.#over) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      this.#read(next.chunk, next.at, next.time)
      this.#flush()
    }
  }

  /** True where the frame is inflated to its end. */
  #inflateSlice(message: Gathering): boolean {
    const { inflater, maxSize } = this.#options
    while (inflater?.pending) {
      const size = inflater.step(this.#step, 0)
      message.size += size
      if (message.size > maxSize) throw messageTooLarge()
      if (size > 0) message.parts.push(this.#step.slice(0, size))
      if (performance.now() > this.#sliceEnd) return !inflater.pending
    }
    return true
  }

  #endFrame(message: Gathering, isLast: boolean, time: number): void {
    this.#message = isLast ? undefined : message
    if (!isLast) return
    const { binary, frames, wireSize, compressed, parts } = message
    const payload = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
    this.#flush()
    this.#sink.message({ time, payload, binary, frames, wireSize, compressed })
    // RFC 6455 section 8.1 has the connection fail; what made it fail is told all the same.
    if (!binary && !isUtf8(payload)) throw badUtf8()
  }
}

/** What there is in the chunk of the header that begins there. */
function headerAt(chunk: Uint8Array, at: number): Uint8Array {
  return chunk.slice(at, at + headerSize(chunk[at + 1] ?? 0))
}

function gather(binary: boolean, compressed: boolean): Gathering {
  return { binary, compressed, parts: [], size: 0, payloadSize: 0, frames: 0, wireSize: 0 }
}
