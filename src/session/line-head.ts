/**
 * Reads the columns of an event from the bytes of its line and measures its payload, without parsing JSON. Only reads
 * lines as this program writes them. `parseLine` reads all others.
 */
import { KINDS } from '../capture/codec.ts'
import { emptyRow, FLAG } from '../capture/column-segments.ts'
import type { EventNames } from '../capture/event-names.ts'
import type { Direction, MessageEvent, PayloadEvent } from '../shared/event.ts'
import { isOut, KIND_BIT, UNKNOWN_SIZE } from '../shared/event-columns.ts'
import { isDirectedType, PAYLOAD_TYPES } from '../shared/event-types.ts'
import { AUTOMATIC, type Automatic } from '../shared/spec.ts'
import { base64Size, stringSize } from './json-string.ts'
import { type LineBytes, LineText, lineBytes } from './line-text.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const SPACE = 0x20
const DOT = 0x2e
const ZERO = 0x30
const BRACE = 0x7d
const MAX_16 = 0xffff
/** Bytes of what is compared with the line before: more than the longest beginning, and than most fields. */
const MAX_START = 64
const MAX_FIELDS = 256

const TYPES = PAYLOAD_TYPES.map((type) => ({
  type,
  kind: KINDS[type],
  isMessage: type === 'message',
  hasDirection: isDirectedType(type),
  start: LineText.of(`{"type":"${type}","connection":`),
}))
type LineType = (typeof TYPES)[number]
const TIME = LineText.of(',"time":')
const DIRECTION_IN = LineText.of(',"direction":"in"')
const DIRECTION_OUT = LineText.of(',"direction":"out"')
const SIZE = LineText.of(',"size":')
const WIRE_SIZE = LineText.of(',"wireSize":')
const OPCODE_TEXT = LineText.of(',"opcode":"text"')
const OPCODE_BINARY = LineText.of(',"opcode":"binary"')
const FRAMES = LineText.of(',"frames":')
const PLAIN = LineText.of(',"compressed":false')
const DEFLATED = LineText.of(',"compressed":true')
const UNNAMED = LineText.of(',"event":"message"')
const EVENT = LineText.of(',"event":"')
const ID = LineText.of(',"id":"')
const SAME_ID = LineText.of(',"sameId":true')
const FRAMING = LineText.of(',"framing":"')
const TRUNCATED = LineText.of(',"truncated":true')
const AUTOMATICS = AUTOMATIC.map((why) => ({ why, text: LineText.of(`,"automatic":"${why}"`) }))
const DROPPED = LineText.of(',"dropped":true}')
const TEXT = LineText.of(',"text":"')
const BASE64 = LineText.of(',"base64":"')

const POWERS = [1, 10, 100, 1000]
/** Milliseconds up to which a number surely keeps its microseconds. */
const LONGEST_EXACT = 1e12

export class LineHead {
  readonly row = emptyRow()
  type: PayloadEvent['type'] = 'message'
  /** Position of the opening quote of the payload's text, which ends before the line's last character. -1 if none. */
  textAt = -1
  /** The same for a payload in base64. */
  base64At = -1
  /** Fields of a message that `row` does not tell exactly. Undefined if the line lacks them. */
  frames: number | undefined
  event: string | undefined
  id: string | undefined
  framing: string | undefined
  automatic: Automatic | undefined
  sameId: true | undefined
  /** Whether the numbers are written as this program writes them, and the size is that of the payload. */
  hasExactNumbers = false
  readonly #eventNames: EventNames
  #bytes: Buffer = Buffer.alloc(0)
  #line: LineBytes = lineBytes(this.#bytes)
  #at = 0
  /** How the latest line began, up to its time, and its type. Most lines begin like the one before. */
  readonly #start = new LineText(MAX_START)
  #startType: LineType | undefined
  /** The fields of the latest message after its sizes, up to its payload, and what they add to `row.kind`. */
  readonly #fields = new LineText(MAX_FIELDS)
  #fieldsKind = 0
  #fieldsEndInText = false

  constructor(eventNames: EventNames) {
    this.#eventNames = eventNames
  }

  /** Whether the line lacks the payload of the event. */
  get isHollow(): boolean {
    return (this.row.flags & FLAG.hollow) !== 0 && this.row.size > 0
  }

  get direction(): Direction | undefined {
    return this.type === 'comment' ? undefined : isOut(this.row.kind) ? 'out' : 'in'
  }

  get opcode(): MessageEvent['opcode'] {
    if ((this.row.flags & FLAG.opcode) === 0) return undefined
    return (this.row.kind & KIND_BIT.binary) === 0 ? 'text' : 'binary'
  }

  get compressed(): boolean | undefined {
    return (this.row.flags & FLAG.compressed) === 0 ? undefined : (this.row.kind & KIND_BIT.compressed) !== 0
  }

  get truncated(): true | undefined {
    const { kind } = this.row
    return (!isOut(kind) && (kind & KIND_BIT.truncated) !== 0) || undefined
  }

  /** Reads the line [from, to) into `row`, except for the offset. False if the line has another shape. */
  read(bytes: Buffer, from: number, to: number): boolean {
    return this.readFields(bytes, from, to) && this.measure(to)
  }

  /** Measures the payload of the line, which ends at `to`. False if it is not valid. */
  measure(to: number): boolean {
    if (this.textAt < 0 && this.base64At < 0) return true
    const { row } = this
    // The size in the line can be wrong.
    const said = row.size
    row.size = (this.textAt < 0 ? base64Size : stringSize)(this.#bytes, this.#at, to - 2)
    if (row.size !== said) this.hasExactNumbers = false
    return row.size >= 0
  }

  /** As `read`, but without a look at the payload: `row.size` is what the line says. */
  readFields(bytes: Buffer, from: number, to: number): boolean {
    const { row } = this
    if (this.#bytes !== bytes) {
      this.#bytes = bytes
      this.#line = lineBytes(bytes)
    }
    this.#at = from
    this.textAt = -1
    this.base64At = -1
    this.hasExactNumbers = true
    const type = this.#readStart()
    if (type === undefined || bytes[to - 1] !== BRACE) return false
    this.type = type.type
    row.kind = type.kind
    row.time = this.#number()
    if (row.time < 0) return false
    if (type.hasDirection && !this.#skip(DIRECTION_IN)) {
      if (!this.#skip(DIRECTION_OUT)) return false
      row.kind |= KIND_BIT.out
    }
    if (!this.#skip(SIZE)) return false
    row.size = this.#integer()
    if (row.size < 0 || row.size >= UNKNOWN_SIZE) return false
    row.wireSize = UNKNOWN_SIZE
    if (this.#skip(WIRE_SIZE)) {
      row.wireSize = this.#integer()
      if (row.wireSize < 0 || row.wireSize >= UNKNOWN_SIZE) return false
    }
    const isRepeated = type.isMessage && this.#repeatsFields()
    if (!isRepeated && !this.#readRest(type, to)) return false
    if ((row.flags & FLAG.hollow) !== 0) return this.#at === to
    return bytes[to - 2] === QUOTE && this.#at <= to - 2
  }

  /** Reads the event type and the connection, up to the time. Undefined if they have another shape. */
  #readStart(): LineType | undefined {
    const from = this.#at
    const start = this.#start
    if (start.length > 0 && start.isAt(this.#line, from)) {
      this.#at = from + start.length
      return this.#startType
    }
    const type = this.#type()
    if (type === undefined) return undefined
    const connection = this.#integer()
    if (connection < 1 || connection > MAX_16 || !this.#skip(TIME)) return undefined
    this.row.connection = connection
    this.#startType = type
    start.keep(this.#line, from, this.#at)
    return type
  }

  /** Skips the fields of a message if they are those of the message before, which are still in place. */
  #repeatsFields(): boolean {
    const fields = this.#fields
    const { row } = this
    if (fields.length === 0 || isOut(this.#fieldsKind) !== isOut(row.kind)) return false
    if (!fields.isAt(this.#line, this.#at)) return false
    this.#at += fields.length
    row.kind |= this.#fieldsKind
    if (this.#fieldsEndInText) this.textAt = this.#at - 1
    else this.base64At = this.#at - 1
    return true
  }

  /** Reads what follows the sizes, up to the payload or, if that was dropped, to the end. */
  #readRest(type: LineType, to: number): boolean {
    const { row } = this
    const from = this.#at
    this.#reset()
    if (type.isMessage && !this.#readMessage(to)) return false
    if (this.#skip(DROPPED)) {
      row.flags |= FLAG.hollow
      return true
    }
    if (this.#skip(TEXT)) this.textAt = this.#at - 1
    else if (this.#skip(BASE64)) this.base64At = this.#at - 1
    else return false
    // Messages hardly ever have the same ID.
    if (type.isMessage && this.id === undefined) {
      this.#fields.keep(this.#line, from, this.#at)
      this.#fieldsKind = row.kind & ~type.kind
      this.#fieldsEndInText = this.textAt >= 0
    }
    return true
  }

  #reset(): void {
    const { row } = this
    this.#fields.forget()
    row.flags = 0
    row.eventName = 0
    row.frames = 0
    this.frames = undefined
    this.event = undefined
    this.id = undefined
    this.sameId = undefined
    this.framing = undefined
    this.automatic = undefined
  }

  #readMessage(to: number): boolean {
    const { row } = this
    if (this.#skip(OPCODE_TEXT)) row.flags |= FLAG.opcode
    else if (this.#skip(OPCODE_BINARY)) {
      row.flags |= FLAG.opcode
      row.kind |= KIND_BIT.binary
    }
    if (this.#skip(FRAMES)) {
      row.frames = this.#integer()
      this.frames = row.frames
      if (row.frames < 0 || row.frames > MAX_16) return false
    }
    if (this.#skip(PLAIN)) row.flags |= FLAG.compressed
    else if (this.#skip(DEFLATED)) {
      row.flags |= FLAG.compressed
      row.kind |= KIND_BIT.compressed
    }
    const isUnnamed = this.#skip(UNNAMED)
    if (isUnnamed || this.#skip(EVENT)) {
      this.event = isUnnamed ? 'message' : this.#plainString(to)
      if (this.event === undefined) return false
      row.flags |= FLAG.event
      row.eventName = this.#eventNames.intern(this.event)
    }
    if (this.#skip(ID)) {
      this.id = this.#plainString(to)
      if (this.id === undefined) return false
    }
    if (this.#skip(SAME_ID)) this.sameId = true
    if (this.#skip(FRAMING)) {
      this.framing = this.#plainString(to)
      if (this.framing === undefined) return false
    }
    // The kind holds one of the two, depending on the direction.
    const isSent = isOut(row.kind)
    if (this.#skip(TRUNCATED)) {
      if (isSent) return false
      row.kind |= KIND_BIT.truncated
    }
    this.automatic = this.#automatic()
    if (this.automatic !== undefined) {
      if (!isSent) return false
      row.kind |= KIND_BIT.automatic
    }
    return true
  }

  // `find` would make a function for each line.
  #type(): LineType | undefined {
    for (const type of TYPES) if (this.#skip(type.start)) return type
    return undefined
  }

  #automatic(): Automatic | undefined {
    for (const { why, text } of AUTOMATICS) if (this.#skip(text)) return why
    return undefined
  }

  /** Skips the text if it comes next. */
  #skip(text: LineText): boolean {
    if (!text.isAt(this.#line, this.#at)) return false
    this.#at += text.length
    return true
  }

  /** A whole number. -1 if there is none that is valid in JSON, or if it has too many digits. */
  #integer(): number {
    const from = this.#at
    const value = this.#digits()
    return this.#bytes[from] === ZERO && this.#at > from + 1 ? -1 : value
  }

  /** The value of the digits. -1 if there are none or too many. */
  #digits(): number {
    const bytes = this.#bytes
    const from = this.#at
    let value = 0
    let at = from
    for (; ; at++) {
      const digit = (bytes[at] ?? 0) - ZERO
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    this.#at = at
    return at === from || at - from > 15 ? -1 : value
  }

  /** A number with up to three decimals. -1 for any other. */
  #number(): number {
    const whole = this.#integer()
    if (whole < 0 || this.#bytes[this.#at] !== DOT) return whole
    const from = ++this.#at
    const decimals = this.#digits()
    const power = POWERS[this.#at - from]
    if (this.#bytes[this.#at - 1] === ZERO || whole > LONGEST_EXACT) this.hasExactNumbers = false
    // A single division of integers is correctly rounded, like the parsing of JSON.
    return decimals < 0 || power === undefined ? -1 : (whole * power + decimals) / power
  }

  /** A string up to its closing quote. Undefined if it contains a backslash or is not valid JSON. */
  #plainString(to: number): string | undefined {
    const end = this.#bytes.indexOf(QUOTE, this.#at)
    if (end < 0 || end >= to) return undefined
    for (let at = this.#at; at < end; at++) {
      const byte = this.#bytes[at] ?? 0
      if (byte === BACKSLASH || byte < SPACE) return undefined
    }
    const string = this.#bytes.toString('utf8', this.#at, end)
    this.#at = end + 1
    return string
  }
}
