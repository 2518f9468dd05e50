/** Reads the lines of a session file by their bytes, and parses only those that somebody needs as an event. */
import { isUtf8 } from 'node:buffer'
import { open } from 'node:fs/promises'
import { EventNames } from '../capture/event-names.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { NEWLINE, readBlocks } from './line-blocks.ts'
import { LineHead } from './line-head.ts'
import { type Problem, Problems, readLine } from './line-problems.ts'
import { toReadFailure } from './session-reader.ts'

const RETURN = 0x0d

/** A line as this program writes it. Valid until the next one. */
export interface ScannedLine {
  readonly head: LineHead
  readonly eventNames: EventNames
  readonly bytes: Buffer
  /** Where its JSON ends in `bytes`. */
  readonly to: number
  /** Position of the line in the file. */
  readonly offset: number
}

export interface LineTaker {
  /** Takes the next event by its line. False to get it as an event. */
  line(line: ScannedLine): boolean
  /** The next event. The scan waits for the promise. */
  event(event: RealtimeEvent): Promise<void> | undefined
  /** Whether no more events are needed. */
  isDone?(): boolean
}

/** A recording in lines. */
export interface LineSource {
  /** Reads all events in order. Rejects with a `Failure` if the file cannot be read. */
  scanLines(taker: LineTaker): Promise<void>
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
  readonly #problems = new Problems()
  readonly #eventNames = new EventNames()
  readonly #line: { -readonly [K in keyof ScannedLine]: ScannedLine[K] } = {
    head: new LineHead(this.#eventNames),
    eventNames: this.#eventNames,
    bytes: Buffer.alloc(0),
    to: 0,
    offset: 0,
  }
  #number = 0
  #time = 0

  /** `maxLine` is the length in bytes of the longest line to read. */
  constructor(path: string, maxLine: number) {
    this.#path = path
    this.#maxLine = maxLine
  }

  /** Problems found so far: the first hundred. */
  get problems(): readonly Problem[] {
    return this.#problems.list()
  }

  get problemCount(): number {
    return this.#problems.count
  }

  async run(taker: LineTaker): Promise<void> {
    const file = await open(this.#path, 'r').catch((thrown: unknown) => {
      throw toReadFailure(thrown, this.#path)
    })
    try {
      for await (const { bytes, offset, isTooLong } of readBlocks(file, this.#maxLine)) {
        if (isTooLong) this.#problems.tooLong(++this.#number, this.#maxLine)
        else await this.#scan(bytes, offset, taker)
        if (taker.isDone?.()) return
      }
    } finally {
      await file.close()
    }
  }

  async #scan(bytes: Buffer, offset: number, taker: LineTaker): Promise<void> {
    const areUtf8 = isUtf8(bytes)
    for (let from = 0; from < bytes.length; ) {
      const newline = bytes.indexOf(NEWLINE, from)
      const end = newline < 0 ? bytes.length : newline
      this.#number++
      if (this.#number > 1) {
        const event = this.#read(bytes, from, end, offset + from, areUtf8, taker)
        const waiting = event && taker.event(event)
        // Waiting for each event would take longer than all the rest.
        if (waiting !== undefined) await waiting
      }
      from = end + 1
    }
  }

  /** The event of a line that was not taken by its bytes. */
  #read(
    bytes: Buffer,
    from: number,
    end: number,
    offset: number,
    isKnownUtf8: boolean,
    taker: LineTaker,
  ): RealtimeEvent | undefined {
    const to = bytes[end - 1] === RETURN ? end - 1 : end
    if (to <= from) return undefined
    const isText = isKnownUtf8 || isUtf8(bytes.subarray(from, to))
    const line = this.#line
    if (isText && line.head.read(bytes, from, to)) {
      line.bytes = bytes
      line.to = to
      line.offset = offset
      this.#time = line.head.row.time
      if (taker.line(line)) return undefined
    }
    const text = bytes.toString('utf8', from, to)
    const isTorn = end === bytes.length
    const event = readLine({ text, isUtf8: isText, isTorn }, this.#number, this.#time, this.#problems)
    if (event !== undefined) this.#time = event.time
    return event
  }
}
