/** How an opening handshake ends: with a WebSocket, or with a response that does not open one. */
import type { Duplex } from 'node:stream'
import type { Headers, OpenEvent, Timing } from '../../shared/event.ts'
import type { HeadSizes } from '../http/exchange.ts'
import type { SaidInBody } from '../http/failures.ts'
import { field } from '../http/fields.ts'
import type { LentReads } from '../http/lent-reads.ts'
import { isRedirect, locationText } from '../http/redirect.ts'
import { readExcerpt, retryAfter } from '../http/refusal.ts'
import type { StreamMeter } from '../http2/stream-meter.ts'
import { MAX_SENDS, type OutgoingRequest } from '../request-hook.ts'
import type { AttemptContext } from '../transport.ts'
import type { DeflateParameters } from './extensions.ts'
import { type HandshakeFailure, statusNot101 } from './failures.ts'
import type { HandshakeTarget } from './redirect.ts'

/** A WebSocket that has opened, and the response that opened it. */
export interface Accepted {
  readonly url: URL
  /** Empty if there is none. */
  readonly subprotocol: string
  readonly socket: Duplex
  /** What is read from the socket, which then need not come as `data` events. Undefined if it always does. */
  readonly reads: LentReads | undefined
  /** Measures what is read and written, if it is carried by other frames. */
  readonly meter?: StreamMeter
  readonly status: number
  /** Names in lower case. */
  readonly headers: Headers
  readonly httpVersion: string
  /** Ways in which the head deviates from the standard, as phrases. */
  readonly oddities?: readonly string[]
  readonly remoteAddress: string | undefined
  readonly tls: OpenEvent['tls']
  /** The negotiated permessage-deflate; undefined if there is none. */
  readonly deflate: DeflateParameters | undefined
  readonly timing: Timing
  /** Without those of redirects and challenges before it. */
  readonly heads: HeadSizes | undefined
  /** Session time at which the response head arrived. */
  readonly time: number
}

/** How a handshake ends without a WebSocket. */
export type Unopened =
  /** The response is a refusal that the hook answers: the handshake is to be performed again. */
  | { readonly kind: 'again' }
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string }
  | ({ readonly kind: 'failed' } & HandshakeFailure)
  | { readonly kind: 'aborted' }

export type HandshakeEnd<T> = { readonly kind: 'open'; readonly opened: T } | Unopened

/** The handshake as it is, and as the hook changed it. */
export interface Handshake {
  readonly target: HandshakeTarget
  readonly sent: OutgoingRequest
  /** How often it is performed, with this time. */
  readonly sends: number
}

/** A response that does not open a WebSocket. */
export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Headers
  /** Calls `take` with the bytes of the body, as they arrive. Settles at its end. */
  read(take: (bytes: Uint8Array) => void): Promise<unknown>
}

/** What follows a response that does not open a WebSocket. Stores its `Retry-After` in the resume state. */
export async function unopened(
  { target, sent, sends }: Handshake,
  answer: Answer,
  { hook, resume }: Pick<AttemptContext, 'hook' | 'resume'>,
): Promise<Unopened> {
  const { status, headers } = answer
  const isAgain = await hook?.received?.(sent, { status, headers })
  if (isAgain === true && sends < MAX_SENDS) return { kind: 'again' }
  const location = field(headers, 'location')
  if (isRedirect(status) && location !== undefined)
    return { kind: 'redirect', status, location: locationText(location) }
  resume.retryAfter = retryAfter(field(headers, 'retry-after'))
  return { kind: 'failed', ...statusNot101(status, target.url.href, await saidIn(answer)) }
}

async function saidIn({ status, headers, read }: Answer): Promise<SaidInBody> {
  // Unless it is sent as a browser's, the request does not ask for a content coding, so none is decoded.
  if (field(headers, 'content-encoding') !== undefined) return { excerpt: '' }
  return await readExcerpt({ status, headers, contentType: field(headers, 'content-type'), read })
}
