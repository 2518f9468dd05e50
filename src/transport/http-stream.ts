/** HTTP streaming: reads any response body as records of some framing. */
import { createParser, framingOf } from '../parse/framing.ts'
import type { Headers } from '../shared/event.ts'
import { type ConnectionSpec, DEFAULT_MAX_MESSAGE_SIZE } from '../shared/spec.ts'
import { droppedCursor } from './cursor.ts'
import type { BodyEnd, BodySink, HttpResponse } from './http/exchange.ts'
import { isPermanent } from './http/failure-kinds.ts'
import { streamError } from './http/failures.ts'
import { contentTypeOf, defaultHeaders } from './http/fields.ts'
import { refusal } from './http/refusal.ts'
import { specRequest } from './http/spec-request.ts'
import { disconnected, emitCompleted, emitError, emitOpen, emitTrailerError, fail } from './report.ts'
import { StreamCursor } from './stream/cursor.ts'
import { emitRecords } from './stream/records.ts'
import { type AddedFields, mayRepeat } from './stream/stream-request.ts'
import { cutOff, StreamTransport } from './stream/stream-transport.ts'
import type { AttemptContext, Outcome } from './transport.ts'

export class HttpStreamTransport extends StreamTransport {
  protected headers(): AddedFields {
    return { defaults: defaultHeaders('*/*'), browserApi: 'fetch' }
  }

  protected receive(context: AttemptContext, response: HttpResponse): Promise<Outcome> {
    return receiveStream(context, response)
  }
}

/** Whether the status is a successful one (RFC 9110 section 15.3). */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

/** Successful statuses of responses without content to read (RFC 9110 sections 15.3.3, 15.3.5 and 15.3.6). */
const ACCEPTED: ReadonlySet<number> = new Set([202, 204, 205])
/** Methods whose responses have content (RFC 9110 section 9.3; QUERY is a draft of the httpbis working group). */
const ASKS_FOR_CONTENT: ReadonlySet<string> = new Set(['GET', 'POST', 'QUERY'])

/** Whether the response only acknowledges the request: it is neither a stream nor a failure. */
export function isAcknowledgement({ status }: HttpResponse, spec: ConnectionSpec): boolean {
  return isSuccess(status) && (ACCEPTED.has(status) || !ASKS_FOR_CONTENT.has(specRequest(spec).method))
}

/** Emits the failure of a response whose status is not a successful one. */
export async function refuse(context: AttemptContext, response: HttpResponse): Promise<Outcome> {
  const failure = await refusal(response, context)
  if (context.signal.aborted) return disconnected(context)
  const gone = droppedCursor(response.status, context.resume)
  if (gone !== undefined) return fail(context, gone, 'lost')
  return fail(context, failure, isPermanent(failure) ? 'failed' : 'lost')
}

function grpcStatusOf(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => /^grpc-(?:status|message)$/.test(name)),
  )
}

/** Emits the records of a response. `read` replaces the response's own `read` if reading has already begun. */
export async function receiveStream(
  context: AttemptContext,
  response: HttpResponse,
  read?: (sink: BodySink) => Promise<BodyEnd>,
): Promise<Outcome> {
  if (!isSuccess(response.status)) return await refuse(context, response)
  const { framing: named = 'auto', maxMessageSize = DEFAULT_MAX_MESSAGE_SIZE } = context.spec
  const contentType = contentTypeOf(response.headers)
  const framing = named === 'auto' ? framingOf(contentType).framing : named
  emitOpen(context, response, 'http-stream', framing)
  const cursor = new StreamCursor(context)
  const end = await emitRecords(
    context,
    read === undefined ? { response } : { response, read },
    (sink) =>
      createParser(framing, contentType, { maxRecordSize: maxMessageSize, isGuess: named === 'auto' }, sink),
    cursor.resumes ? { after: (record, time) => cursor.moveTo(record, time) } : {},
  )
  if (context.signal.aborted) return disconnected(context)
  if (!end.complete) return cutOff(context, end)
  if (end.error !== undefined) emitError(context, streamError(response.url, end.error), end.time)
  // An error without messages: the trailers are in the head of the response.
  if (framing === 'grpc' && end.trailers === undefined)
    emitTrailerError(context, response, { ...end, trailers: grpcStatusOf(response.headers) })
  emitCompleted(context, response, end, end.remark)
  const reason = 'the response is complete'
  // With a cursor, the next request continues after the last record.
  return { end: cursor.resumes && mayRepeat(context.spec) ? 'lost' : 'done', reason }
}
