/** Responses that are never realtime traffic: pages and what they consist of. */
import type { Headers } from '../../shared/headers.ts'
import type { SeenStart } from '../../shared/traffic.ts'
import type { HttpResponse } from '../../transport/http/exchange.ts'
import { contentTypeOf, field } from '../../transport/http/fields.ts'

/** Media types of parts of pages, and of files. */
const RESOURCE =
  /^(?:text\/(?:css|(?:x-)?(?:java|ecma)script)|application\/(?:(?:x-)?(?:java|ecma)script|wasm|manifest\+json|pdf|zip|gzip|font-.*|x-font-.*|vnd\.ms-fontobject)|(?:image|font)\/.*|multipart\/byteranges)$/
const MEDIA = /^(?:audio|video)\//
const PAGE = /^(?:text\/html|application\/xhtml\+xml)$/
/** Streams, also if a page shows them as a document or as an image. */
const STREAM = /^(?:text\/event-stream|multipart\/x-mixed-replace)$/
/** What `fetch` and `XMLHttpRequest` ask for, and players of media (Fetch Metadata, `Sec-Fetch-Dest`). */
const DESTINATIONS: ReadonlySet<string> = new Set(['empty', 'audio', 'video'])

/** Whether a response is part of a page, or a file. */
export function isResource({ method = 'GET', headers = {} }: SeenStart, response: HttpResponse): boolean {
  const type = typeOf(response.headers)
  // Pages get what they consist of by GET. SockJS calls what it streams to a POST a script.
  if (STREAM.test(type) || method === 'POST') return false
  const destination = field(headers, 'sec-fetch-dest')
  if (destination !== undefined && !DESTINATIONS.has(destination)) return true
  if (RESOURCE.test(type)) return true
  if (MEDIA.test(type)) return response.status === 206 || response.contentLength !== undefined
  // Scripts of pages poll for fragments of HTML, too.
  return PAGE.test(type) && destination !== 'empty'
}

/** Whether a program asks for an event stream and nothing else, as `EventSource` does. */
export function asksForEvents({ headers = {} }: SeenStart): boolean {
  return field(headers, 'accept')?.trim().toLowerCase() === 'text/event-stream'
}

/** The media type without its parameters, in lower case. */
function typeOf(headers: Headers): string {
  return (contentTypeOf(headers) ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}
