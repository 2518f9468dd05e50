/** The bytes of a Parquet file on their way to the disk. */
import type { FileHandle } from 'node:fs/promises'
import { ByteWriter } from 'hyparquet-writer'

/** The buffer grows to the largest row group. It is kept up to this size. */
const MOST_KEPT = 8 * 1024 * 1024

/** What the library writes to. It collects a row group, and waits until the disk has taken it. */
export class ParquetSink extends ByteWriter {
  readonly #file: FileHandle

  constructor(file: FileHandle) {
    super()
    this.#file = file
  }

  async flush(): Promise<void> {
    await this.#file.appendFile(this.getBytes())
    this.index = 0
    if (this.buffer.byteLength <= MOST_KEPT) return
    this.buffer = new ArrayBuffer(MOST_KEPT)
    this.view = new DataView(this.buffer)
  }
}
