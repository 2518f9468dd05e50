/** The line of curl that asks again what a connection asked. */
import { isUtf8 } from 'node:buffer'
import type { ConnectEvent, RequestEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { specRequest } from '../../transport/http/spec-request.ts'
import {
  commandLine,
  fitsArgument,
  headerLines,
  MOST_BYTES,
  type Option,
  piped,
  toolFor,
} from './command-line.ts'

/** `curl` 7.71 or later; `request` is that of a poll's cycle. Throws TOO_LARGE for the body, and NO_TOOL. */
export function curl(spec: ConnectEvent, request: RequestEvent | undefined): string {
  const { tls, proxy } = spec
  const url = request?.url ?? spec.url
  // One that begins with a hyphen would be an option.
  toolFor(url)
  const { method, headers: ownHeaders, body: bytes } = specRequest(spec)
  if (bytes !== undefined && bytes.length > MOST_BYTES)
    throw new Failure(
      'TOO_LARGE',
      `The body of the request has ${bytes.length} bytes, too many for a command line.`,
    )
  // The client's cursor and other fields of this very request are in its own event.
  const headers = headerLines({ ...ownHeaders, ...request?.headers })
  const names = new Set(headers.map(([name]) => name.toLowerCase()))
  const text = bytes !== undefined && isUtf8(bytes) ? bytes.toString() : undefined
  const inArgument = text !== undefined && fitsArgument(text)
  const options: Option[] = [
    // Shows what comes as it comes; follows redirects; takes brackets in the URL as they are.
    ['--no-buffer'],
    ['--location'],
    ['--globoff'],
    ...methodOption(method, bytes !== undefined),
    ...(tls?.insecure === true ? ([['--insecure']] as const) : []),
    ...(proxy === undefined ? [] : ([['--proxy', proxy]] as const)),
    ...(spec.transport === 'sse' && !names.has('accept')
      ? ([['--header', 'Accept: text/event-stream']] as const)
      : []),
    // An empty value takes a semicolon, or curl leaves the field out.
    ...headers.map(([name, value]): Option => ['--header', value === '' ? `${name};` : `${name}: ${value}`]),
    // Without a value curl leaves out the type that it would make up.
    ...(bytes !== undefined && !names.has('content-type') ? ([['--header', 'Content-Type:']] as const) : []),
    ...(bytes === undefined
      ? []
      : [inArgument ? (['--data-raw', text] as const) : (['--data-binary', '@-'] as const)]),
  ]
  const command = commandLine('curl', options, url)
  return bytes === undefined || inArgument ? command : piped(bytes, text, command)
}

function methodOption(method: string, hasBody: boolean): readonly Option[] {
  if (method === 'HEAD') return [['--head']]
  return method === (hasBody ? 'POST' : 'GET') ? [] : [['--request', method]]
}
