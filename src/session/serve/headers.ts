/** Response headers: those recorded that are still true, and those that let a page of another origin read. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { Headers } from '../../shared/event.ts'

/**
 * Fields that belong to the recorded connection (RFC 9110 section 7.6.1), to how its bytes were coded, or to
 * another origin.
 */
const NOT_SERVED =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|content-length|content-encoding|sec-websocket-.*|access-control-.*|alt-svc)$/i

/** The recorded fields as they are served, values as HTTP carries them; what cannot be sent is left out. */
export function servedFields(headers: Headers): [name: string, values: string[]][] {
  return Object.entries(headers)
    .filter(([name]) => !NOT_SERVED.test(name))
    .map(([name, value]): [string, string[]] => [name, [value].flat().map(asBytes)])
    .filter(([name, values]) => values.every((value) => isSendable(name, value)))
}

/** Values are bytes, which Node writes from latin1 characters. */
function asBytes(value: string): string {
  return /[^\0-\xff]/.test(value) ? Buffer.from(value).toString('latin1') : value
}

function isSendable(name: string, value: string): boolean {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return true
  } catch {
    // A file may hold anything.
    return false
  }
}

/** Sets the recorded fields on a response, and that any page may read it. */
export function setServed(request: IncomingMessage, response: ServerResponse, headers: Headers): void {
  const fields = servedFields(headers)
  for (const [name, values] of fields)
    response.setHeader(name, values.length === 1 ? (values[0] ?? '') : values)
  allowOrigin(request, response)
  if (request.headers.origin !== undefined && fields.length > 0)
    response.setHeader('Access-Control-Expose-Headers', fields.map(([name]) => name).join(', '))
}

/** Fetch standard, CORS protocol: with credentials the origin must be named. */
export function allowOrigin({ headers }: IncomingMessage, response: ServerResponse): void {
  const { origin } = headers
  response.setHeader('Access-Control-Allow-Origin', origin ?? '*')
  if (origin === undefined) return
  response.setHeader('Access-Control-Allow-Credentials', 'true')
  response.appendHeader('Vary', 'Origin')
}

/** Answers a CORS preflight: all that is asked for is allowed. */
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
