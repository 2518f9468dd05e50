/** The JSON of a message. */
import { tryParseJson } from '../../shared/text/json-text.ts'
import type { EncodedMessage } from '../decoder.ts'
import { textOf } from '../values.ts'

const BYTE_ORDER_MARK = '\ufeff'

/** Parses a payload, or the part before the separator. Undefined if it is not JSON. */
export function parsePayload({ payload }: EncodedMessage, separator?: string): unknown {
  const text = textOf(payload)
  return parseText(separator === undefined ? text : (text.split(separator, 1)[0] ?? ''))
}

export function parseText(text: string): unknown {
  return tryParseJson(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text)
}
