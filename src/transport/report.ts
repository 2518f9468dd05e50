/** Emits the events that all transports have in common, and returns the outcomes that go with them. */
import type { EndedBy, OpenEvent } from '../shared/event.ts'
import type { Failure } from '../shared/failure.ts'
import { isPolling, type TransportName } from '../shared/transports.ts'
import { phraseOf } from './failures.ts'
import type { CompleteBody, HeadSizes, HttpResponse } from './http/exchange.ts'
import { trailerFailure } from './http/failures.ts'
import type { AttemptContext, DisconnectRequest, Outcome } from './transport.ts'

/** Emits `open` with the response head. */
export function emitOpen(
  context: AttemptContext,
  response: HttpResponse,
  transport: TransportName,
  framing?: string,
): void {
  const { status, headers, httpVersion, remoteAddress, tls, timing, redirects, challenges, oddities } =
    response
  const event: Omit<OpenEvent, 'connection'> = {
    type: 'open',
    time: response.headTime,
    transport,
    status,
    headers,
    ...(httpVersion !== undefined && { httpVersion }),
    ...(remoteAddress !== undefined && { remoteAddress }),
    ...(tls && { tls }),
    ...(timing && { timing }),
    ...(!isPolling(transport) && headSizes(response)),
    ...(framing !== undefined && { framing }),
    ...(redirects.length > 0 && { redirects }),
    ...(challenges > 0 && { challenges }),
    ...(oddities.length > 0 && { oddities }),
  }
  context.emit(event)
}

/** The sizes of the heads that are known. */
export function headSizes({ requestHeadSize, headSize }: Partial<HeadSizes>): Partial<HeadSizes> {
  return {
    ...(requestHeadSize !== undefined && { requestHeadSize }),
    ...(headSize !== undefined && { headSize }),
  }
}

/** Emits `error`. */
export function emitError(context: AttemptContext, failure: Failure, time = context.clock.now()): void {
  const { code, message, status } = failure
  context.emit({ type: 'error', time, code, message, ...(status !== undefined && { status }) })
}

/** Emits `close`. */
export function emitClose(
  context: AttemptContext,
  by: EndedBy,
  time = context.clock.now(),
  reason?: string,
): void {
  context.emit({ type: 'close', time, by, ...(reason !== undefined && { reason }) })
}

/** Emits `close` for a complete response, after an `error` if its trailers name one. */
export function emitCompleted(
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

/** Emits `error` if a trailer names one: that is how a server reports an error after it has sent the head. */
export function emitTrailerError(
  context: AttemptContext,
  { url }: HttpResponse,
  { time, trailers = {} }: CompleteBody,
): void {
  const failure = trailerFailure(url, trailers)
  if (failure !== undefined) emitError(context, failure, time)
}

/** Emits `error` for what ended the attempt or prevented it from opening, and returns the outcome. */
export function fail(context: AttemptContext, failure: Failure, end: Outcome['end'], time?: number): Outcome {
  emitError(context, failure, time)
  return { end, reason: phraseOf(failure) }
}

/** Emits `close` after the user disconnected, and returns the outcome. */
export function disconnected(context: AttemptContext): Outcome {
  const { reason }: DisconnectRequest = context.signal.reason
  emitClose(context, 'client', undefined, reason)
  return { end: 'done', reason: 'disconnected' }
}
