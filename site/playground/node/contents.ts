/** What the files of the worker have in them: a file of the user, or bytes in memory. */
import { Failure } from '../../../src/shared/failure.ts'

export interface Content {
  readonly size: number
  /** Fills the buffer from a position on, up to the end. Returns the number of bytes read. */
  read(into: Uint8Array, position: number): number
  /** As `read`, without holding the thread. */
  readLater(into: Uint8Array, position: number): Promise<number>
  /** Throws EROFS if the content cannot be changed. */
  write(bytes: Uint8Array, position: number): void
  truncate(size: number): void
}

/** What workers have, and pages do not. */
declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer
}

/** An error as Node.js throws it. */
export function errno(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code, syscall: 'fs' })
}

/** A file of the user, which is read where it is: it takes no memory. */
export class BlobContent implements Content {
  readonly #blob: Blob
  readonly #reader = new FileReaderSync()

  constructor(blob: Blob) {
    this.#blob = blob
  }

  get size(): number {
    return this.#blob.size
  }

  read(into: Uint8Array, position: number): number {
    const part = this.#part(into, position)
    if (part.size === 0) return 0
    try {
      return copied(this.#reader.readAsArrayBuffer(part), into)
    } catch {
      throw unreadable()
    }
  }

  async readLater(into: Uint8Array, position: number): Promise<number> {
    const part = this.#part(into, position)
    if (part.size === 0) return 0
    const bytes = await part.arrayBuffer().catch(() => {
      throw unreadable()
    })
    return copied(bytes, into)
  }

  write(): never {
    throw errno('EROFS', 'the file is read-only')
  }

  truncate(): never {
    throw errno('EROFS', 'the file is read-only')
  }

  #part(into: Uint8Array, position: number): Blob {
    return this.#blob.slice(position, position + into.length)
  }
}

function copied(bytes: ArrayBuffer, into: Uint8Array): number {
  into.set(new Uint8Array(bytes))
  return bytes.byteLength
}

/** Browsers do not read a file that was changed or removed after the user chose it. */
function unreadable(): Failure {
  return new Failure(
    'CHANGED',
    'The browser can no longer read the file, because it was changed or removed; open it again.',
  )
}

const BLOCK = 256 * 1024

/** Bytes in memory, in blocks, so that a file grows without being copied. */
export class MemoryContent implements Content {
  #blocks: (Uint8Array | undefined)[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  read(into: Uint8Array, position: number): number {
    const length = Math.max(0, Math.min(into.length, this.#size - position))
    for (let done = 0; done < length; ) {
      const { block, from, count } = this.#at(position + done, length - done)
      if (block === undefined) into.fill(0, done, done + count)
      else into.set(block.subarray(from, from + count), done)
      done += count
    }
    return length
  }

  readLater(into: Uint8Array, position: number): Promise<number> {
    return Promise.resolve(this.read(into, position))
  }

  write(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length; ) {
      const { number, from, count } = this.#at(position + done, bytes.length - done)
      this.#blocks[number] ??= new Uint8Array(BLOCK)
      this.#blocks[number].set(bytes.subarray(done, done + count), from)
      done += count
    }
    this.#size = Math.max(this.#size, position + bytes.length)
  }

  truncate(size: number): void {
    const kept = Math.ceil(size / BLOCK)
    this.#blocks.length = Math.min(this.#blocks.length, kept)
    // What is written behind the end later follows zeros.
    this.#blocks[kept - 1]?.fill(0, size - (kept - 1) * BLOCK)
    this.#size = size
  }

  /** The block with a position, where the position is in it, and how many of `length` bytes are in the block from there. */
  #at(position: number, length: number) {
    const number = Math.floor(position / BLOCK)
    const from = position - number * BLOCK
    return { number, block: this.#blocks[number], from, count: Math.min(length, BLOCK - from) }
  }
}
