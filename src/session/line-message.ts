/** The latest line as a message that is a JSON object, without making an event of it. */
import type { ObjectMessage } from '../diagnose/object-message.ts'
import type { MessageEvent } from '../shared/event.ts'
import { KIND_BIT } from '../shared/event-columns.ts'
import { eventOf } from './line-event.ts'
import { LineJson } from './line-json.ts'
import type { ScannedLine } from './line-scan.ts'

export class LineMessage implements ObjectMessage {
  time = 0
  kind = 0
  connection = 0
  size = 0
  wireSize = 0
  event: string | undefined
  readonly #json = new LineJson()
  #place = ''
  #line: ScannedLine | undefined
  /** The name of the latest message that had one, which is likely to be that of the next, and its bytes. */
  #name = ''
  #nameBytes: Uint8Array = new Uint8Array(0)

  /** Becomes the message of the line. False if it is no JSON object, or cannot be read without parsing it. */
  take(line: ScannedLine): boolean {
    const { head, bytes, to } = line
    const { row, textAt } = head
    if (textAt < 0 || (row.kind & KIND_BIT.binary) !== 0) return false
    if (!this.#json.read(bytes, textAt + 1, to - 2)) return false
    // What the line says may be wrong.
    row.size = this.#json.size
    this.#line = line
    this.time = row.time
    this.kind = row.kind
    this.connection = row.connection
    this.size = row.size
    this.wireSize = row.wireSize
    this.event = head.event
    return true
  }

  get name(): string | undefined {
    const { nameFrom, nameTo } = this.#json
    const bytes = this.#line?.bytes
    if (nameFrom < 0 || bytes === undefined) return undefined
    if (!isEqual(bytes, nameFrom, nameTo, this.#nameBytes)) {
      this.#name = bytes.toString('utf8', nameFrom, nameTo)
      this.#nameBytes = bytes.slice(nameFrom, nameTo)
    }
    return this.#name
  }

  integerAt(place: string): number | undefined {
    const line = this.#line
    if (line === undefined) return undefined
    // The place is that of a counter, which hardly ever changes.
    if (place !== this.#place) {
      this.#place = place
      this.#json.watch(place)
      this.#json.read(line.bytes, line.head.textAt + 1, line.to - 2)
    }
    return this.#json.integer
  }

  read(): MessageEvent {
    if (this.#line === undefined) throw new Error('No line has been taken.')
    const { head, bytes, to } = this.#line
    return eventOf(head, bytes, to) as MessageEvent
  }
}

function isEqual(bytes: Uint8Array, from: number, to: number, other: Uint8Array): boolean {
  if (to - from !== other.length) return false
  for (let at = 0; at < other.length; at++) if (bytes[from + at] !== other[at]) return false
  return true
}
