/** Lines to a stream: gathered over one turn of the event loop, bounded, and quiet after the reader has gone. */
import type { Writable } from 'node:stream'
import { describeWriteError } from '../session/writer.ts'
import { Failure } from '../shared/failure.ts'

/** Bytes not yet taken by the stream above which there is no room. */
const HIGH_WATER = 256 * 1024
/** Gathered characters that are written without waiting for the turn's end. */
const BLOCK = 64 * 1024

export class LineStream {
  readonly #stream: Writable
  #gathered = ''
  #scheduled = false
  /** Bytes handed to the stream that it has not written yet. */
  #unwritten = 0
  #failed = false
  #waiting: (() => void)[] = []

  /** `failed` is called once, when the stream cannot be written any more (EPIPE where its reader has gone). */
  constructor(stream: Writable, failed: (error: NodeJS.ErrnoException) => void) {
    this.#stream = stream
    stream.on('error', (error) => {
      if (this.#failed) return
      this.#failed = true
      this.#gathered = ''
      this.#unwritten = 0
      this.#wake()
      failed(error)
    })
  }

  /** Writes the line and a newline; false when there is no more room until `onWritable`. */
  write(line: string): boolean {
    if (this.#failed) return true
    this.#gathered += `${line}\n`
    if (this.#gathered.length >= BLOCK) this.#flush()
    else if (!this.#scheduled) {
      this.#scheduled = true
      setImmediate(() => this.#flush())
    }
    return this.#unwritten < HIGH_WATER
  }

  /** Calls back once, when there is room: at the next turn where there is some already. */
  onWritable(callback: () => void): void {
    this.#waiting.push(callback)
    if (this.#unwritten < HIGH_WATER) setImmediate(() => this.#wake())
  }

  /** Settles when everything is written, or cannot be. */
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
    if (this.#gathered === '' || this.#failed) return
    const block = Buffer.from(this.#gathered)
    this.#gathered = ''
    this.#unwritten += block.length
    this.#stream.write(block, (error) => {
      // The stream's error event tells of it.
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

/** Prints the lines; settles when they are written. Rejects with a `Failure` where they cannot be. */
export async function printLines(lines: Iterable<string>): Promise<void> {
  let failure: Failure | undefined
  let gone = false
  const stream = new LineStream(process.stdout, (error) => {
    // EPIPE: `| head` has what it wants.
    gone = true
    if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET')
      failure = new Failure(error.code ?? 'WRITE', describeWriteError(error, 'standard output'))
  })
  for (const line of lines) {
    if (gone) break
    if (!stream.write(line)) await new Promise<void>((resolve) => stream.onWritable(resolve))
  }
  await stream.finish()
  if (failure !== undefined) throw failure
}
