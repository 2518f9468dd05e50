/** The curl command that makes the request of a connection again. */
import { isUtf8 } from 'node:buffer'
import type { ConnectEvent, RequestEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { CommandShell } from '../../shared/protocol/payloads.ts'
import type { HttpVersion } from '../../shared/spec.ts'
import { specRequest } from '../../transport/http/spec-request.ts'
import { curlCredentials, urlWith } from './credentials.ts'
import {
  commandLine,
  fitsArgument,
  headerLines,
  MAX_BYTES,
  type Option,
  piped,
  toolFor,
} from './shell-syntax.ts'
import { curlForCmd, curlForPowerShell } from './windows-shells.ts'

/**
 * Needs curl 7.71 or later. `request` is that of a poll's cycle. Throws TOO_LARGE for the body, or NO_TOOL, also if the shell
 * cannot give curl such a body.
 */
export function curl(
  spec: ConnectEvent,
  request: RequestEvent | undefined,
  shell: CommandShell = 'posix',
): string {
  const { tls, proxy, socketPath } = spec
  const url = urlWith(request?.url ?? spec.url, spec.credentials)
  // Throws for a URL that begins with a hyphen, which would be an option.
  toolFor(url)
  const { method, headers: ownHeaders, body: bytes } = specRequest(spec)
  if (bytes !== undefined && bytes.length > MAX_BYTES)
    throw new Failure(
      'TOO_LARGE',
      `The body of the request has ${bytes.length} bytes, which is too much for a command line.`,
    )
  // The cursor and other fields of this request are in its own event.
  const headers = headerLines({ ...ownHeaders, ...request?.headers })
  const names = new Set(headers.map(([name]) => name.toLowerCase()))
  const text = bytes !== undefined && isUtf8(bytes) ? bytes.toString() : undefined
  const options: Option[] = [
    // Print data as it arrives, follow redirects, leave brackets in the URL as they are.
    ['--no-buffer'],
    ['--location'],
    ['--globoff'],
    ...methodOption(method, bytes !== undefined),
    ...versionOption(url, spec.http),
    ...(tls?.insecure === true ? ([['--insecure']] as const) : []),
    ...(proxy === undefined ? [] : ([['--proxy', proxy]] as const)),
    ...(socketPath === undefined ? [] : ([['--unix-socket', socketPath]] as const)),
    ...(spec.transport === 'sse' && !names.has('accept')
      ? ([['--header', 'Accept: text/event-stream']] as const)
      : []),
    ...(spec.credentials === undefined ? [] : curlCredentials(spec.credentials)),
    // An empty value needs a semicolon, or curl omits the field.
    ...headers.map(([name, value]): Option => ['--header', value === '' ? `${name};` : `${name}: ${value}`]),
    // Without a value, curl omits the type that it would add.
    ...(bytes !== undefined && !names.has('content-type') ? ([['--header', 'Content-Type:']] as const) : []),
  ]
  if (shell === 'posix') return curlForPosix(options, url, bytes, text)
  if (bytes !== undefined && text === undefined)
    throw new Failure(
      'NO_TOOL',
      'The body of the request is not text, and cmd and PowerShell can only give text to curl; make a POSIX shell such as bash the default of the terminal, and copy it again.',
    )
  const all = text === undefined ? options : [...options, ['--data-raw', text] as const]
  return shell === 'cmd' ? curlForCmd(all, url) : curlForPowerShell(all, url)
}

function curlForPosix(
  options: readonly Option[],
  url: string,
  bytes: Uint8Array | undefined,
  text: string | undefined,
): string {
  if (bytes === undefined) return commandLine('curl', options, url)
  return text !== undefined && fitsArgument(text)
    ? commandLine('curl', [...options, ['--data-raw', text]], url)
    : piped(bytes, text, commandLine('curl', [...options, ['--data-binary', '@-']], url))
}

function methodOption(method: string, hasBody: boolean): readonly Option[] {
  if (method === 'HEAD') return [['--head']]
  return method === (hasBody ? 'POST' : 'GET') ? [] : [['--request', method]]
}

/** HTTP/2 is negotiated over TLS. Without TLS, curl has to know that the server speaks it. */
function versionOption(url: string, version: HttpVersion = '1.1'): readonly Option[] {
  if (version === '1.1') return []
  if (/^https:/i.test(url)) return [['--http2']]
  return version === '2' ? [['--http2-prior-knowledge']] : []
}
