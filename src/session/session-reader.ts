/** Reads session files as streams, in bounded memory, and reports what is wrong in them. */
import { type FileHandle, open } from 'node:fs/promises'
import type { RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../shared/spec.ts'
import { type LineBlock, longestLine, NEWLINE, readBlocks, SMALL_BLOCK_SIZE } from './line-blocks.ts'
import { eventOf } from './line-event.ts'
import type { Problem } from './line-problems.ts'
import { LineScanner } from './line-scanner.ts'
import { parseHeader, type SessionHeader } from './parse-line.ts'
import { WrittenParts } from './written-lines.ts'

export interface ReadOptions {
  /** Bytes of the largest payload. Default 64 MiB. */
  readonly maxMessageSize?: number
  readonly signal?: AbortSignal
}

export interface SessionBatch {
  readonly events: readonly RealtimeEvent[]
  /** Bytes of the file read so far. */
  readonly position: number
}

const MAX_HEADER = 64 * 1024

export class SessionStream {
  readonly header: SessionHeader
  /** Bytes of the file. */
  readonly size: number
  readonly #file: FileHandle
  readonly #signal: AbortSignal | undefined
  readonly #maxLine: number
  readonly #scanner: LineScanner

  constructor(file: FileHandle, size: number, header: SessionHeader, options: ReadOptions) {
    const { maxMessageSize = DEFAULT_MAX_MESSAGE_SIZE, signal } = options
    this.#file = file
    this.size = size
    this.header = header
    this.#signal = signal
    this.#maxLine = longestLine(maxMessageSize)
    this.#scanner = new LineScanner(this.#maxLine)
  }

  /** Problems found so far: the first hundred. */
  get problems(): readonly Problem[] {
    return this.#scanner.problems.list()
  }

  /** Number of all problems found so far. */
  get problemCount(): number {
    return this.#scanner.problems.count
  }

  /** The events, in batches. Can be iterated once. Closes the file at its end, or when the loop is left. */
  async *batches(): AsyncGenerator<SessionBatch> {
    for await (const block of this.#blocks(SMALL_BLOCK_SIZE)) {
      const events: RealtimeEvent[] = []
      this.#scanner.scan(block, {
        head: (head, bytes, _, to) => events.push(eventOf(head, bytes, to)),
        event: (event) => events.push(event),
      })
      yield { events, position: block.end }
    }
  }

  /** See `Recording.written`. As `batches`, in other respects. */
  async *written(): AsyncGenerator<WrittenParts> {
    for await (const block of this.#blocks()) {
      const parts = new WrittenParts(block.bytes)
      this.#scanner.scan(block, parts)
      parts.end()
      yield parts
    }
  }

  async *#blocks(size?: number): AsyncGenerator<LineBlock> {
    try {
      for await (const block of readBlocks(this.#file, this.#maxLine, this.#signal, size)) yield block
      if (this.#signal?.aborted) throw new Failure('CANCELLED', 'Reading the session was canceled.')
    } finally {
      await this.close()
    }
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}

async function readFirstLine(file: FileHandle): Promise<string> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_HEADER), 0, MAX_HEADER, 0)
  const bytes = buffer.subarray(0, bytesRead)
  const end = bytes.indexOf(NEWLINE)
  const line = (end < 0 ? bytes : bytes.subarray(0, end)).toString().replace(/\r$/, '')
  return line.startsWith('\ufeff') ? line.slice(1) : line
}

/**
 * Opens a session file and reads its header. Rejects with a `Failure`: `NOT_A_SESSION`, `NEWER_VERSION`, or the code of
 * the file system.
 */
export async function openSession(path: string, options: ReadOptions = {}): Promise<SessionStream> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (error) {
    throw toReadFailure(error, path)
  }
  try {
    const header = parseHeader(await readFirstLine(file))
    const { size } = await file.stat()
    return new SessionStream(file, size, header, options)
  } catch (error) {
    await file.close()
    throw error instanceof Failure ? error : toReadFailure(error, path)
  }
}

/** Describes an error of the file system. */
export function toReadFailure(error: unknown, path: string): Failure {
  const { code = 'READ', message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return new Failure(code, `There is no file ${path}; check the name.`)
  if (code === 'EISDIR') return new Failure(code, `${path} is a folder; name a session file in it.`)
  if (code === 'EACCES' || code === 'EPERM')
    return new Failure(code, `There is no permission to read ${path}; check its owner and mode.`)
  return new Failure(code, `${path} could not be read (${message}); check the disk.`)
}
