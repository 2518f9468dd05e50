/** The base of transports whose connection is one HTTP response. */
import { Failure } from '../../shared/failure.ts'
import { BaseTransport } from '../base-transport.ts'
import { phraseOf } from '../failures.ts'
import type { BodyEnd, HttpResponse } from '../http/exchange.ts'
import { endedBy, isPermanent } from '../http/failure-kinds.ts'
import { disconnected, emitClose, emitError, fail } from '../report.ts'
import type { AttemptContext, Outcome } from '../transport.ts'
import { type AddedFields, mayRepeat, requestStream } from './stream-request.ts'

/** A transport that sends one request and then only receives. */
export abstract class StreamTransport extends BaseTransport {
  /** The header fields that the transport adds to the request. */
  protected abstract headers(context: AttemptContext): AddedFields
  /** Reads the response to its end. */
  protected abstract receive(context: AttemptContext, response: HttpResponse): Promise<Outcome>

  async run(context: AttemptContext): Promise<Outcome> {
    let response: HttpResponse
    try {
      response = await requestStream(context, this.headers(context))
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      if (context.signal.aborted) return disconnected(context)
      return fail(context, thrown, isPermanent(thrown) ? 'failed' : 'lost')
    }
    this.reading(response)
    return await this.receive(context, response)
  }
}

/** Emits `error` and `close` for a body that was cut off, and returns the outcome. */
export function cutOff(context: AttemptContext, { failure, time }: BodyEnd & { complete: false }): Outcome {
  emitError(context, failure, time)
  emitClose(context, endedBy(failure), time)
  return {
    end: isPermanent(failure) || !mayRepeat(context.spec) ? 'failed' : 'lost',
    reason: phraseOf(failure),
  }
}
