/** A session file on the disk: streamed, or indexed to be read like a capture. */
import type { Dropped, ReadOptions, WrittenPart } from '../capture/recording.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../shared/spec.ts'
import { FileLog } from './file-log.ts'
import { longestLine } from './line-blocks.ts'
import { LineIndexer } from './line-indexer.ts'
import { LineReader } from './line-reader.ts'
import { LineScan, type LineSource, type LineTaker } from './line-scan.ts'
import { parseLine, type SessionHeader } from './parse-line.ts'
import type { OpenOptions, RecordingFile } from './recording-file.ts'
import { openSession, type SessionStream } from './session-reader.ts'

export class SessionFile implements RecordingFile, LineSource {
  readonly size: number
  readonly #path: string
  readonly #header: SessionHeader
  readonly #options: OpenOptions
  readonly #indexer: LineIndexer
  #log: FileLog | undefined
  #latestReading: Pick<SessionStream, 'problems' | 'problemCount'>

  private constructor(path: string, size: number, header: SessionHeader, options: OpenOptions) {
    const { maxMessageSize = DEFAULT_MAX_MESSAGE_SIZE } = options
    this.#path = path
    this.size = size
    this.#header = header
    this.#options = options
    this.#indexer = new LineIndexer(path, longestLine(maxMessageSize))
    this.#latestReading = this.#indexer
  }

  /** Reads the header. Rejects with a `Failure` as `openSession` does. */
  static async open(path: string, options: OpenOptions = {}): Promise<SessionFile> {
    const session = await openSession(path)
    await session.close()
    return new SessionFile(path, session.size, session.header, options)
  }

  get startedAt(): Date {
    return this.#header.startedAt
  }

  get generator(): string {
    return this.#header.generator
  }

  /** Payloads include those that the indexed events lack. */
  get dropped(): Dropped {
    const { droppedEvents, droppedPayloads } = this.#header
    return { events: droppedEvents, payloads: Math.max(droppedPayloads, this.#indexer.withoutPayload) }
  }

  get problems(): readonly string[] {
    return this.#latestReading.problems.map(({ message }) => message)
  }

  get problemCount(): number {
    return this.#latestReading.problemCount
  }

  get position(): number {
    return this.#indexer.position
  }

  get log(): FileLog {
    this.#log ??= new FileLog(this.#path, this, this.#indexer, this.#options)
    return this.#log
  }

  /** Streams the file, whether it is indexed or not. `indexes` has no effect. */
  async *events({ signal, onProgress }: ReadOptions = {}): AsyncGenerator<readonly RealtimeEvent[]> {
    const file = await this.#stream(signal)
    let count = 0
    for await (const { events } of file.batches()) {
      yield events
      count += events.length
      onProgress?.(count)
    }
  }

  async *written({ signal, onProgress }: ReadOptions = {}): AsyncGenerator<readonly WrittenPart[]> {
    const file = await this.#stream(signal)
    let count = 0
    for await (const parts of file.written()) {
      yield parts.list
      count += parts.count
      onProgress?.(count)
    }
  }

  async #stream(signal: AbortSignal | undefined): Promise<SessionStream> {
    const { maxMessageSize } = this.#options
    const file = await openSession(this.#path, {
      ...(maxMessageSize !== undefined && { maxMessageSize }),
      ...(signal !== undefined && { signal }),
    })
    this.#latestReading = file
    return file
  }

  async scanLines(taker: LineTaker, signal?: AbortSignal): Promise<void> {
    const { maxMessageSize = DEFAULT_MAX_MESSAGE_SIZE } = this.#options
    const scan = new LineScan(this.#path, longestLine(maxMessageSize))
    this.#latestReading = scan
    await scan.run(taker, signal)
  }

  *eventsAt(offsets: Iterable<number>): Generator<RealtimeEvent | undefined> {
    const lines = new LineReader(this.#path)
    try {
      for (const offset of offsets) yield parseLine(lines.line(offset, this.size).toString(), 0)
    } finally {
      lines.close()
    }
  }

  async indexNext(): Promise<boolean> {
    const hasMore = await this.#indexer.next()
    this.#options.onProgress?.()
    return hasMore
  }

  close(): void {
    this.#indexer.close()
    this.#log?.close()
  }
}
