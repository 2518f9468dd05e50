/** The request that opens a stream: the spec's, with the transport's own header fields. */
import type { Headers } from '../../shared/event.ts'
import { type ConnectionSpec, DEFAULT_TIMEOUT } from '../../shared/spec.ts'
import { withParams } from '../../shared/url-params.ts'
import { type BrowserApi, browserHeaders } from '../browser/browser-headers.ts'
import type { ExchangeRequest, HttpResponse } from '../http/exchange.ts'
import { forAnotherOrigin, withDefaults, withoutFields } from '../http/fields.ts'
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

/** What a transport adds to the spec's request. */
export interface AddedFields {
  /** Unless the user sets them. */
  readonly defaults: Headers
  /** Instead of the defaults, those that a browser sends if a page calls this. */
  readonly browserApi: BrowserApi
  /** Instead of the user's `last-event-id`, which applies only until the stream has given an ID. */
  readonly lastEventId?: string | undefined
}

/**
 * Sends the spec's request. Resolves with the response's head. Rejects with a `Failure` as `exchange` does.
 */
export function requestStream(context: AttemptContext, added: AddedFields): Promise<HttpResponse> {
  const { spec, network, clock, signal, resume, hook, connected, sessions } = context
  const request = redirected({ url: spec.url, ...specRequest(spec) }, resume.destination)
  return exchange({
    ...request,
    url: withParams(request.url, resume.cursorParams),
    headers: streamHeaders(spec, request, added),
    spec,
    network,
    clock,
    signal,
    hook,
    connected,
    sessions,
    headTimeout: spec.timeout ?? DEFAULT_TIMEOUT,
  })
}

function streamHeaders(
  spec: ConnectionSpec,
  { url, method, headers }: StreamRequest,
  { defaults, browserApi, lastEventId }: AddedFields,
): Headers {
  const resumed: Headers =
    lastEventId === undefined
      ? headers
      : { ...withoutFields(headers, (name) => name === LAST_EVENT_ID), [LAST_EVENT_ID]: lastEventId }
  return spec.asBrowser === true
    ? browserHeaders({ api: browserApi, url: new URL(url), method, headers: resumed })
    : withDefaults(resumed, defaults)
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
