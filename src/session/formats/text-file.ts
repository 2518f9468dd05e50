/** Text to a file in blocks, waiting for the disk. */
import { type FileHandle, open } from 'node:fs/promises'

/** Where the text of a conversion goes. */
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

  /** Opens the file, and empties it. */
  static async open(path: string): Promise<TextFile> {
    return new TextFile(await open(path, 'w'))
  }

  async write(text: string): Promise<void> {
    this.#gathered.push(text)
    this.#length += text.length
    if (this.#length >= BLOCK) await this.#flush()
  }

  /** Writes what is left and closes; `keep` false only closes. */
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
