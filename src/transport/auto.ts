/** Detects the transport of an http: or https: URL by the response to one request. */
import { isValidUtf8 } from '../parse/utf8.ts'
import { DEFAULT_MAX_MESSAGE_SIZE, DEFAULT_TIMEOUT } from '../shared/spec.ts'
import { BaseTransport } from './base-transport.ts'
import type { BodyEnd, HttpResponse } from './http/exchange.ts'
import { defaultHeaders } from './http/fields.ts'
import { HttpStreamTransport, isAcknowledgement, isSuccess, receiveStream, refuse } from './http-stream.ts'
import { disconnected, emitCompleted, emitError, emitOpen } from './report.ts'
import { receiveEvents, SseTransport } from './sse.ts'
import { detectStream } from './stream/detect.ts'
import { plainResponse } from './stream/failures.ts'
import type { AddedFields } from './stream/stream-request.ts'
import { cutOff, StreamTransport } from './stream/stream-transport.ts'
import type { AttemptContext, Outcome, Transport } from './transport.ts'

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
    const detected = await detectStream(response, {
      clock: context.clock,
      framing: spec.framing,
      timeout: spec.timeout ?? DEFAULT_TIMEOUT,
      limit: spec.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE,
      reading: (body) => this.reading(body),
    })
    if (detected.kind === 'events') {
      resume.settled = 'sse'
      return await receiveEvents(context, response)
    }
    if (detected.kind === 'stream' && detected.read === undefined) {
      resume.settled = 'http-stream'
      return await receiveStream(context, response)
    }
    if (context.signal.aborted) return disconnected(context)
    if (detected.kind === 'plain')
      return emitPlainResponse(context, response, detected.probe.bytes(), detected.end)
    resume.settled = 'http-stream'
    return await receiveStream(context, response, detected.read)
  }
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
