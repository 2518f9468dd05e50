/** Reads session files as streams, in bounded memory, with whatever is wrong in them reported. */
import { constants, isUtf8 } from 'node:buffer'
import { type FileHandle, open } from 'node:fs/promises'
import type { RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../shared/spec.ts'
import { type Problem, Problems } from './line-problems.ts'
import { parseHeader, parseLine, type SessionHeader } from './parse-line.ts'

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

export interface SessionStream {
  readonly header: SessionHeader
  /** Bytes of the file. */
  readonly size: number
  /** The events, in batches; iterate once. Closes the file at its end, or when the loop is left. */
  batches(): AsyncGenerator<SessionBatch>
  /** What was wrong, as far as it was read; the first hundred. */
  readonly problems: readonly Problem[]
  /** How many problems there were, those not listed among them. */
  readonly problemCount: number
  close(): Promise<void>
}

const CHUNK_SIZE = 1024 * 1024
const MAX_HEADER = 64 * 1024
const NEWLINE = 0x0a
/** A control character takes six characters in JSON (`\u0001`), more than any other byte. */
const MAX_EXPANSION = 6
const LINE_ALLOWANCE = 1024 * 1024

/** Bytes of the longest line that is read, for payloads of up to `maxMessageSize` bytes. */
export function longestLine(maxMessageSize: number): number {
  return Math.min(MAX_EXPANSION * maxMessageSize + LINE_ALLOWANCE, constants.MAX_STRING_LENGTH)
}

interface Line {
  /** Undefined for a line over the limit. */
  readonly text: string | undefined
  readonly valid: boolean
  /** The file ends without a newline after it. */
  readonly last: boolean
}

interface LineBatch {
  readonly lines: readonly Line[]
  /** Bytes of the file read so far. */
  readonly position: number
}

function stripReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}

function toLine(bytes: Buffer, last: boolean): Line {
  return { text: stripReturn(bytes.toString()), valid: isUtf8(bytes), last }
}

/** Lines of many bytes at once: decoded together, and one by one only where some byte is not UTF-8. */
function splitLines(bytes: Buffer): Line[] {
  if (isUtf8(bytes))
    return bytes
      .toString()
      .split('\n')
      .map((text) => ({ text: stripReturn(text), valid: true, last: false }))
  const lines: Line[] = []
  for (let from = 0; from <= bytes.length; ) {
    const found = bytes.indexOf(NEWLINE, from)
    const to = found < 0 ? bytes.length : found
    lines.push(toLine(bytes.subarray(from, to), false))
    from = to + 1
  }
  return lines
}

/** The lines of a file; of one longer than `maxLine` bytes nothing is kept. */
async function* readLines(file: FileHandle, maxLine: number): AsyncGenerator<LineBatch> {
  let pieces: Buffer[] = []
  let length = 0
  let position = 0
  const whole = (last: boolean): Line =>
    length > maxLine ? { text: undefined, valid: true, last } : toLine(Buffer.concat(pieces), last)
  while (true) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_SIZE), 0, CHUNK_SIZE, position)
    if (bytesRead === 0) break
    position += bytesRead
    const chunk = buffer.subarray(0, bytesRead)
    const first = chunk.indexOf(NEWLINE)
    const head = first < 0 ? chunk : chunk.subarray(0, first)
    length += head.length
    if (length > maxLine) pieces = []
    else pieces.push(head)
    if (first < 0) continue
    const lines: Line[] = [whole(false)]
    const end = chunk.lastIndexOf(NEWLINE)
    if (end > first) for (const line of splitLines(chunk.subarray(first + 1, end))) lines.push(line)
    const rest = chunk.subarray(end + 1)
    pieces = [rest]
    length = rest.length
    yield { lines, position }
  }
  if (length > 0) yield { lines: [whole(true)], position }
}

class Reader implements SessionStream {
  readonly header: SessionHeader
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

  get problems(): readonly Problem[] {
    return this.#problems.list()
  }

  get problemCount(): number {
    return this.#problems.count
  }

  async *batches(): AsyncGenerator<SessionBatch> {
    const { maxMessageSize = DEFAULT_MAX_MESSAGE_SIZE, signal } = this.#options
    const maxLine = longestLine(maxMessageSize)
    let number = 0
    let time = 0
    try {
      for await (const { lines, position } of readLines(this.#file, maxLine)) {
        if (signal?.aborted) throw new Failure('CANCELLED', 'Reading the session was cancelled.')
        const events: RealtimeEvent[] = []
        for (const line of lines) {
          number++
          if (number === 1) continue
          const event = this.#read(line, number, time, maxLine)
          if (event === undefined) continue
          time = event.time
          this.#problems.look(number, event)
          events.push(event)
        }
        yield { events, position }
      }
    } finally {
      await this.close()
    }
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  #read(line: Line, number: number, time: number, maxLine: number): RealtimeEvent | undefined {
    if (line.text === undefined) {
      this.#report(number, `Line ${number} is longer than ${maxLine} bytes and was skipped.`)
      return undefined
    }
    if (line.text === '') return undefined
    const event = parseLine(line.text, time)
    if (event === undefined && line.last)
      this.#report(number, `The last line (${number}) is cut short and was skipped; all before it was read.`)
    else if (event === undefined) this.#report(number, `Line ${number} is no event and was skipped.`)
    else if (!line.valid)
      this.#report(number, `Line ${number} is not valid UTF-8; what could not be read shows as \ufffd.`)
    return event
  }

  #report(line: number, message: string): void {
    this.#problems.add(line, message)
  }
}

async function readFirstLine(file: FileHandle): Promise<string> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_HEADER), 0, MAX_HEADER, 0)
  const bytes = buffer.subarray(0, bytesRead)
  const end = bytes.indexOf(NEWLINE)
  const line = stripReturn((end < 0 ? bytes : bytes.subarray(0, end)).toString())
  return line.startsWith('\ufeff') ? line.slice(1) : line
}

/**
 * Opens a session file and reads its header. Rejects with a `Failure`: `NOT_A_SESSION`, `NEWER_VERSION`, or
 * the file system's code.
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
    return new Reader(file, size, header, options)
  } catch (error) {
    await file.close()
    throw error instanceof Failure ? error : toReadFailure(error, path)
  }
}

/** A sentence for an error of the file system. */
export function toReadFailure(error: unknown, path: string): Failure {
  const { code = 'READ', message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return new Failure(code, `There is no file ${path}; check the name.`)
  if (code === 'EISDIR') return new Failure(code, `${path} is a folder; name a session file in it.`)
  if (code === 'EACCES' || code === 'EPERM')
    return new Failure(code, `There is no permission to read ${path}; check who owns it.`)
  return new Failure(code, `${path} could not be read (${message}); check the disk.`)
}
