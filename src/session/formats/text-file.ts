/** Writes text to a file in blocks, and waits for the disk. */
import { type FileHandle, open } from 'node:fs/promises'

/** Receives the text of a file. */
export interface TextSink {
  write(text: string): Promise<void>
}

const BLOCK = 256 * 1024

export class TextFile implements TextSink {
  readonly #file: FileHandle
  #gathered: string[] = []
  #length = 0

  private constructor(file: FileHandle) {
    this.#file = file
  }

  /** Opens and truncates the file. */
  static async open(path: string): Promise<TextFile> {
    return new TextFile(await open(path, 'w'))
  }

  async write(text: string): Promise<void> {
    this.#gathered.push(text)
    this.#length += text.length
    if (this.#length >= BLOCK) await this.#flush()
  }

  /** Closes the file. If `keep`, writes the buffered text before. */
  async close(keep: boolean): Promise<void> {
    try {
      if (keep) {
        await this.#flush()
        await this.#file.sync()
      }
    } finally {
      await this.#file.close()
    }
  }

  async #flush(): Promise<void> {
    const text = this.#gathered.join('')
    this.#gathered = []
    this.#length = 0
    await this.#file.appendFile(text)
  }
}
