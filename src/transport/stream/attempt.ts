/** One attempt of a transport whose connection is one HTTP response: how it opens, fails and ends. */
import type { EndedBy, Headers, OpenEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { OutboundMessage, TransportName } from '../../shared/spec.ts'
import type { BodyEnd, HttpResponse } from '../http/exchange.ts'
import { endedBy, isPermanent } from '../http/failures.ts'
import { phraseOf } from '../phrase.ts'
import type { AttemptContext, Outcome, Transport } from '../transport.ts'
import { mayRepeat, requestStream } from './request.ts'

/** A transport that asks once and then only receives. */
export abstract class StreamTransport implements Transport {
  #response: HttpResponse | undefined
  #paused = false

  /** The transport's own header fields, and what it does with the response. */
  protected abstract headers(context: AttemptContext): Headers
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
    this.#response = response
    if (this.#paused) response.pause()
    return await this.receive(context, response)
  }

  send(_message: OutboundMessage): void {
    throw new Failure('CANNOT_SEND', 'This transport only receives; connect by WebSocket to send.')
  }

  pause(): void {
    this.#paused = true
    this.#response?.pause()
  }

  resume(): void {
    this.#paused = false
    this.#response?.resume()
  }
}

/** Reports the response head. */
export function emitOpen(
  context: AttemptContext,
  response: HttpResponse,
  transport: TransportName,
  framing?: string,
): void {
  const { status, headers, httpVersion, remoteAddress, tls, timing, redirects } = response
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
  }
  context.emit(event)
}

export function emitError(context: AttemptContext, failure: Failure, time = context.clock.now()): void {
  const { code, message, status } = failure
  context.emit({ type: 'error', time, code, message, ...(status !== undefined && { status }) })
}

export function emitClose(
  context: AttemptContext,
  by: EndedBy,
  time = context.clock.now(),
  reason?: string,
): void {
  context.emit({ type: 'close', time, by, ...(reason !== undefined && { reason }) })
}

/** Reports what kept the attempt from opening. */
export function fail(context: AttemptContext, failure: Failure, end: Outcome['end']): Outcome {
  emitError(context, failure)
  return { end, reason: phraseOf(failure) }
}

/** Reports that the user ended the attempt. */
export function disconnected(context: AttemptContext): Outcome {
  emitClose(context, 'client')
  return { end: 'done', reason: 'disconnected' }
}

/** Reports a body that broke, and says whether another attempt is worth it. */
export function broken(context: AttemptContext, { failure, time }: BodyEnd & { complete: false }): Outcome {
  emitError(context, failure, time)
  emitClose(context, endedBy(failure), time)
  return {
    end: isPermanent(failure) || !mayRepeat(context.spec) ? 'failed' : 'lost',
    reason: phraseOf(failure),
  }
}
