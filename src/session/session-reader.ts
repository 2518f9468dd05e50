/** Reads session files as streams, in bounded memory, and reports what is wrong in them. */
import { isUtf8 } from 'node:buffer'
import { type FileHandle, open } from 'node:fs/promises'
import type { RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../shared/spec.ts'
import { longestLine, NEWLINE, readBlocks } from './line-blocks.ts'
import { type Line, type Problem, Problems, readLine } from './line-problems.ts'
import { parseHeader, type SessionHeader } from './parse-line.ts'

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
  readonly #problems = new Problems()
  readonly #file: FileHandle
  readonly #options: ReadOptions

  constructor(file: FileHandle, size: number, header: SessionHeader, options: ReadOptions) {
    this.#file = file
    this.size = size
    this.header = header
    this.#options = options
  }

  /** Problems found so far: the first hundred. */
  get problems(): readonly Problem[] {
    return this.#problems.list()
  }

  /** Number of all problems found so far. */
  get problemCount(): number {
    return this.#problems.count
  }

  /** The events, in batches. Can be iterated once. Closes the file at its end, or when the loop is left. */
  async *batches(): AsyncGenerator<SessionBatch> {
    const { maxMessageSize = DEFAULT_MAX_MESSAGE_SIZE, signal } = this.#options
    const maxLine = longestLine(maxMessageSize)
    let number = 0
    let time = 0
    try {
      for await (const { bytes, end, isTooLong } of readBlocks(this.#file, maxLine, signal)) {
        if (isTooLong) this.#problems.tooLong(++number, maxLine)
        const events: RealtimeEvent[] = []
        for (const line of splitLines(bytes)) {
          number++
          if (number === 1) continue
          const event = readLine(line, number, time, this.#problems)
          if (event === undefined) continue
          time = event.time
          events.push(event)
        }
        yield { events, position: end }
      }
      if (signal?.aborted) throw new Failure('CANCELLED', 'Reading the session was canceled.')
    } finally {
      await this.close()
    }
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}

/** Decodes the lines of a block: all at once, or one by one if a byte is not UTF-8. */
function splitLines(bytes: Buffer): Line[] {
  const isWhole = bytes.at(-1) === NEWLINE
  const texts = isWhole ? bytes.subarray(0, -1) : bytes
  if (bytes.length === 0) return []
  if (isUtf8(texts)) {
    const lines = texts.toString().split('\n')
    return lines.map((text, at) => ({ text, isUtf8: true, isTorn: !isWhole && at === lines.length - 1 }))
  }
  const lines: Line[] = []
  for (let from = 0; from <= texts.length; ) {
    const newline = texts.indexOf(NEWLINE, from)
    const line = texts.subarray(from, newline < 0 ? texts.length : newline)
    lines.push({ text: line.toString(), isUtf8: isUtf8(line), isTorn: !isWhole && newline < 0 })
    from += line.length + 1
  }
  return lines
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
