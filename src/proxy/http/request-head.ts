/** The head of a request that a proxy has received, and where its body ends. */
import { type BodyFraming, bodyFraming } from '../../parse/http/body-framing.ts'
import { MalformedResponse } from '../../parse/http/malformed.ts'
import { type MessageHead, parseHead, parseRequestLine, type RequestLine } from './message-head.ts'

export interface RequestHead extends RequestLine, Pick<MessageHead, 'fields' | 'headers'> {
  readonly framing: BodyFraming
  /** The `Host` field; empty if there is none. */
  readonly host: string
  /** Bytes. */
  readonly size: number
  /** The client asks for a WebSocket (RFC 6455 section 4.1). */
  readonly isWebSocket: boolean
}

const NONE: BodyFraming = { kind: 'none', length: 0, codings: [] }

function invalid(reason: string): MalformedResponse {
  return new MalformedResponse('HTTP_INVALID', reason)
}

/**
 * Reads the lines of a head. Throws a `MalformedResponse` if another reader could see another request in it (RFC 9112
 * section 11.2), so that nothing can be smuggled through the proxy.
 */
export function readRequestHead(section: string, size: number): RequestHead {
  const { start, fields, headers, isOdd } = parseHead(section, true)
  const line = parseRequestLine(start)
  if (isOdd) throw invalid('a line of the head is not a header field')
  const { host = '' } = headers
  if (typeof host !== 'string') throw invalid('it has more than one Host field')
  if (host === '' && line.version === '1.1') throw invalid('it has no Host field')
  const isWebSocket =
    line.method === 'GET' &&
    String(headers.upgrade ?? '')
      .toLowerCase()
      .trim() === 'websocket'
  return { ...line, fields, headers, framing: requestFraming(line, headers), host, size, isWebSocket }
}

/** RFC 9112 section 6.3. */
function requestFraming({ version }: RequestLine, headers: MessageHead['headers']): BodyFraming {
  const framing = bodyFraming('POST', 200, headers)
  if (framing.contradicted === true) throw invalid('it has both Content-Length and Transfer-Encoding')
  const isCoded = headers['transfer-encoding'] !== undefined
  if (isCoded && (framing.kind !== 'chunked' || framing.repeated === true || version === '1.0'))
    throw invalid('the end of its body is not known')
  return framing.kind === 'close' ? NONE : framing
}
