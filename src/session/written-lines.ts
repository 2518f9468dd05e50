/** Lines of a session file that can be copied to another one, in runs, and the events between them. */
import type { WrittenLines, WrittenPart } from '../capture/recording.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { NEWLINE } from './line-blocks.ts'
import { eventOf, isAsWritten } from './line-event.ts'
import type { LineHead } from './line-head.ts'
import type { LineTaker } from './line-scanner.ts'

/** The parts of one block. */
export class WrittenParts implements LineTaker {
  /** It looks at payloads once. */
  readonly measures = true
  readonly list: WrittenPart[] = []
  /** Number of all events. */
  count = 0
  /** The lines from `#from` to `#to` of the block can be copied. */
  #from = 0
  #to = 0
  #lines = 0
  #withoutPayload = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  head(head: LineHead, bytes: Buffer, from: number, to: number): boolean {
    if (bytes[to] !== NEWLINE || !isAsWritten(head, bytes, to)) {
      if (!head.measure(to)) return false
      this.event(eventOf(head, bytes, to))
      return true
    }
    if (from !== this.#to) this.end()
    if (this.#lines === 0) this.#from = from
    this.#to = to + 1
    this.#lines++
    this.count++
    if (head.isHollow) this.#withoutPayload++
    return true
  }

  event(event: RealtimeEvent): void {
    this.end()
    this.count++
    this.list.push(event)
  }

  /** Ends the run of lines. */
  end(): void {
    if (this.#lines === 0) return
    const lines: WrittenLines = {
      lines: this.#bytes.subarray(this.#from, this.#to),
      count: this.#lines,
      withoutPayload: this.#withoutPayload,
    }
    this.list.push(lines)
    this.#lines = 0
    this.#withoutPayload = 0
  }
}
