import { isSelfDelimiting } from './json.ts'
import { LineParser } from './lines.ts'
import type { ParserOptions, RecordSink } from './record.ts'
import { decodeUtf8 } from './utf8.ts'

/** Newline-delimited JSON. A last line without its newline is whole where it is a whole JSON text. */
export class NdjsonParser extends LineParser {
  constructor(options: ParserOptions, sink: RecordSink) {
    super({ maxRecordSize: options.maxRecordSize, skipBlank: true, isWhole: isWholeJson }, sink)
  }
}

function isWholeJson(line: Uint8Array): boolean {
  if (!isSelfDelimiting(line)) return false
  try {
    JSON.parse(decodeUtf8(line))
    return true
  } catch {
    return false
  }
}
