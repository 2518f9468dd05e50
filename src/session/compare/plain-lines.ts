/** The contents of messages from the bytes of their lines, without an event for each. */
import { isUtf8 } from 'node:buffer'
import { FLAG } from '../../capture/column-segments.ts'
import type { Direction } from '../../shared/event.ts'
import { isOut, KIND_BIT } from '../../shared/event-columns.ts'
import type { ScannedLine } from '../line-scan.ts'
import type { ContentReader, Contents, Context } from './contents.ts'
import { unescapeString } from './hashing/json-text.ts'

/** What replaces an unpaired surrogate if a text is written as UTF-8. */
const REPLACEMENT = 0xfffd
const FIRST_CAPACITY = 64 * 1024

/** The payloads and contexts of the lines of one recording. */
export class PlainLines {
  readonly #contents: ContentReader
  readonly #contexts = new Map<number, Context>()
  #payload = Buffer.allocUnsafeSlow(FIRST_CAPACITY)

  constructor(contents: ContentReader) {
    this.#contents = contents
  }

  /** The contents of a message. Undefined if its payload was dropped, or if its event type is not known by number. */
  read({ head, eventNames, bytes, to }: ScannedLine): Contents | undefined {
    const { row, textAt, base64At } = head
    if ((row.flags & FLAG.hollow) !== 0 || !eventNames.isExact(row.eventName)) return undefined
    const from = (textAt < 0 ? base64At : textAt) + 1
    const end = to - 2
    if (this.#payload.length < end - from) this.#payload = Buffer.allocUnsafeSlow(2 * (end - from))
    const payload = this.#payload
    const isEscaped = textAt >= 0
    const length = isEscaped
      ? unescapeString(bytes, from, end, payload, REPLACEMENT)
      : payload.write(bytes.toString('latin1', from, end), 'base64')
    if (length < 0) return undefined
    const isText = isEscaped || isUtf8(payload.subarray(0, length))
    const opcode = (row.flags & FLAG.opcode) === 0 ? isText : (row.kind & KIND_BIT.binary) === 0
    const context = this.#contextOf(row.kind, opcode ? 'text' : 'binary', row.eventName, eventNames.list)
    return this.#contents.readData(context, payload, 0, length, isText)
  }

  #contextOf(
    kind: number,
    opcode: 'text' | 'binary',
    eventName: number,
    eventNames: readonly string[],
  ): Context {
    const direction: Direction = isOut(kind) ? 'out' : 'in'
    const key = eventName * 4 + (direction === 'out' ? 2 : 0) + (opcode === 'text' ? 1 : 0)
    let context = this.#contexts.get(key)
    if (context === undefined) {
      context = this.#contents.context(direction, opcode, eventNames[eventName] ?? '')
      this.#contexts.set(key, context)
    }
    return context
  }
}
