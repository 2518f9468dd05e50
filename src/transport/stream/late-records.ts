/** Recognizes a stream that began with more than fits into the first packets: whole records of it go on arriving. */
import { endsWithWholeText, isSelfDelimiting } from '../../parse/json.ts'

/** Milliseconds for which they have to arrive. What a network merely slows down is cut anywhere, also inside of records. */
const LASTING = 1000
/** Bytes of a piece that may be whole records, and of all of these. */
const MAX_PIECE = 16 * 1024
const MAX_SIZE = 256 * 1024
const LINE_FEED = 0x0a

/** What the records of a framing are like. Both tests get the bytes that arrived together. */
interface Records {
  /** Whether a record ends here. */
  endIn(piece: Uint8Array): boolean
  /** Whether these are whole records, if they begin with one. */
  are(piece: Uint8Array): boolean
}

const RECORDS = {
  lines: { endIn: endsLine, are: endsLine },
  ndjson: { endIn: isSelfDelimiting, are: endsWithWholeText },
} as const satisfies Record<string, Records>

export type LateFraming = keyof typeof RECORDS

/** Whether late records of a framing can be recognized. */
export function hasLateRecords(framing: string): framing is LateFraming {
  return Object.hasOwn(RECORDS, framing)
}

export class LateRecords {
  readonly #records: Records
  #count = 0
  #size = 0
  #since = 0
  #until = 0
  /** What arrived before ended with the end of a record. */
  #isBetween = false

  constructor(framing: LateFraming) {
    this.#records = RECORDS[framing]
  }

  /** How many of the pieces that arrived last, without interruption, are whole records. */
  get count(): number {
    return this.#count
  }

  /** Whether they show that it is a stream. */
  get isStream(): boolean {
    return this.#count > 1 && this.#until - this.#since >= LASTING
  }

  /** Takes the next bytes of the body. */
  push(bytes: Uint8Array, time: number): void {
    const isWhole = this.#isBetween && bytes.length <= MAX_PIECE && this.#records.are(bytes)
    this.#isBetween = isWhole || this.#records.endIn(bytes)
    if (!isWhole || this.#size + bytes.length > MAX_SIZE) {
      this.#count = 0
      this.#size = 0
      return
    }
    if (this.#count === 0) this.#since = time
    this.#until = time
    this.#count++
    this.#size += bytes.length
  }
}

function endsLine(piece: Uint8Array): boolean {
  return piece.at(-1) === LINE_FEED
}
