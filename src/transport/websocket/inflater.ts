/**
 * Inflates permessage-deflate (RFC 7692) on this thread. For a small message, a round trip to the thread pool takes a
 * hundred times as long as inflating it. A large message is inflated in steps, so that it does not block the thread.
 */
import { constants, createInflateRaw, type InflateRaw, inflateRawSync } from 'node:zlib'
import { Lender } from '../lender.ts'
import { FrameError } from './frame-rules.ts'

/** The end of a message, which its sender omits (RFC 7692 section 7.2.2). */
const TRAILER = Uint8Array.of(0x00, 0x00, 0xff, 0xff)

/** Inflates frames step by step into buffers of the caller. */
export interface Inflater {
  /** Sets the next frame to inflate. `last`: it is the last one of its message. */
  begin(payload: Uint8Array, last: boolean): void
  /**
   * Inflates into `out` from `at` on; returns how many bytes it wrote. When `pending` is false, the frame is done. Throws
   * a `FrameError` with the code of zlib.
   */
  step(out: Uint8Array, at: number): number
  readonly pending: boolean
  close(): void
}

export interface InflaterOptions {
  /** Whether the context is dropped after each message (`server_no_context_takeover`). */
  readonly forgets: boolean
  /** Base-2 logarithm of the window, 8 to 15. */
  readonly windowBits: number
}

/** The parts of Node's zlib streams. They are not documented, so they are tested before they are used. */
interface ZlibInternals {
  readonly _handle: {
    writeSync(
      flush: number,
      input: Uint8Array,
      inputAt: number,
      inputSize: number,
      out: Uint8Array,
      outAt: number,
      outSize: number,
    ): void
    onerror: (message: string, errno: number, code: string) => void
  }
  /** What was left after a write: space in the output, and input. */
  readonly _writeState: Uint32Array
}

/** Compressed bytes of most frames, with their trailer. */
const INPUT = 16 * 1024
/** For the frames that are not larger. Only a large message needs its input for longer than a call. */
const inputs = new Lender(() => new Uint8Array(INPUT))
const NO_BYTES = new Uint8Array(0)

/** The stream, which an idle connection does not have yet. */
interface Stream {
  readonly inflate: InflateRaw
  readonly handle: ZlibInternals['_handle']
  readonly state: Uint32Array
}

export class HandleInflater implements Inflater {
  readonly #options: InflaterOptions
  #stream: Stream | undefined
  #input: Uint8Array<ArrayBuffer> = NO_BYTES
  #at = 0
  #end = 0
  #last = false
  #error: FrameError | undefined
  pending = false

  constructor(options: InflaterOptions) {
    this.#options = options
  }

  begin(payload: Uint8Array, last: boolean): void {
    const size = payload.length + (last ? TRAILER.length : 0)
    this.#input = size <= INPUT ? inputs.lend() : new Uint8Array(size)
    this.#input.set(payload)
    if (last) this.#input.set(TRAILER, payload.length)
    this.#at = 0
    this.#end = size
    this.#last = last
    this.pending = true
  }

  step(out: Uint8Array, at: number): number {
    this.#stream ??= this.#open()
    const { handle, state } = this.#stream
    const room = out.length - at
    handle.writeSync(constants.Z_SYNC_FLUSH, this.#input, this.#at, this.#end - this.#at, out, at, room)
    if (this.#error !== undefined) throw this.#error
    const [roomLeft = 0, inputLeft = 0] = state
    this.#at = this.#end - inputLeft
    // If the output is full, there may be more. If it is not, this input is done.
    if (roomLeft > 0) this.#finish(inputLeft > 0)
    return room - roomLeft
  }

  close(): void {
    this.#stream?.inflate.close()
  }

  #open(): Stream {
    // Its own output buffer is not used.
    const inflate = createInflateRaw({
      windowBits: this.#options.windowBits,
      chunkSize: constants.Z_MIN_CHUNK,
    })
    const { _handle: handle, _writeState: state } = inflate as unknown as ZlibInternals
    handle.onerror = (message, _errno, code) => {
      this.#error = new FrameError(code, message)
    }
    return { inflate, handle, state }
  }

  /** `ended`: a final block ended the stream before the input (RFC 7692 section 7.2.3.4), so a new stream begins. */
  #finish(ended: boolean): void {
    this.pending = false
    if (ended || (this.#last && this.#options.forgets)) this.#stream?.inflate.reset()
    if (this.#input.length === INPUT) inputs.giveBack(this.#input)
    this.#input = NO_BYTES
  }
}

const WINDOW = 32 * 1024

/** Uses documented functions only: one stream per message, with what came before as its dictionary. Slower. */
export class DictionaryInflater implements Inflater {
  readonly #options: InflaterOptions
  readonly #maxSize: number
  #window: Uint8Array = NO_BYTES
  #output: Uint8Array = NO_BYTES
  #at = 0
  #last = false
  #pieces: Uint8Array[] = []
  pending = false

  constructor(options: InflaterOptions, maxSize: number) {
    this.#options = options
    this.#maxSize = maxSize
  }

  begin(payload: Uint8Array, last: boolean): void {
    this.#pieces.push(payload.slice())
    this.#last = last
    this.pending = true
  }

  step(out: Uint8Array, at: number): number {
    if (this.#last && this.#pieces.length > 0) this.#inflate()
    const size = Math.min(out.length - at, this.#output.length - this.#at)
    out.set(this.#output.subarray(this.#at, this.#at + size), at)
    this.#at += size
    this.pending = this.#at < this.#output.length
    return size
  }

  close(): void {}

  #inflate(): void {
    const input = Buffer.concat([...this.#pieces, TRAILER])
    this.#pieces = []
    try {
      this.#output = inflateRawSync(input, {
        windowBits: this.#options.windowBits,
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: this.#maxSize + 1,
        ...(this.#window.length > 0 && { dictionary: this.#window }),
      })
    } catch (error) {
      const { code = 'Z_DATA_ERROR', message } = error as NodeJS.ErrnoException
      throw code === 'ERR_BUFFER_TOO_LARGE'
        ? new FrameError('WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'Max payload size exceeded')
        : new FrameError(code, message)
    }
    this.#at = 0
    if (!this.#options.forgets)
      this.#window = new Uint8Array(Buffer.concat([this.#window, this.#output]).subarray(-WINDOW))
  }
}

/** The same message twice. The second one refers to the first. */
const SAMPLES = ['ca48cdc9c957c800910000', 'ca40300100']
const SAMPLE = 'hello hello'

let handleWorks: boolean | undefined

function tryHandle(): boolean {
  try {
    const inflater = new HandleInflater({ forgets: false, windowBits: 15 })
    const out = new Uint8Array(64)
    const works = SAMPLES.every((sample) => {
      inflater.begin(Buffer.from(sample, 'hex'), true)
      return Buffer.from(out.subarray(0, inflater.step(out, 0))).toString() === SAMPLE && !inflater.pending
    })
    inflater.close()
    return works
  } catch {
    // The zlib of this version of Node is different, so documented functions are used.
    return false
  }
}

/** Creates an inflater for messages of at most `maxSize` bytes. */
export function createInflater(options: InflaterOptions, maxSize: number): Inflater {
  handleWorks ??= tryHandle()
  return handleWorks ? new HandleInflater(options) : new DictionaryInflater(options, maxSize)
}
