/** Messages as comma-separated values (RFC 4180), safe to open in a spreadsheet. */
import { isUtf8 } from 'node:buffer'
import type { Recording } from '../../capture/recording.ts'
import { asBuffer } from '../../capture/search/event-text.ts'
import type { MessageEvent } from '../../shared/event.ts'
import type { TextSink } from './text-file.ts'
import { timestamp } from './timestamp.ts'

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

/** Writes a header and one record for each message. */
export async function writeCsv(recording: Recording, out: TextSink): Promise<void> {
  await out.write(`${COLUMNS.join(',')}\r\n`)
  for await (const events of recording.events())
    for (const event of events)
      if (event.type === 'message') await out.write(`${record(event, recording.startedAt).join(',')}\r\n`)
}

function record(message: MessageEvent, startedAt: Date): string[] {
  const { time, connection, direction, opcode, event, id, payload, wireSize, dropped } = message
  const bytes = asBuffer(payload)
  const encoding = dropped !== undefined ? '' : isUtf8(bytes) ? 'text' : 'base64'
  return [
    String(time),
    timestamp(startedAt, time) ?? '',
    String(connection),
    direction,
    opcode ?? '',
    textCell(event ?? ''),
    textCell(id ?? ''),
    String(dropped ?? payload.length),
    wireSize === undefined ? '' : String(wireSize),
    encoding,
    encoding === 'text' ? textCell(bytes.toString()) : bytes.toString('base64'),
  ]
}
