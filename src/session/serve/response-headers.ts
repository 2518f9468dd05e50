/** Response headers: recorded fields that are still correct and safe, and fields for pages of other origins (CORS). */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { Headers } from '../../shared/event.ts'

/** Fields of the recorded connection (RFC 9110 section 7.6.1), of the coding of its bytes, or of another origin. */
const OF_CONNECTION =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|content-length|content-encoding|sec-websocket-.*|access-control-.*)$/i

/**
 * Fields that affect the browser beyond this response: what it stores for the host, which other programs under
 * development share, where it navigates, and where it sends reports.
 */
const OF_BROWSER =
  /^(alt-svc|clear-site-data|refresh|set-cookie2?|set-login|strict-transport-security|public-key-pins(-report-only)?|expect-ct|service-worker-.*|nel|report-to|reporting-endpoints|content-security-policy-report-only|accept-ch(-lifetime)?|critical-ch|origin-agent-cluster|origin-trial|speculation-rules|use-as-dictionary|attribution-reporting-.*|observe-browsing-topics|shared-storage-write|activate-storage-access|ad-auction-.*)$/i

/** The recorded fields to serve, with values encoded for HTTP. Leaves out fields that cannot be sent. */
export function servedFields(headers: Headers): [name: string, values: string[]][] {
  const hops = hopFields(headers)
  return Object.entries(headers)
    .filter(([name]) => !OF_CONNECTION.test(name) && !OF_BROWSER.test(name) && !hops.has(name.toLowerCase()))
    .map(([name, value]): [string, string[]] => [name, [value].flat().map(asBytes)])
    .filter(([name, values]) => values.every((value) => isSendable(name, value)))
}

/** The fields that the recorded `Connection` names (RFC 9110 section 7.6.1). */
function hopFields(headers: Headers): ReadonlySet<string> {
  const named = Object.entries(headers).find(([name]) => name.toLowerCase() === 'connection')?.[1] ?? []
  return new Set([named].flat().flatMap((value) => value.toLowerCase().split(/[\s,]+/)))
}

/** Values are bytes. Node.js writes them from Latin-1 characters. */
function asBytes(value: string): string {
  return /[^\0-\xff]/.test(value) ? Buffer.from(value).toString('latin1') : value
}

function isSendable(name: string, value: string): boolean {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return true
  } catch {
    // The file can contain anything.
    return false
  }
}

/** A recorded status, or a status that can be sent in its place. */
export function statusOf(status: number | undefined): number {
  return status !== undefined && status >= 200 && status <= 599 ? status : 200
}

/** Sets the recorded status and fields on a response, and lets the requesting page read it. */
export function setServed(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers = {} }: { readonly status?: number | undefined; readonly headers?: Headers | undefined },
): void {
  response.statusCode = statusOf(status)
  // A redirect would lead to the recorded server.
  const isRedirect = response.statusCode >= 300 && response.statusCode <= 399
  const fields = servedFields(headers).filter(([name]) => !isRedirect || name.toLowerCase() !== 'location')
  for (const [name, values] of fields)
    response.setHeader(name, values.length === 1 ? (values[0] ?? '') : values)
  allowOrigin(request, response)
  if (request.headers.origin !== undefined && fields.length > 0)
    response.setHeader('Access-Control-Expose-Headers', fields.map(([name]) => name).join(', '))
}

/** Lets the requesting page read the response. With credentials, CORS requires the origin by name (Fetch standard). */
export function allowOrigin({ headers }: IncomingMessage, response: ServerResponse): void {
  const { origin } = headers
  response.appendHeader('Vary', 'Origin')
  if (origin === undefined) return
  response.setHeader('Access-Control-Allow-Origin', origin)
  response.setHeader('Access-Control-Allow-Credentials', 'true')
}

/** Answers a CORS preflight request of an allowed page: allows everything it requests. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  const method = request.headers['access-control-request-method']
  const fields = request.headers['access-control-request-headers']
  allowOrigin(request, response)
  response.setHeader(
    'Access-Control-Allow-Methods',
    [...new Set(['GET', 'POST', method ?? 'GET'])].join(', '),
  )
  if (fields !== undefined) response.setHeader('Access-Control-Allow-Headers', fields)
  if (request.headers['access-control-request-private-network'] === 'true')
    response.setHeader('Access-Control-Allow-Private-Network', 'true')
  response.setHeader('Access-Control-Max-Age', '600')
  response.writeHead(204).end()
}
