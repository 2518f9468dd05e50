/** Server-Sent Events, by the HTML standard's section 9.2. */
import { parseMediaType } from '../parse/media-type.ts'
import { SseParser } from '../parse/sse.ts'
import type { Headers } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../shared/spec.ts'
import type { HttpResponse } from './http/exchange.ts'
import { hostAndPort, isPermanent, quoted } from './http/failures.ts'
import { contentTypeOf, defaultHeaders } from './http/fields.ts'
import { refusal, wordsOf } from './http/refusal.ts'
import { isAcknowledgement } from './http-stream.ts'
import { forceRetry } from './reconnect.ts'
import { disconnected, emitClose, emitCompleted, emitError, emitOpen, fail } from './report.ts'
import { Completion } from './stream/completion.ts'
import { EventIds } from './stream/event-ids.ts'
import { readRecords } from './stream/records.ts'
import { mayRepeat, rememberDestination } from './stream/stream-request.ts'
import { broken, StreamTransport } from './stream/stream-transport.ts'
import type { AttemptContext, Outcome } from './transport.ts'

export const EVENT_STREAM = 'text/event-stream'

export class SseTransport extends StreamTransport {
  protected headers(context: AttemptContext): Headers {
    return {
      ...defaultHeaders(EVENT_STREAM),
      'cache-control': 'no-store',
      ...lastEventIdHeader(context),
    }
  }

  protected receive(context: AttemptContext, response: HttpResponse): Promise<Outcome> {
    return receiveEvents(context, response)
  }
}

function lastEventIdHeader(context: AttemptContext): Headers {
  const { lastEventId } = context.resume
  if (lastEventId === '') return {}
  // RFC 9110 section 5.5: a field value has no control characters but tab; an event id may.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(lastEventId)) {
    emitError(
      context,
      new Failure(
        'BAD_EVENT_ID',
        'The last event id has control characters, which no header can carry, so the stream is asked for from its start; let the server give printable ids.',
      ),
    )
    return {}
  }
  return { 'last-event-id': lastEventId }
}

/** Takes an answer to a request for events: checks it as the standard says and reports what it brings. */
export async function receiveEvents(context: AttemptContext, response: HttpResponse): Promise<Outcome> {
  const { status } = response
  const contentType = contentTypeOf(response.headers)
  const isEventStream = parseMediaType(contentType ?? '').essence === EVENT_STREAM
  if (status === 204) return stopped(context, response, 'the server said to stop (204)')
  if (isAcknowledgement(response, context.spec) && !(status === 200 && isEventStream))
    return stopped(context, response, `the server accepted the request (${status})`)
  if (status !== 200) {
    const failure = await refusal(response, context)
    if (context.signal.aborted) return disconnected(context)
    // HTML standard, 9.2.3: for good, unless the user says otherwise.
    const isWorthAnother = context.spec.reconnect !== undefined && !isPermanent(failure)
    return fail(context, failure, isWorthAnother ? 'lost' : 'failed')
  }
  if (!isEventStream) {
    const words = await wordsOf(response)
    if (context.signal.aborted) return disconnected(context)
    return fail(context, wrongType(response, contentType, words), 'failed')
  }
  rememberDestination(context, response)
  emitOpen(context, response, 'sse', 'sse')
  return await readEvents(context, response)
}

/** HTML standard, 9.2.3: with 204 the server tells a client to stop reconnecting. */
function stopped(context: AttemptContext, response: HttpResponse, reason: string): Outcome {
  response.abort()
  emitOpen(context, response, 'sse')
  emitClose(context, 'server', undefined, reason)
  return { end: 'done', reason }
}

function wrongType(response: HttpResponse, contentType: string | undefined, words: string): Failure {
  const type = contentType === undefined ? 'no Content-Type' : `Content-Type ${contentType}`
  return new Failure(
    'BAD_MIME',
    `${hostAndPort(response.url)} answered with ${type}${quoted(words)} rather than ${EVENT_STREAM}; check the URL, or use the transport http-stream, poll or long-poll.`,
    response.status,
  )
}

async function readEvents(context: AttemptContext, response: HttpResponse): Promise<Outcome> {
  const { spec, resume } = context
  resume.eventIds ??= new EventIds()
  const ids = resume.eventIds
  ids.reconnected()
  const completion = new Completion()
  let parser: SseParser | undefined
  let repeated = 0
  const emitRepeated = (time: number) => {
    if (repeated > 0) context.emit({ type: 'gap', time, repeated })
    repeated = 0
  }
  const end = await readRecords(
    context,
    { response },
    (sink, onBatch) => {
      const maxRecordSize = spec.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE
      const { lastEventId } = resume
      parser = new SseParser({ maxRecordSize, lastEventId, onBatch: completion.watching(onBatch) }, sink)
      return parser
    },
    {
      before(record, time) {
        completion.record(record)
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
        completion.undispatched(parser.undispatched)
        resume.lastEventId = parser.lastEventId
        resume.retry = parser.retry ?? resume.retry
      },
    },
  )
  if (context.signal.aborted) return disconnected(context)
  if (!end.complete) return broken(context, end)
  emitCompleted(context, response, end, end.remark)
  if (completion.isSaid)
    return forceRetry(spec, { end: 'done', reason: 'the server said that the stream is complete' })
  const reason = 'the server ended the stream'
  return { end: mayRepeat(spec) ? 'lost' : 'done', reason }
}
