/** The request that opens a stream, as the user's spec and the transport's defaults make it. */
import type { Headers } from '../../shared/event.ts'
import { type ConnectionSpec, DEFAULT_TIMEOUT } from '../../shared/spec.ts'
import type { ExchangeRequest, HttpResponse } from '../http/exchange.ts'
import { field, forAnotherOrigin, withDefaults, withoutFields } from '../http/fields.ts'
import { followRedirect, isContentField } from '../http/redirect.ts'
import { exchange } from '../http/request.ts'
import { isIdempotent, specRequest } from '../http/spec-request.ts'
import type { AttemptContext, Destination } from '../transport.ts'

type StreamRequest = Pick<ExchangeRequest, 'url' | 'method' | 'headers' | 'body'>

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
  const { spec, network, clock, signal, resume } = context
  const own = redirected({ url: spec.url, ...specRequest(spec) }, resume.destination)
  const goesOn = field(defaults, RESUMES) !== undefined
  const given = goesOn ? withoutFields(own.headers, (name) => name === RESUMES) : own.headers
  return exchange({
    ...own,
    headers: withDefaults(given, defaults),
    spec,
    network,
    clock,
    signal,
    headTimeout: spec.timeout ?? DEFAULT_TIMEOUT,
  })
}

/** The request as the redirects of an earlier attempt left it. */
function redirected(asked: StreamRequest, destination: Destination | undefined): StreamRequest {
  if (destination === undefined) return asked
  const { url, method, isElsewhere } = destination
  const headers = isElsewhere ? forAnotherOrigin(asked.headers) : asked.headers
  if (method === asked.method) return { ...asked, url, headers }
  return { url, method, headers: withoutFields(headers, isContentField), body: undefined }
}

/**
 * Remembers where redirects have led, for the attempts to come. A browser's `EventSource` asks there again, whatever the
 * status of the redirects: it fetches the same request anew, whose URL list they have changed (HTML standard, 9.2.3;
 * Fetch standard, 4.4; whatwg/html#503).
 */
export function rememberDestination({ spec, resume }: AttemptContext, { redirects }: HttpResponse): void {
  const { method } = specRequest(spec)
  let destination: Destination = resume.destination ?? { url: spec.url, method, isElsewhere: false }
  for (const { status, location } of redirects) {
    const from = new URL(destination.url)
    const hop = { url: from, method: destination.method, headers: {}, body: undefined }
    const to = followRedirect(hop, { status, headers: { location } }, spec) ?? hop
    const isElsewhere = destination.isElsewhere || to.url.origin !== from.origin
    destination = { url: to.url.href, method: to.method, isElsewhere }
  }
  if (redirects.length > 0) resume.destination = destination
}
