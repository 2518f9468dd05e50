/** Whether a response opens a WebSocket (RFC 6455 section 4.1). Refusals use the messages of `ws`. */
import { createHash } from 'node:crypto'
import type { Headers } from '../../shared/headers.ts'
import { type DeflateParameters, parseDeflateResponse } from './extensions.ts'
import type { HandshakeRequest, Offer } from './handshake-request.ts'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** What was agreed to. */
export interface Agreement {
  /** Empty if there is none. */
  readonly subprotocol: string
  readonly deflate: DeflateParameters | undefined
}

/** What a response that switches protocols agrees to. Throws if it does not open the WebSocket that was asked for. */
export function acceptance(headers: Headers, { key, offer }: HandshakeRequest): Agreement {
  const deflate = deflateIn(headers, offer)
  if (joined(headers, 'upgrade')?.toLowerCase() !== 'websocket') throw new Error('Invalid Upgrade header')
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64')
  if (joined(headers, 'sec-websocket-accept') !== accept)
    throw new Error('Invalid Sec-WebSocket-Accept header')
  return { deflate, subprotocol: subprotocolIn(headers, offer) }
}

/** The negotiated permessage-deflate; undefined if there is none. Throws if an extension was not offered, or is malformed. */
export function deflateIn(headers: Headers, offer: Offer): DeflateParameters | undefined {
  const extensions = joined(headers, 'sec-websocket-extensions')
  if (extensions === undefined) return undefined
  if (offer.deflate) return parseDeflateResponse(extensions)
  throw new Error('Server sent a Sec-WebSocket-Extensions header but no extension was requested')
}

/** The subprotocol that the server chose; empty if none was offered. Throws if it is not one of those that were offered. */
export function subprotocolIn(headers: Headers, { subprotocols }: Offer): string {
  const chosen = joined(headers, 'sec-websocket-protocol')
  if (chosen === undefined) {
    if (subprotocols.length > 0) throw new Error('Server sent no subprotocol')
    return ''
  }
  if (subprotocols.length === 0) throw new Error('Server sent a subprotocol but none was requested')
  if (!subprotocols.includes(chosen)) throw new Error('Server sent an invalid subprotocol')
  return chosen
}

/** The value of a field in lower case; its values as a list if it occurs more than once (RFC 9110 section 5.3). */
function joined(headers: Headers, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.join(', ')
}
