/** The request that opens a stream, as the user's spec and the transport's defaults make it. */
import type { Headers } from '../../shared/event.ts'
import { type ConnectionSpec, DEFAULT_TIMEOUT } from '../../shared/spec.ts'
import type { HttpResponse } from '../http/exchange.ts'
import { field, withDefaults, withoutFields } from '../http/fields.ts'
import { exchange } from '../http/request.ts'
import { isIdempotent, specRequest } from '../http/spec-request.ts'
import type { AttemptContext } from '../transport.ts'

/** Whether a stream that broke or ended may be asked for again: by its method, or because the user said so. */
export function mayRepeat(spec: ConnectionSpec): boolean {
  return spec.reconnect !== undefined || isIdempotent(specRequest(spec).method)
}

/** Where a stream goes on from: the user gives the place to start, the stream itself what comes after. */
const RESUMES = 'last-event-id'

/**
 * Sends the spec's request with header fields of the transport's own, each unless the user gives that field;
 * a `last-event-id` of the transport's beats the user's.
 * Resolves with the response's head; rejects with a `Failure` as `exchange` does.
 */
export function requestStream(context: AttemptContext, defaults: Headers): Promise<HttpResponse> {
  const { spec, network, clock, signal } = context
  const own = specRequest(spec)
  const goesOn = field(defaults, RESUMES) !== undefined
  const given = goesOn ? withoutFields(own.headers, (name) => name === RESUMES) : own.headers
  return exchange({
    url: spec.url,
    ...own,
    headers: withDefaults(given, defaults),
    spec,
    network,
    clock,
    signal,
    headTimeout: spec.timeout ?? DEFAULT_TIMEOUT,
  })
}
