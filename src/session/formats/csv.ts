/** Messages as comma-separated values (RFC 4180), safe to open in a spreadsheet. */
import { isUtf8 } from 'node:buffer'
import type { Recording } from '../../capture/recording.ts'
import { asBuffer } from '../../capture/search/event-text.ts'
import type { MessageEvent } from '../../shared/event.ts'
import { timeText } from './bytes/byte-buffer.ts'
import { addPieces, type ByteSink } from './bytes/byte-sink.ts'
import { Timestamps } from './timestamp.ts'

const QUOTE = 0x22

const COLUMNS = [
  'time',
  'timestamp',
  'connection',
  'direction',
  'opcode',
  'event',
  'id',
  'size',
  'wireSize',
  'encoding',
  'data',
]

/**
 * A cell that a spreadsheet would treat as a formula (OWASP, "CSV Injection"). It gets an apostrophe as a prefix,
 * which spreadsheets hide. A plain number stays unchanged.
 */
const FORMULA = /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/
/**
 * The same after a separator that another locale or setting of the spreadsheet uses. Quotes do not prevent this,
 * because they are not at the beginning of what the spreadsheet treats as the cell.
 */
const INNER_FORMULA = /([;\t|\r\n]"*)([=+\-@\uff0b\uff0d\uff1d\uff20][^;\t|\r\n]*)/g
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/

/** A cell with untrusted text. */
export function textCell(text: string): string {
  const safe = text.replace(INNER_FORMULA, (whole, before: string, content: string) =>
    NUMBER.test(content) ? whole : `${before}'${content}`,
  )
  return cell(FORMULA.test(text) && !NUMBER.test(text) ? `'${safe}` : safe)
}

function cell(text: string): string {
  // `replaceAll` is ten times slower for millions of quotes.
  return /[",\r\n]/.test(text) ? `"${text.split('"').join('""')}"` : text
}

/**
 * What a byte of a cell can mean: a separator of `INNER_FORMULA`, the start of a formula, or that the cell has to be quoted.
 * `SUSPECT` is a cell that may have a formula in it.
 */
const [SEPARATOR, FORMULA_START, QUOTED, SUSPECT] = [1, 2, 4, 8]
/** For each byte. The fullwidth signs of `FORMULA` begin with 0xef in UTF-8. */
const MEANINGS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const isOneOf = (characters: string) => characters.includes(String.fromCharCode(byte))
  const isQuoted = isOneOf('",\r\n') ? QUOTED : 0
  return (isOneOf(';\t|\r\n') ? SEPARATOR : 0) | (isOneOf('=+-@\t\r\n\xef') ? FORMULA_START : 0) | isQuoted
})

/** Writes a header and one record for each message. */
export async function writeCsv(recording: Recording, out: ByteSink): Promise<void> {
  const timestamps = new Timestamps(recording.startedAt)
  out.buffer.ascii(`${COLUMNS.join(',')}\r\n`)
  for await (const events of recording.events())
    for (const event of events) {
      if (event.type !== 'message') continue
      const writing = addRecord(out, event, timestamps)
      if (writing !== undefined) await writing
      out.buffer.ascii('\r\n')
      if (out.isFull) await out.flush()
    }
}

/** Adds a record without its line end. Returns a promise to wait for only if the payload is long. */
function addRecord(out: ByteSink, message: MessageEvent, timestamps: Timestamps): Promise<void> | undefined {
  const { time, connection, direction, opcode = '', event, id, payload, wireSize = '', dropped } = message
  const { buffer } = out
  const encoding = dropped !== undefined ? '' : isUtf8(payload) ? 'text' : 'base64'
  buffer.ascii(`${timeText(time)},${timestamps.at(time) ?? ''},${connection},${direction},${opcode},`)
  if (event !== undefined) buffer.text(textCell(event))
  buffer.ascii(',')
  if (id !== undefined) buffer.text(textCell(id))
  buffer.ascii(`,${dropped ?? payload.length},${wireSize},${encoding},`)
  if (encoding !== 'text') return addPieces(out, payload, (piece) => buffer.base64(piece))
  return addText(out, payload)
}

/** Adds a cell with a payload that is UTF-8. */
function addText(out: ByteSink, payload: Uint8Array): Promise<void> | undefined {
  const { buffer } = out
  const meanings = meaningsOf(payload)
  if ((meanings & SUSPECT) !== 0)
    return addPieces(out, Buffer.from(textCell(asBuffer(payload).toString())), (piece) => buffer.bytes(piece))
  if ((meanings & QUOTED) === 0) return addPieces(out, payload, (piece) => buffer.bytes(piece))
  return addPieces(out, payload, (piece) => buffer.doubledQuotes(piece), '"')
}

/** `QUOTED`, `SUSPECT`, both or none. */
function meaningsOf(cell: Uint8Array): number {
  let meanings = startsFormula(cell[0]) ? SUSPECT : 0
  for (let index = 0; index < cell.length; index++) {
    const meaning = MEANINGS[cell[index] ?? 0] ?? 0
    if (meaning === 0) continue
    meanings |= meaning & QUOTED
    if ((meaning & SEPARATOR) === 0) continue
    const next = cell[index + 1]
    if (next === QUOTE || startsFormula(next)) meanings |= SUSPECT
  }
  return meanings
}

function startsFormula(byte = 0): boolean {
  return ((MEANINGS[byte] ?? 0) & FORMULA_START) !== 0
}
