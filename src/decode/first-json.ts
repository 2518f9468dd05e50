/** The JSON of a first message, parsed once for all decoders that look at it. */
import { parseText } from './dialects/payload.ts'
import { textOf } from './values.ts'

interface Parsed {
  readonly payload: Uint8Array
  readonly text: string
  /** Undefined if it is not JSON. */
  readonly root: unknown
}

/** One is enough, because all decoders look at a message before the next one comes. */
let latest: Parsed = { payload: new Uint8Array(0), text: '', root: undefined }

/** Parses the message, or the part before the separator. Undefined if that is not JSON. */
export function firstJson(payload: Uint8Array, separator?: string): unknown {
  if (latest.payload !== payload) {
    const text = textOf(payload)
    latest = { payload, text, root: parseText(text) }
  }
  const { text, root } = latest
  return separator === undefined || !text.includes(separator)
    ? root
    : parseText(text.slice(0, text.indexOf(separator)))
}
