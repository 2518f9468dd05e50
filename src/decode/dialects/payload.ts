/** The JSON of a text. */
import { tryParseJson } from '../../shared/text/json-text.ts'

const BYTE_ORDER_MARK = '\ufeff'

/** Undefined if it is not JSON. */
export function parseText(text: string): unknown {
  return tryParseJson(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text)
}
