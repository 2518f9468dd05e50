/** Server-Sent Events: the transport of the HTML standard's section 9.2. */
import { isEventStream } from '../parse/media-type.ts'
import { SseParser } from '../parse/sse.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../shared/spec.ts'
import type { HttpResponse } from './http/exchange.ts'
import { isPermanent } from './http/failure-kinds.ts'
import { contentTypeOf, defaultHeaders } from './http/fields.ts'
import { excerptOf, refusal } from './http/refusal.ts'
import { specRequest } from './http/spec-request.ts'
import { isAcknowledgement } from './http-stream.ts'
import { forceRetry } from './reconnect.ts'
import { disconnected, emitClose, emitCompleted, emitError, emitOpen, fail } from './report.ts'
import { EndMarkers } from './stream/end-markers.ts'
import { EventIds } from './stream/event-ids.ts'
import { notAnEventStream, unsendableEventId } from './stream/failures.ts'
import { emitRecords } from './stream/records.ts'
import { type AddedFields, mayRepeat, rememberDestination } from './stream/stream-request.ts'
import { cutOff, StreamTransport } from './stream/stream-transport.ts'
import type { AttemptContext, Outcome } from './transport.ts'

const EVENT_STREAM = 'text/event-stream'

export class SseTransport extends StreamTransport {
  protected headers(context: AttemptContext): AddedFields {
    return {
      defaults: { ...defaultHeaders(EVENT_STREAM), 'cache-control': 'no-store' },
      // A browser's EventSource has no other method (HTML standard, section 9.2.2).
      browserApi: specRequest(context.spec).method === 'GET' ? 'EventSource' : 'fetch events',
      lastEventId: sendableEventId(context),
    }
  }

  protected receive(context: AttemptContext, response: HttpResponse): Promise<Outcome> {
    return receiveEvents(context, response)
  }
}

/** The last event ID; undefined if there is none, or none that a field can carry, which is reported. */
function sendableEventId(context: AttemptContext): string | undefined {
  const { lastEventId } = context.resume
  if (lastEventId === '') return undefined
  // RFC 9110 section 5.5: an event ID may contain control characters, but a field value may contain only tabs.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the expression looks for them
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(lastEventId)) {
    emitError(context, unsendableEventId())
    return undefined
  }
  return lastEventId
}

/** Checks the response to a request for events as the HTML standard requires, and emits its events. */
export async function receiveEvents(context: AttemptContext, response: HttpResponse): Promise<Outcome> {
  const { status } = response
  const isEvents = isEventStream(contentTypeOf(response.headers))
  if (status === 204) return stopped(context, response, 'the server said to stop (204)')
  if (isAcknowledgement(response, context.spec) && !(status === 200 && isEvents))
    return stopped(context, response, `the server accepted the request (${status})`)
  if (status !== 200) {
    const failure = await refusal(response, context)
    if (context.signal.aborted) return disconnected(context)
    // HTML standard, 9.2.3: the connection fails for good, unless the user set a reconnect policy.
    const mayRetry = context.spec.reconnect !== undefined && !isPermanent(failure)
    return fail(context, failure, mayRetry ? 'lost' : 'failed')
  }
  if (!isEvents) {
    const excerpt = await excerptOf(response)
    if (context.signal.aborted) return disconnected(context)
    return fail(context, notAnEventStream(response, excerpt), 'failed')
  }
  rememberDestination(context, response)
  emitOpen(context, response, 'sse', 'sse')
  return await readEvents(context, response)
}

/** HTML standard, 9.2.3: by the status 204 a server tells its client to stop reconnecting. */
function stopped(context: AttemptContext, response: HttpResponse, reason: string): Outcome {
  response.abort()
  emitOpen(context, response, 'sse')
  emitClose(context, 'server', undefined, reason)
  return { end: 'done', reason }
}

async function readEvents(context: AttemptContext, response: HttpResponse): Promise<Outcome> {
  const { spec, resume } = context
  resume.eventIds ??= new EventIds()
  const ids = resume.eventIds
  ids.reconnected()
  const endMarkers = new EndMarkers()
  let parser: SseParser | undefined
  let repeated = 0
  const emitRepeated = (time: number) => {
    if (repeated > 0) context.emit({ type: 'gap', time, repeated })
    repeated = 0
  }
  const end = await emitRecords(
    context,
    { response },
    (sink, onBatch) => {
      const maxRecordSize = spec.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE
      const { lastEventId } = resume
      parser = new SseParser({ maxRecordSize, lastEventId, onBatch: endMarkers.watch(onBatch) }, sink)
      return parser
    },
    {
      before(record, time) {
        endMarkers.record(record)
        const { kind, ownId, id = '', event = '', payload } = record
        if (kind !== 'record' || !ownId || id === '') return
        const sighting = ids.see(id, event, payload)
        if (sighting.repeated) repeated++
        else emitRepeated(time)
        if (sighting.missed > 0) context.emit({ type: 'gap', time, missed: sighting.missed })
      },
      afterChunk(time) {
        emitRepeated(time)
        if (parser === undefined) return
        endMarkers.undispatched(parser.undispatched)
        resume.lastEventId = parser.lastEventId
        resume.retry = parser.retry ?? resume.retry
      },
    },
  )
  if (context.signal.aborted) return disconnected(context)
  if (!end.complete) return cutOff(context, end)
  emitCompleted(context, response, end, end.remark)
  if (endMarkers.isComplete)
    return forceRetry(spec, { end: 'done', reason: 'the server said that the stream is complete' })
  const reason = 'the server ended the stream'
  return { end: mayRepeat(spec) ? 'lost' : 'done', reason }
}
