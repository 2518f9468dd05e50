/** Writes a file in blocks, and waits for the disk. */
import { type FileHandle, open } from 'node:fs/promises'
import { ByteBuffer } from './byte-buffer.ts'
import type { ByteSink } from './byte-sink.ts'

const BLOCK = 256 * 1024
/** Room for what a block is longer than planned. */
const MARGIN = 6 * 64 * 1024

export class ByteFile implements ByteSink {
  readonly buffer = new ByteBuffer(BLOCK + MARGIN)
  readonly #file: FileHandle

  private constructor(file: FileHandle) {
    this.#file = file
  }

  /** Opens and truncates the file. */
  static async open(path: string): Promise<ByteFile> {
    return new ByteFile(await open(path, 'w'))
  }

  get isFull(): boolean {
    return this.buffer.length >= BLOCK
  }

  async flush(): Promise<void> {
    await this.#file.appendFile(this.buffer.view)
    this.buffer.clear()
  }

  /** Closes the file. If `keep`, writes the buffer before. */
  async close(keep: boolean): Promise<void> {
    try {
      if (keep) {
        await this.flush()
        await this.#file.sync()
      }
    } finally {
      await this.#file.close()
    }
  }
}
