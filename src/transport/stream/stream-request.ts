/** The request that opens a stream: the spec's, with the transport's own header fields. */
import type { Headers } from '../../shared/event.ts'
import { type ConnectionSpec, DEFAULT_TIMEOUT } from '../../shared/spec.ts'
import { withParams } from '../../shared/url-params.ts'
import type { ExchangeRequest, HttpResponse } from '../http/exchange.ts'
import { field, forAnotherOrigin, withDefaults, withoutFields } from '../http/fields.ts'
import { followRedirect, isContentField } from '../http/redirect.ts'
import { exchange } from '../http/request.ts'
import { isIdempotent, specRequest } from '../http/spec-request.ts'
import type { AttemptContext, Destination } from '../transport.ts'

type StreamRequest = Pick<ExchangeRequest, 'url' | 'method' | 'headers' | 'body'>

/** Whether a stream that ended may be requested again: its method is idempotent, or the user set a reconnect policy. */
export function mayRepeat(spec: ConnectionSpec): boolean {
  return spec.reconnect !== undefined || isIdempotent(specRequest(spec).method)
}

const LAST_EVENT_ID = 'last-event-id'

/**
 * Sends the spec's request. `defaults` are header fields that apply unless the user sets them, except for
 * `last-event-id`: the user's applies only until the stream has given an ID.
 * Resolves with the response's head. Rejects with a `Failure` as `exchange` does.
 */
export function requestStream(context: AttemptContext, defaults: Headers): Promise<HttpResponse> {
  const { spec, network, clock, signal, resume, hook } = context
  const request = redirected({ url: spec.url, ...specRequest(spec) }, resume.destination)
  const isResumed = field(defaults, LAST_EVENT_ID) !== undefined
  const headers = isResumed
    ? withoutFields(request.headers, (name) => name === LAST_EVENT_ID)
    : request.headers
  return exchange({
    ...request,
    url: withParams(request.url, resume.cursorParams),
    headers: withDefaults(headers, defaults),
    spec,
    network,
    clock,
    signal,
    hook,
    headTimeout: spec.timeout ?? DEFAULT_TIMEOUT,
  })
}

/** The request as the redirects of an earlier attempt changed it. */
function redirected(request: StreamRequest, destination: Destination | undefined): StreamRequest {
  if (destination === undefined) return request
  const { url, method, isElsewhere } = destination
  const headers = isElsewhere ? forAnotherOrigin(request.headers) : request.headers
  if (method === request.method) return { ...request, url, headers }
  return { url, method, headers: withoutFields(headers, isContentField), body: undefined }
}

/**
 * Remembers where redirects led, for later attempts. A browser's `EventSource` reconnects to that URL, whatever the
 * status of the redirects: it fetches the same request again, whose URL list they have changed (HTML standard, 9.2.3;
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
