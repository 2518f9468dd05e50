/** The line of a row: what the message says in its protocol with quiet keys, else the beginning of its payload. */
import * as l10n from '@vscode/l10n'
import type { DecodedPreview } from '../../../src/shared/protocol/decoding.ts'
import type { EventPreview } from '../../../src/shared/protocol.ts'
import { formatCount } from '../../format/count.ts'
import { decodedIn } from '../../format/decoded.ts'
import { type Piece, piecesOf } from './pieces.ts'

/** A key and what is before it, as the engine writes values: `symbol: EURUSD, price: {bid: 1.07}`. */
const KEY = /(^|, |[{[])([\p{L}_$][\p{L}\p{N}_$.-]{0,60}: )/gu

export function linePieces(preview: EventPreview): readonly Piece[] {
  const decoded = decodedLine(preview)
  return decoded === undefined ? piecesOf(preview.text, preview.payloadName) : decodedPieces(decoded)
}

/** The line as text. */
export function previewLine(preview: EventPreview): string {
  const decoded = decodedLine(preview)
  if (decoded === undefined) return preview.text
  return decodedPieces(decoded)
    .map(({ text }) => text)
    .join('')
}

/** For a request without a value, its URL says more. */
function decodedLine(preview: EventPreview): DecodedPreview | undefined {
  const decoded = decodedIn(preview)
  const isRequest = preview.payloadName === ''
  return decoded?.text === '' && isRequest ? undefined : decoded
}

function decodedPieces({ text, packets }: DecodedPreview): readonly Piece[] {
  const pieces: Piece[] = []
  if (packets > 1) pieces.push({ role: 'key', text: `${l10n.t('{0} packets', formatCount(packets))}  ` })
  let at = 0
  for (const match of text.matchAll(KEY)) {
    const [, before = '', key = ''] = match
    const start = match.index + before.length
    if (start > at) pieces.push({ role: 'text', text: text.slice(at, start) })
    pieces.push({ role: 'key', text: key })
    at = start + key.length
  }
  return at < text.length ? [...pieces, { role: 'text', text: text.slice(at) }] : pieces
}
