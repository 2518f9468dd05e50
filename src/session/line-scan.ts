/** Reads the lines of a session file by their bytes, and parses only those that somebody needs as an event. */
import { open } from 'node:fs/promises'
import { EventNames } from '../capture/event-names.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import { readBlocks, SMALL_BLOCK_SIZE } from './line-blocks.ts'
import type { LineHead } from './line-head.ts'
import type { Problem } from './line-problems.ts'
import { LineScanner, type LineTaker as ScanTaker } from './line-scanner.ts'
import { toReadFailure } from './session-reader.ts'

/** A line as this program writes it. The same object is the next line, because making one for each takes time. */
export interface ScannedLine {
  /** If the taker measures payloads itself, `row.size` is what the line says, and the payload may not be valid. */
  readonly head: LineHead
  readonly eventNames: EventNames
  readonly bytes: Buffer
  /** Where its JSON ends in `bytes`. */
  readonly to: number
  /** Position of the line in the file. */
  readonly offset: number
}

export interface LineTaker {
  /** Whether it measures payloads itself, and returns false for those that are not valid. Default false. */
  readonly measures?: boolean
  /** Takes the next event by its line. False to get it as an event. The scan waits for a promise. */
  line(line: ScannedLine): boolean | Promise<void>
  /** The next event. The scan waits for the promise. */
  event(event: RealtimeEvent): Promise<void> | undefined
  /** Whether no more events are needed. */
  isDone?(): boolean
}

/** A recording in lines. */
export interface LineSource {
  /** Reads all events in order. Rejects with a `Failure` if the file cannot be read, and with `CANCELLED`. */
  scanLines(taker: LineTaker, signal?: AbortSignal): Promise<void>
  /** The events of lines at positions in the file; fastest if they ascend. Undefined for a line that is not an event. */
  eventsAt(offsets: Iterable<number>): Iterable<RealtimeEvent | undefined>
}

/** Whether a recording is in lines. */
export function hasLines<R extends object>(recording: R): recording is R & LineSource {
  return 'scanLines' in recording
}

export class LineScan {
  readonly #path: string
  readonly #maxLine: number
  readonly #eventNames = new EventNames()
  readonly #scanner: LineScanner

  /** `maxLine` is the length in bytes of the longest line to read. */
  constructor(path: string, maxLine: number) {
    this.#path = path
    this.#maxLine = maxLine
    this.#scanner = new LineScanner(maxLine, this.#eventNames)
  }

  /** Problems found so far: the first hundred. */
  get problems(): readonly Problem[] {
    return this.#scanner.problems.list()
  }

  get problemCount(): number {
    return this.#scanner.problems.count
  }

  async run(taker: LineTaker, signal?: AbortSignal): Promise<void> {
    const file = await open(this.#path, 'r').catch((thrown: unknown) => {
      throw toReadFailure(thrown, this.#path)
    })
    const lines = new Lines(this.#scanner.head, this.#eventNames, taker)
    try {
      for await (const block of readBlocks(file, this.#maxLine, signal, SMALL_BLOCK_SIZE)) {
        lines.offset = block.offset
        await this.#scanner.scan(block, lines)
        if (taker.isDone?.()) return
      }
      if (signal?.aborted) throw new Failure('CANCELLED', 'Reading the session was canceled.')
    } finally {
      await file.close()
    }
  }
}

/** Gives the lines of all blocks to a taker. */
class Lines implements ScanTaker {
  readonly measures: boolean
  /** Position of the block in the file. */
  offset = 0
  readonly #taker: LineTaker
  readonly #line: { -readonly [Key in keyof ScannedLine]: ScannedLine[Key] }

  constructor(head: LineHead, eventNames: EventNames, taker: LineTaker) {
    this.measures = taker.measures === true
    this.#taker = taker
    this.#line = { head, eventNames, bytes: Buffer.alloc(0), to: 0, offset: 0 }
  }

  head(_: LineHead, bytes: Buffer, from: number, to: number): boolean | Promise<void> {
    const line = this.#line
    line.bytes = bytes
    line.to = to
    line.offset = this.offset + from
    return this.#taker.line(line)
  }

  event(event: RealtimeEvent): Promise<void> | undefined {
    return this.#taker.event(event)
  }
}
