/** Reads the lines in blocks of a session file: by their heads if this program wrote them, else by parsing them. */
import { isUtf8 } from 'node:buffer'
import { EventNames } from '../capture/event-names.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { type LineBlock, NEWLINE } from './line-blocks.ts'
import { LineHead } from './line-head.ts'
import { Problems, readLine } from './line-problems.ts'

const RETURN = 0x0d

/** Takes the events in the order of their lines. Positions are those in the bytes of the block. */
export interface LineTaker {
  /** Whether it measures payloads itself, so that `head.row.size` is what the line says. */
  readonly measures?: boolean
  /**
   * `head` has read the line [from, to), which is followed by a newline, after `\r` or not, or by the end of the file. Return
   * false to get the line as an event instead. If this returns a promise, the scan waits for it.
   */
  head(head: LineHead, bytes: Buffer, from: number, to: number): unknown
  /** If this returns a promise, the scan waits for it. */
  event(event: RealtimeEvent, from: number): unknown
}

export class LineScanner {
  readonly problems = new Problems()
  /** The head of the latest line. */
  readonly head: LineHead
  readonly #maxLine: number
  #line = 0
  #time = 0

  /** `maxLine` is the length in bytes of the longest line to read. */
  constructor(maxLine: number, eventNames = new EventNames()) {
    this.#maxLine = maxLine
    this.head = new LineHead(eventNames)
  }

  /** Reads the next block of the file. Undefined if it does not have to wait for the taker. */
  scan({ bytes, isTooLong }: LineBlock, taker: LineTaker): Promise<void> | undefined {
    if (isTooLong) this.problems.tooLong(++this.#line, this.#maxLine)
    return this.#scanFrom(bytes, 0, isUtf8(bytes), taker)
  }

  #scanFrom(bytes: Buffer, start: number, areUtf8: boolean, taker: LineTaker): Promise<void> | undefined {
    for (let from = start; from < bytes.length; ) {
      const newline = bytes.indexOf(NEWLINE, from)
      const end = newline < 0 ? bytes.length : newline
      this.#line++
      const waiting = this.#line > 1 ? this.#scanLine(bytes, from, end, areUtf8, taker) : undefined
      from = end + 1
      // Waiting for each event would take longer than all the rest.
      if (waiting instanceof Promise)
        return waiting.then(() => this.#scanFrom(bytes, end + 1, areUtf8, taker))
    }
    return undefined
  }

  #scanLine(bytes: Buffer, from: number, end: number, isKnownUtf8: boolean, taker: LineTaker): unknown {
    const to = bytes[end - 1] === RETURN ? end - 1 : end
    if (to <= from) return undefined
    const isText = isKnownUtf8 || isUtf8(bytes.subarray(from, to))
    const head = this.head
    if (isText && head.readFields(bytes, from, to) && (taker.measures === true || head.measure(to))) {
      const taken = taker.head(head, bytes, from, to)
      if (taken !== false) {
        this.#time = head.row.time
        return taken
      }
    }
    const line = { text: bytes.toString('utf8', from, to), isUtf8: isText, isTorn: end === bytes.length }
    const event = readLine(line, this.#line, this.#time, this.problems)
    if (event === undefined) return undefined
    this.#time = event.time
    return taker.event(event, from)
  }
}
