/**
 * Docker's attached streams and logs before API 1.42, whose media type is the same for frames and for a terminal's
 * output.
 */
import { ByteBuffer } from './byte-buffer.ts'
import { LengthPrefixedParser } from './length-prefixed.ts'
import { RawParser } from './raw.ts'
import type { ParserOptions, RecordParser, RecordSink } from './record.ts'

const HEADER = 8
/** Largest frame in bytes. The daemon frames its input in pieces of some tens of kilobytes. */
const MAX_FRAME = 1024 * 1024

export interface DockerOptions extends ParserOptions {
  /** Whether a frame may belong to standard input. */
  readonly mayBeInput: boolean
}

/** Reads frames if the first bytes are a frame header, `[type, 0, 0, 0, length]`; otherwise each chunk is a record. */
export class DockerParser implements RecordParser {
  readonly #options: DockerOptions
  readonly #sink: RecordSink
  /** Bytes that arrived before that is known. */
  readonly #held = new ByteBuffer()
  #parser: RecordParser | undefined

  constructor(options: DockerOptions, sink: RecordSink) {
    this.#options = options
    this.#sink = sink
  }

  get pending(): number | undefined {
    return this.#held.length > 0 ? 0 : undefined
  }

  push(chunk: Uint8Array): void {
    if (this.#parser !== undefined) {
      this.#parser.push(chunk)
      return
    }
    this.#held.append(chunk)
    const isFrames = this.#areFrames(this.#held.view())
    if (isFrames !== undefined) this.#settle(isFrames)
  }

  lull(): void {
    if (this.#held.length > 0) this.#settle(false)
  }

  end(): void {
    this.lull()
    this.#parser?.end()
  }

  #settle(areFrames: boolean): void {
    this.#parser = areFrames
      ? new LengthPrefixedParser({ ...this.#options, docker: true }, (record) =>
          this.#sink({ ...record, framing: 'length-prefixed' }),
        )
      : new RawParser(this.#sink)
    this.#parser.push(this.#held.view().slice())
    this.#held.clear()
  }

  /** Undefined while the bytes may be the beginning of a frame header. */
  #areFrames(bytes: Uint8Array): boolean | undefined {
    const [type, ...zeros] = bytes.subarray(0, 4)
    if (type === undefined) return undefined
    if (type > 2 || (type === 0 && !this.#options.mayBeInput) || zeros.some((byte) => byte !== 0))
      return false
    if (bytes.length < HEADER) return undefined
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4)
    return length > 0 && length <= MAX_FRAME
  }
}
