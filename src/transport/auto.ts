/** Detects the transport of an http: or https: URL by the response to one request. */
import { framingOf } from '../parse/framing.ts'
import { endsWithWholeText, trimJson } from '../parse/json.ts'
import { parseMediaType } from '../parse/media-type.ts'
import { isValidUtf8 } from '../parse/utf8.ts'
import { DEFAULT_MAX_MESSAGE_SIZE, DEFAULT_TIMEOUT } from '../shared/spec.ts'
import { BaseTransport } from './base-transport.ts'
import type { BodyEnd, HttpResponse } from './http/exchange.ts'
import { contentTypeOf, defaultHeaders } from './http/fields.ts'
import { TimedBody } from './http/timed-body.ts'
import { HttpStreamTransport, isAcknowledgement, isSuccess, receiveStream, refuse } from './http-stream.ts'
import { disconnected, emitCompleted, emitError, emitOpen } from './report.ts'
import { EVENT_STREAM, receiveEvents, SseTransport } from './sse.ts'
import { plainResponse } from './stream/failures.ts'
import { BodyProbe } from './stream/probe.ts'
import type { AddedFields } from './stream/stream-request.ts'
import { cutOff, StreamTransport } from './stream/stream-transport.ts'
import type { AttemptContext, Outcome, Transport } from './transport.ts'

/** A body that ends within this many milliseconds of its head is a plain response, not a stream. */
const PLAIN_WITHIN = 1000

/** `[`, the first byte of a JSON array. */
const ARRAY = 0x5b

const ACCEPT =
  'text/event-stream, application/x-ndjson, application/json-seq, multipart/mixed, multipart/x-mixed-replace, */*;q=0.8'

/** Sends one request and continues as the transport that the response shows; later attempts start with that one. */
export class AutoTransport extends BaseTransport {
  async run(context: AttemptContext): Promise<Outcome> {
    const transport = transportFor(context)
    this.reading(transport)
    return await transport.run(context)
  }
}

function transportFor({ resume }: AttemptContext): Transport {
  if (resume.settled === 'sse') return new SseTransport()
  if (resume.settled === 'http-stream') return new HttpStreamTransport()
  return new ProbingTransport()
}

class ProbingTransport extends StreamTransport {
  protected headers(): AddedFields {
    return { defaults: defaultHeaders(ACCEPT), browserApi: 'fetch' }
  }

  protected async receive(context: AttemptContext, response: HttpResponse): Promise<Outcome> {
    const { resume, spec } = context
    if (!isSuccess(response.status)) return await refuse(context, response)
    const contentType = contentTypeOf(response.headers)
    if (parseMediaType(contentType ?? '').essence === EVENT_STREAM && response.status === 200) {
      resume.settled = 'sse'
      return await receiveEvents(context, response)
    }
    if (framingOf(contentType).stream || (spec.framing ?? 'auto') !== 'auto') {
      resume.settled = 'http-stream'
      return await receiveStream(context, response)
    }
    const body = new TimedBody(response, spec.timeout ?? DEFAULT_TIMEOUT)
    this.reading(body)
    const probe = new BodyProbe(response, body, spec.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE)
    const wait = PLAIN_WITHIN - (context.clock.now() - response.headTime)
    const isUnbounded = response.contentLength === undefined
    const end = await probe.endWithin(isUnbounded ? wait : undefined, (before, next) =>
      mayStream(contentType, before, next),
    )
    if (context.signal.aborted) return disconnected(context)
    if (end !== undefined) return emitPlainResponse(context, response, probe.bytes(), end)
    resume.settled = 'http-stream'
    return await receiveStream(context, response, (sink) => probe.read(sink))
  }
}

/**
 * Whether a body of that type that arrives in pieces is a stream: it is text, begins with a JSON array, or continues
 * after complete JSON texts.
 */
function mayStream(contentType: string | undefined, before: Uint8Array, next: Uint8Array): boolean {
  const { framing } = framingOf(contentType)
  if (framing !== 'ndjson') return framing === 'lines'
  return trimJson(before)[0] === ARRAY || (endsWithWholeText(before) && trimJson(next).length > 0)
}

/** Emits a response that is not a stream: its body as one message, and which transports to use instead. */
function emitPlainResponse(
  context: AttemptContext,
  response: HttpResponse,
  payload: Uint8Array,
  end: BodyEnd,
): Outcome {
  emitOpen(context, response, 'http-stream')
  if (payload.length > 0) {
    const wireSize =
      response.wireSpan(0, payload.length) ?? (end.complete ? response.wireLength() : undefined)
    context.emit({
      type: 'message',
      time: end.time,
      direction: 'in',
      payload,
      opcode: isValidUtf8(payload) ? 'text' : 'binary',
      ...(wireSize !== undefined && { wireSize }),
      ...(!end.complete && { truncated: true }),
    })
  }
  if (!end.complete) {
    const outcome = cutOff(context, end)
    // A response that is not a stream is not requested again, even if it stalled.
    return end.failure.code === 'TIMEOUT' ? { ...outcome, end: 'failed' } : outcome
  }
  if (isAcknowledgement(response, context.spec)) {
    emitCompleted(context, response, end)
    return { end: 'done', reason: `the server accepted the request (${response.status})` }
  }
  if (context.spec.plainResponse === true) {
    emitCompleted(context, response, end)
    return { end: 'done', reason: 'the response is complete' }
  }
  emitError(context, plainResponse(response, payload.length), end.time)
  emitCompleted(context, response, end)
  return { end: 'failed', reason: 'a plain response, not a stream' }
}
