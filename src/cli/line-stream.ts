/** Writes lines to a stream in blocks, within a bounded buffer. Drops them after the reader has gone. */
import type { Writable } from 'node:stream'
import { describeWriteError } from '../session/write-error.ts'
import { Failure } from '../shared/failure.ts'

/** Above this many unwritten bytes, there is no room. */
const HIGH_WATER = 256 * 1024
/** This many collected characters are written without waiting for the end of the turn. */
const BLOCK = 64 * 1024

export class LineStream {
  readonly #stream: Writable
  #collected = ''
  #scheduled = false
  /** Bytes that the stream has taken but not written yet. */
  #unwritten = 0
  #failed = false
  #waiting: (() => void)[] = []

  /** Calls `failed` once, when the stream can no longer be written (EPIPE if its reader has gone). */
  constructor(stream: Writable, failed: (error: NodeJS.ErrnoException) => void) {
    this.#stream = stream
    stream.on('error', (error) => {
      if (this.#failed) return
      this.#failed = true
      this.#collected = ''
      this.#unwritten = 0
      this.#wake()
      failed(error)
    })
  }

  /** Writes the line and a newline. Returns false if there is no room until `onWritable`. */
  write(line: string): boolean {
    if (this.#failed) return true
    this.#collected += `${line}\n`
    if (this.#collected.length >= BLOCK) this.#flush()
    else if (!this.#scheduled) {
      this.#scheduled = true
      setImmediate(() => this.#flush())
    }
    return this.#unwritten < HIGH_WATER
  }

  /** Calls back once there is room; at the next turn if there is room already. */
  onWritable(callback: () => void): void {
    this.#waiting.push(callback)
    if (this.#unwritten < HIGH_WATER) setImmediate(() => this.#wake())
  }

  /** Settles when everything is written, or the stream has failed. */
  async finish(): Promise<void> {
    this.#flush()
    if (this.#failed || this.#unwritten === 0) return
    await new Promise<void>((resolve) => {
      const settle = () => (this.#unwritten === 0 ? resolve() : this.#waiting.push(settle))
      settle()
    })
  }

  #flush(): void {
    this.#scheduled = false
    if (this.#collected === '' || this.#failed) return
    const block = Buffer.from(this.#collected)
    this.#collected = ''
    this.#unwritten += block.length
    this.#stream.write(block, (error) => {
      // The `error` event reports it.
      if (error) return
      this.#unwritten -= block.length
      if (this.#unwritten < HIGH_WATER) this.#wake()
    })
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const callback of waiting) callback()
  }
}

export const STANDARD_OUTPUT = 'standard output'

/** Why standard output cannot be written. */
export function writeFailure(error: NodeJS.ErrnoException): Failure {
  return new Failure(error.code ?? 'WRITE', describeWriteError(error, STANDARD_OUTPUT))
}

/** Whether the reader of the output (`| head`) has all it wants. */
export function isReaderGone({ code }: Failure): boolean {
  return code === 'EPIPE' || code === 'ECONNRESET'
}

/** Writes the lines to standard output. Rejects with a `Failure` if they cannot be written. */
export async function printLines(lines: Iterable<string>): Promise<void> {
  let failure: Failure | undefined
  const stream = new LineStream(process.stdout, (error) => {
    failure = writeFailure(error)
  })
  for (const line of lines) {
    if (failure !== undefined) break
    if (!stream.write(line)) await new Promise<void>((resolve) => stream.onWritable(resolve))
  }
  await stream.finish()
  if (failure !== undefined && !isReaderGone(failure)) throw failure
}
