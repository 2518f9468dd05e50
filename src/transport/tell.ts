/** How transports tell what happens: the events that all of them have, and what becomes of an attempt. */
import type { EndedBy, OpenEvent } from '../shared/event.ts'
import type { Failure } from '../shared/failure.ts'
import type { TransportName } from '../shared/spec.ts'
import type { CompleteBody, HttpResponse } from './http/exchange.ts'
import { trailerFailure } from './http/failures.ts'
import { phraseOf } from './phrase.ts'
import type { AttemptContext, DisconnectRequest, Outcome } from './transport.ts'

/** Reports the response head: the connection is open. */
export function emitOpen(
  context: AttemptContext,
  response: HttpResponse,
  transport: TransportName,
  framing?: string,
): void {
  const { status, headers, httpVersion, remoteAddress, tls, timing, redirects, oddities } = response
  const event: Omit<OpenEvent, 'connection'> = {
    type: 'open',
    time: response.headTime,
    transport,
    status,
    headers,
    httpVersion,
    ...(remoteAddress !== undefined && { remoteAddress }),
    ...(tls && { tls }),
    ...(timing && { timing }),
    ...(framing !== undefined && { framing }),
    ...(redirects.length > 0 && { redirects }),
    ...(oddities.length > 0 && { oddities }),
  }
  context.emit(event)
}

/** Reports what failed. */
export function emitError(context: AttemptContext, failure: Failure, time = context.clock.now()): void {
  const { code, message, status } = failure
  context.emit({ type: 'error', time, code, message, ...(status !== undefined && { status }) })
}

/** Reports that the connection, or the attempt to have one, has ended. */
export function emitClose(
  context: AttemptContext,
  by: EndedBy,
  time = context.clock.now(),
  reason?: string,
): void {
  context.emit({ type: 'close', time, by, ...(reason !== undefined && { reason }) })
}

/** Reports that the response is complete, with what its trailers say; `reason` is what else is to be known. */
export function emitEnd(
  context: AttemptContext,
  response: HttpResponse,
  end: CompleteBody,
  reason?: string,
): void {
  const { time, trailers, oddities } = end
  emitTrailerError(context, response, end)
  context.emit({
    ...{ type: 'close', time, by: 'server' },
    ...(reason !== undefined && { reason }),
    ...(trailers && { trailers }),
    ...(oddities && { oddities }),
  })
}

/** Reports what a trailer names as an error, with which a server that has sent its head can still say so. */
export function emitTrailerError(
  context: AttemptContext,
  { url }: HttpResponse,
  { time, trailers = {} }: CompleteBody,
): void {
  const failure = trailerFailure(url, trailers)
  if (failure !== undefined) emitError(context, failure, time)
}

/** Reports what ended the attempt, or kept it from opening. */
export function fail(context: AttemptContext, failure: Failure, end: Outcome['end'], time?: number): Outcome {
  emitError(context, failure, time)
  return { end, reason: phraseOf(failure) }
}

/** Reports that the user ended the attempt. */
export function disconnected(context: AttemptContext): Outcome {
  const { reason }: DisconnectRequest = context.signal.reason
  emitClose(context, 'client', undefined, reason)
  return { end: 'done', reason: 'disconnected' }
}
