/** JSON objects (RFC 8259), named by one of a few common fields. */
import type { DecodedEvent } from '../shared/decoded.ts'
import { NAMING_FIELDS } from '../shared/naming-fields.ts'
import { decodeUtf8 } from '../shared/text/decode.ts'
import type { ConnectionDecoder, Decoder, EncodedMessage } from './decoder.ts'

/** A string, a delimiter, or another token. Sticky, so that a scan never looks back. */
const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|([{}[\],:])|([^\s"{}[\],:]+))/sy

/** Replaces what is not UTF-8 by U+FFFD, which is several times faster than checking first. */
const UTF8 = new TextDecoder()
const OPENING_BRACE = 0x7b
/** The first byte of U+FEFF in UTF-8. */
const BYTE_ORDER_MARK = 0xef
/** Number of leading payload bytes that are searched for the name. */
const READ = 4096

export const json: Decoder = {
  name: 'json',
  isStateless: true,
  isJson: true,
  reads: READ,
  recognize: () => 'no other protocol was recognized',
  open: () => JSON_OBJECTS,
}

const JSON_OBJECTS: ConnectionDecoder = {
  decode(message) {
    const text = objectText(message)
    const name = text === undefined ? undefined : nameIn(text)
    const event: DecodedEvent = { protocol: 'json', kind: 'event', ...(name !== undefined && { name }) }
    return text === undefined ? [] : [event]
  },
  copy: () => JSON_OBJECTS,
}

/** The text of a message that begins as a JSON object; undefined for any other. */
function objectText({ payload, size, binary }: EncodedMessage): string | undefined {
  const first = payload[0] ?? 0xff
  // Only white space and a byte order mark may precede `{`. This rejects most other payloads without decoding them.
  if (binary || (first > OPENING_BRACE && first !== BYTE_ORDER_MARK)) return undefined
  const text = UTF8.decode(payload)
  if (!/^\s*\{/.test(text)) return undefined
  // If the payload is cut, its last character may be incomplete.
  return text.includes('\ufffd') && decodeUtf8(payload, payload.length === size) === undefined
    ? undefined
    : text
}

/** The string in the best naming field of an object whose text may be cut off; fields of nested objects do not count. */
function nameIn(text: string): string | undefined {
  let best = NAMING_FIELDS.length
  let name: string | undefined
  let depth = 0
  let key: string | undefined
  let isValue = false
  TOKEN.lastIndex = 0
  for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
    const [, string, delimiter] = token
    if (delimiter === '{' || delimiter === '[') depth++
    else if (delimiter === '}' || delimiter === ']') depth--
    if (depth === 0) break
    if (depth > 1) continue
    if (delimiter === ':') isValue = true
    else if (delimiter === ',') {
      isValue = false
      key = undefined
    } else if (string !== undefined && !isValue) key = unescaped(string)
    else if (string !== undefined && key !== undefined) {
      const rank = NAMING_FIELDS.indexOf(key)
      if (rank < 0 || rank >= best) continue
      best = rank
      name = unescaped(string)
      if (best === 0) break
    }
  }
  return name
}

function unescaped(string: string): string | undefined {
  try {
    return string.includes('\\') ? String(JSON.parse(`"${string}"`)) : string
  } catch {
    // JSON does not know this escape, so the string is not a name.
    return undefined
  }
}
