/** Payloads as text for an editor and for the clipboard. */
import type { Log } from '../../capture/recording.ts'
import { Failure } from '../../shared/failure.ts'
import type { PayloadDocument, TextForm } from '../../shared/protocol/payloads.ts'
import { decodeText } from '../../shared/text/decode.ts'
import { hexDump, toHex } from '../../shared/text/hex.ts'
import { isJsonText, prettyPrint } from '../../shared/text/json-text.ts'
import { requireKept } from './connection-events.ts'

/** Bytes of a payload in an editor or on the clipboard at most; VS Code does not give larger documents to extensions. */
const MAX_TEXT = 32 * 1024 * 1024
/** Bytes of a hex dump at most: each takes five characters. */
const MAX_DUMP = 1024 * 1024

/** The whole payload if it has at most `most` bytes. Throws NO_EVENT, NO_PAYLOAD, DROPPED or TOO_LARGE. */
export function wholePayload(capture: Log, index: number, most: number): Uint8Array<ArrayBuffer> {
  requireKept(capture, index)
  const { size } = capture.row(index)
  if (capture.isDropped(index))
    throw new Failure(
      'DROPPED',
      `The payload of event ${index + 1} was dropped; its size and time are still known.`,
    )
  if (size > most)
    throw new Failure(
      'TOO_LARGE',
      `The payload has ${size} bytes, which is too many to show; save it to a file.`,
    )
  const payload = capture.payload(index)
  if (payload === undefined) throw new Failure('NO_PAYLOAD', `Event ${index + 1} has no payload.`)
  return payload
}

function wholeText(capture: Log, index: number): string {
  const text = decodeText(wholePayload(capture, index, MAX_TEXT))
  if (text === undefined)
    throw new Failure(
      'BINARY',
      `The payload of event ${index + 1} is binary, not text; save it to a file or show it as hex.`,
    )
  return text
}

/** The payload as a document; JSON is formatted. */
export function documentOf(capture: Log, index: number, hex: boolean): PayloadDocument {
  if (hex) return { text: dump(capture, index), language: 'plaintext' }
  const text = wholeText(capture, index)
  if (isJsonText(text)) return { text: `${prettyPrint(text)}\n`, language: 'json' }
  return { text, language: markupOf(text) }
}

function dump(capture: Log, index: number): string {
  const { size } = capture.row(index)
  wholePayload(capture, index, Number.POSITIVE_INFINITY)
  const shown = capture.payload(index, MAX_DUMP) ?? new Uint8Array(0)
  const rest = size - shown.length
  return hexDump(shown) + (rest > 0 ? `… ${rest} more bytes; save the payload to get them.\n` : '')
}

function markupOf(text: string): PayloadDocument['language'] {
  // `trimStart` removes a byte order mark, too.
  const start = text.slice(0, 1024).trimStart()
  if (/^(<!--[^>]*>\s*)?<(!doctype html|html|head|body)[\s>]/i.test(start)) return 'html'
  return /^<(\?xml\s|!DOCTYPE\s|!--|[A-Za-z_][\w.:-]*[\s/>])/.test(start) ? 'xml' : 'plaintext'
}

/** The payload in a form for the clipboard. */
export function copyText(capture: Log, index: number, form: TextForm): string {
  switch (form) {
    case 'text':
      return wholeText(capture, index)
    case 'json': {
      const text = wholeText(capture, index)
      if (!isJsonText(text))
        throw new Failure('NOT_JSON', `The payload of event ${index + 1} is not JSON; copy it as text.`)
      return prettyPrint(text)
    }
    case 'hex':
      return toHex(wholePayload(capture, index, MAX_TEXT))
    case 'base64':
      return Buffer.from(wholePayload(capture, index, MAX_TEXT).buffer).toString('base64')
  }
}
