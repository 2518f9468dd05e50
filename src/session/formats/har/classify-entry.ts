/** Decides what an entry of a HAR is by its contents, because programs label entries differently. */
import type { Framing } from '../../../shared/spec.ts'
import { isJson } from '../../../shared/text/json-text.ts'
import { schemeOf, type TransportName } from '../../../shared/transports.ts'
import { framingOfType } from '../../../transport/stream/whole-body.ts'
import type { ReadEntry } from './read-entry-fields.ts'

/** Types of page resources, regardless of how they were requested. */
const MATERIAL_TYPE = /^(?:image|font|audio|video)\/|^text\/css|wasm|^application\/(?:font|x-font)/i
/** Types of page resources unless a script requested them. */
const DOCUMENT_TYPE = /^text\/html|javascript/i
const STREAM_TYPE =
  /ndjson|jsonl|json-?lines|json-seq|stream\+json|json-stream|x-mixed-replace|multiplexed-stream/i
/** Resource types of Chrome, and destinations of the Fetch standard, for requests by scripts. */
const BY_SCRIPT = /^(?:xhr|fetch|xmlhttprequest|empty)$/i
const HTML_PAGE = /^\s*(?:<!--[^>]*-->\s*)?<(?:!doctype|html|head|body)\b/i
const FORM_TYPE = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)/i
/** Paths of SockJS: /PREFIX/SERVER/SESSION/TRANSPORT (its protocol, version 0.3.3). */
const SOCKJS = /\/[^/.]+\/[^/.]+\/(xhr|xhr_send|xhr_streaming|jsonp|jsonp_send|htmlfile)$/
const SOCKJS_STREAM = /^(?:xhr_streaming|htmlfile)$/
/** Bytes of a body that are searched for its first lines. */
const HEAD = 64 * 1024

function header(headers: ReadEntry['request']['headers'], name: string): string {
  return headers.findLast((each) => each.name.toLowerCase() === name)?.value ?? ''
}

/** The `Content-Type` of the response: `content.mimeType` (HAR 1.2), or else the header field. */
export function contentType({ response }: ReadEntry): string {
  const { mimeType } = response.content
  return mimeType === '' || mimeType === 'x-unknown' ? header(response.headers, 'content-type') : mimeType
}

/** The transport of an entry. Undefined if it is a page resource. */
export function transportOf(entry: ReadEntry): TransportName | undefined {
  const { request, _resourceType } = entry
  const type = contentType(entry)
  if (_resourceType === 'websocket' || entry._webSocketMessages || schemeOf(request.url) === 'ws')
    return 'websocket'
  if (_resourceType === 'eventsource' || entry._eventSourceMessages || /^text\/event-stream/i.test(type))
    return 'sse'
  if (type === '' && /^text\/event-stream$/i.test(header(request.headers, 'accept').trim())) return 'sse'
  if (schemeOf(request.url) !== 'http' || request.method === 'OPTIONS' || isOfPage(entry, type))
    return undefined
  return framingIn(entry) === undefined && !entry._streamMessages ? 'poll' : 'http-stream'
}

/** The framing of a body that consists of records. Undefined for other bodies. */
export function framingIn(entry: ReadEntry): Exclude<Framing, 'auto'> | undefined {
  const type = contentType(entry)
  if (STREAM_TYPE.test(type)) return framingOfType(type)
  if (SOCKJS_STREAM.test(SOCKJS.exec(pathOf(entry))?.[1] ?? '')) return 'lines'
  return /^(?:application\/json|text\/plain)/i.test(type) && isJsonByLine(entry) ? 'ndjson' : undefined
}

/** Whether the body is several lines of JSON instead of a single JSON text. */
function isJsonByLine({ response: { content } }: ReadEntry): boolean {
  if (content.text === undefined || content.encoding !== '') return false
  const lines = content.text.slice(0, HEAD).split(/\r?\n/)
  if (content.text.length > HEAD) lines.pop()
  const some = lines.filter((line) => line.trim() !== '')
  return some.length > 1 && some.every((line) => /^\s*[{[]/.test(line) && isJson(line))
}

function pathOf({ request }: ReadEntry): string {
  return URL.canParse(request.url) ? new URL(request.url).pathname : ''
}

function isOfPage(entry: ReadEntry, type: string): boolean {
  if (isRealtimeLibrary(entry)) return false
  if (MATERIAL_TYPE.test(type)) return !STREAM_TYPE.test(type)
  if (!DOCUMENT_TYPE.test(type)) return false
  const { request, response, _resourceType } = entry
  const destination = _resourceType || header(request.headers, 'sec-fetch-dest')
  const isForm = FORM_TYPE.test(request.postData?.mimeType || header(request.headers, 'content-type'))
  const byScript =
    BY_SCRIPT.test(destination) ||
    header(request.headers, 'x-requested-with') !== '' ||
    (destination === '' && !/^(?:GET|HEAD)$/i.test(request.method) && !isForm)
  return !byScript || HTML_PAGE.test(response.content.text ?? '')
}

/** Whether it is a poll of SockJS or Engine.IO, or JSONP, whose responses are scripts. */
function isRealtimeLibrary(entry: ReadEntry): boolean {
  const { request, response } = entry
  if (!URL.canParse(request.url)) return false
  const { pathname, searchParams } = new URL(request.url)
  if (SOCKJS.test(pathname)) return true
  if (searchParams.get('transport') === 'polling' && searchParams.has('EIO')) return true
  const called = /^(?:\/\*\*\/)?\s*([\w$.[\]]+)\s*\(/.exec((response.content.text ?? '').slice(0, HEAD))?.[1]
  return called !== undefined && [...searchParams.values()].includes(called)
}

/** Entries with the same key belong to the same poll. */
export function pollKey({ request }: ReadEntry): string {
  const url = URL.canParse(request.url) ? new URL(request.url) : undefined
  return `${request.method} ${url === undefined ? request.url : url.origin + url.pathname}`
}
