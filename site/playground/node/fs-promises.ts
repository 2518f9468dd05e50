/** Stands in for `node:fs/promises` in the worker: the functions that a recording needs, on the files of the worker. */
import type { Buffer } from './buffer.ts'
import { type Content, errno } from './contents.ts'
import * as files from './files.ts'
import * as sync from './fs.ts'

/** An open file. Without a position, what is written follows what was written before. */
class Handle {
  readonly #content: Content
  #end = 0

  constructor(content: Content) {
    this.#content = content
  }

  async read<Into extends Uint8Array>(buffer: Into, offset: number, length: number, position: number) {
    const bytesRead = await this.#content.readLater(buffer.subarray(offset, offset + length), position)
    return { bytesRead, buffer }
  }

  async writev(blocks: readonly Uint8Array[]) {
    for (const block of blocks) await this.appendFile(block)
    return { bytesWritten: blocks.reduce((sum, { length }) => sum + length, 0) }
  }

  async appendFile(bytes: Uint8Array): Promise<void> {
    this.#content.write(bytes, this.#end)
    this.#end += bytes.length
  }

  async writeFile(bytes: Uint8Array): Promise<void> {
    await this.appendFile(bytes)
  }

  async stat() {
    return { size: this.#content.size }
  }

  async truncate(size: number): Promise<void> {
    this.#content.truncate(size)
  }

  async sync(): Promise<void> {}
  async close(): Promise<void> {}
}

export type { Handle as FileHandle }

export async function open(path: string, flags = 'r'): Promise<Handle> {
  return new Handle(files.openContent(path, flags))
}

export async function stat(path: string) {
  return files.statOf(path)
}

export async function readFile(path: string, encoding?: 'utf8'): Promise<Buffer | string> {
  return sync.readFileSync(path, encoding)
}

export async function writeFile(
  path: string,
  text: string,
  options?: { readonly flag?: string },
): Promise<void> {
  sync.writeFileSync(path, text, options)
}

export async function rename(from: string, to: string): Promise<void> {
  files.move(from, to)
}

export async function rm(path: string): Promise<void> {
  files.removeAll(path)
}

export async function mkdtemp(prefix: string): Promise<string> {
  return sync.mkdtempSync(prefix)
}

/** Files of the worker have no modes. */
export async function chmod(): Promise<void> {}

export async function realpath(path: string): Promise<string> {
  files.statOf(path)
  return path
}

export async function readlink(): Promise<never> {
  throw errno('EINVAL', 'there are no links')
}
