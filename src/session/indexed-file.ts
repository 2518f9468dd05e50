/** A session file read once for the place of every event, and then event by event: payloads stay on the disk. */
import type { RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import { LineReader } from './line-reader.ts'
import { parseLine } from './parse-line.ts'
import { type EventHead, headOf, type Playable } from './playable.ts'
import type { Problem } from './problems.ts'
import { openSession, type ReadOptions } from './reader.ts'

interface Column<T> {
  readonly length: number
  set(values: T): void
  [index: number]: number
}

/** The columns of the index, about 23 bytes an event. */
class Places {
  count = 0
  time = new Float64Array(1024)
  offset = new Float64Array(1024)
  length = new Float64Array(1024)
  kind = new Uint8Array(1024)
  connection = new Uint16Array(1024)

  push({ time, kind, connection }: EventHead, offset: number, length: number): void {
    const at = this.count
    if (at === this.time.length) this.#grow()
    this.time[at] = time
    this.kind[at] = kind
    this.connection[at] = connection
    this.offset[at] = offset
    this.length[at] = length
    this.count++
  }

  #grow(): void {
    const capacity = this.time.length * 2
    this.time = grown(this.time, new Float64Array(capacity))
    this.offset = grown(this.offset, new Float64Array(capacity))
    this.length = grown(this.length, new Float64Array(capacity))
    this.kind = grown(this.kind, new Uint8Array(capacity))
    this.connection = grown(this.connection, new Uint16Array(capacity))
  }
}

function grown<T extends Column<T>>(from: T, into: T): T {
  into.set(from)
  return into
}

export class IndexedFile implements Playable {
  readonly startedAt: Date
  readonly firstKept = 0
  /** What the capture had dropped when it was saved, and payloads that the file does not have. */
  readonly dropped: { readonly events: number; readonly payloads: number }
  /** What was wrong in the file: the first hundred problems, and how many there were. */
  readonly problems: readonly Problem[]
  readonly problemCount: number
  readonly #path: string
  readonly #places: Places
  readonly #lines: LineReader

  private constructor(
    path: string,
    places: Places,
    file: Pick<IndexedFile, 'startedAt' | 'dropped' | 'problems' | 'problemCount'>,
  ) {
    this.#path = path
    this.#places = places
    this.startedAt = file.startedAt
    this.dropped = file.dropped
    this.problems = file.problems
    this.problemCount = file.problemCount
    this.#lines = new LineReader(path)
  }

  /** Reads the file once. Rejects with a `Failure` where it is no session or cannot be read. */
  static async open(path: string, options: ReadOptions = {}): Promise<IndexedFile> {
    const file = await openSession(path, options)
    const places = new Places()
    let unkept = 0
    for await (const { events, offsets, lengths } of file.batches())
      for (const [at, event] of events.entries()) {
        places.push(headOf(event), offsets[at] ?? 0, lengths[at] ?? 0)
        if ('dropped' in event) unkept++
      }
    const { header, problems, problemCount } = file
    return new IndexedFile(path, places, {
      startedAt: header.startedAt,
      dropped: { events: header.droppedEvents, payloads: Math.max(header.droppedPayloads, unkept) },
      problems,
      problemCount,
    })
  }

  get count(): number {
    return this.#places.count
  }

  row(index: number): EventHead {
    this.#check(index)
    const { time, kind, connection } = this.#places
    return { time: time[index] ?? 0, kind: kind[index] ?? 0, connection: connection[index] ?? 0 }
  }

  /** Throws a `Failure` `CHANGED` where the file was changed since it was opened. */
  event(index: number): RealtimeEvent {
    this.#check(index)
    const { offset, length, time } = this.#places
    const line = this.#lines.read(offset[index] ?? 0, length[index] ?? 0)
    const event = parseLine(line.toString(), time[index])
    if (event === undefined)
      throw new Failure(
        'CHANGED',
        `${this.#path} was changed while it was being played, so event ${index + 1} cannot be read; open it again.`,
      )
    return event
  }

  close(): void {
    this.#lines.close()
  }

  #check(index: number): void {
    if (index < 0 || index >= this.count) throw new RangeError(`There is no event ${index}.`)
  }
}
