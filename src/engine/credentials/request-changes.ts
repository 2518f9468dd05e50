/** What credentials change in a request. */
import { withParams } from '../../shared/url-params.ts'
import { withoutFields } from '../../transport/http/fields.ts'
import type { OutgoingRequest } from '../../transport/request-hook.ts'

/** The method of a WebSocket over HTTP/2 (RFC 8441). */
export const CONNECT = 'CONNECT'

/** The request with a header field, in place of those with that name in any case. */
export function withHeader(request: OutgoingRequest, name: string, value: string): OutgoingRequest {
  const replaced = name.toLowerCase()
  return {
    ...request,
    headers: { ...withoutFields(request.headers, (other) => other === replaced), [name]: value },
  }
}

/** The request with a parameter in its URL, in place of one with that name. */
export function withParam(request: OutgoingRequest, name: string, value: string): OutgoingRequest {
  return { ...request, url: new URL(withParams(request.url.href, { [name]: value })) }
}
