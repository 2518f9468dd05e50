/** Why a stream ended before its response was complete. */
import { MalformedResponse } from '../../parse/http/malformed.ts'
import type { Failure } from '../../shared/failure.ts'
import { networkFailure } from '../http/network-failures.ts'
import { errorCode, fieldsTooLarge, goneAway, invalid, notSpoken, streamReset } from './failures.ts'
import type { Http2Session } from './session.ts'
import type { StreamLog } from './stream-log.ts'

export interface EndedStream {
  readonly session: Http2Session
  /** Undefined before the stream opens. */
  readonly log: StreamLog | undefined
  readonly url: string
  /** What was expected of the response. */
  readonly during: 'head' | 'body'
  /** The body is shorter than its Content-Length, although the peer ended it as if it were complete. */
  readonly isShort: boolean
  /** The code of the RST_STREAM frame that Node.js sent, if the peer sent none. */
  readonly resetBySelf: number | undefined
}

/**
 * The most telling reason: what the peer said of the stream, then of the connection, then what was noticed here. Undefined if the
 * connection was closed without a reason.
 */
export function endOfStream(ended: EndedStream): Failure | undefined {
  const { session, log, url, during, isShort, resetBySelf } = ended
  const { goAway, error, complaint } = session
  if (isShort) return networkFailure(new MalformedResponse('HTTP_CUT_LENGTH', 'short'), url, 'body')
  if (log?.resetCode !== undefined) return streamReset(url, log.resetCode, during)
  if (goAway !== undefined && goAway.code !== errorCode('NO_ERROR')) return goneAway(url, goAway, during)
  if (!session.isSpoken && !session.isUsable) return notSpoken(url)
  if (complaint !== undefined && complaint !== errorCode('NO_ERROR')) return invalid(url, complaint)
  if (error !== undefined) return networkFailure(error, url, during)
  if (session.isUsable && resetBySelf === errorCode('ENHANCE_YOUR_CALM')) return fieldsTooLarge(url)
  // Node.js also ends the whole connection so, after a flood.
  if (session.isUsable || resetBySelf === errorCode('INTERNAL_ERROR')) return invalid(url, resetBySelf)
  return undefined
}

/** The connection was closed before the end of a response, without a reason. */
export function closedEarly(url: string, during: 'head' | 'body'): Failure {
  const what =
    during === 'head'
      ? new MalformedResponse('HTTP_NO_HEAD', 'no answer')
      : new MalformedResponse('HTTP_CUT_CHUNKS', 'closed')
  return networkFailure(what, url, during)
}
