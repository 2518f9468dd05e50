/** The curl command that makes the request of a connection again. */
import { isUtf8 } from 'node:buffer'
import type { Credentials } from '../../shared/credentials.ts'
import type { ConnectEvent, RequestEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { MASK } from '../../shared/secrets.ts'
import { specRequest } from '../../transport/http/spec-request.ts'
import {
  commandLine,
  fitsArgument,
  headerLines,
  MAX_BYTES,
  type Option,
  piped,
  toolFor,
} from './shell-syntax.ts'

/** Needs curl 7.71 or later. `request` is that of a poll's cycle. Throws TOO_LARGE for the body, or NO_TOOL. */
export function curl(spec: ConnectEvent, request: RequestEvent | undefined): string {
  const { tls, proxy } = spec
  const url = request?.url ?? spec.url
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
  const inArgument = text !== undefined && fitsArgument(text)
  const options: Option[] = [
    // Print data as it arrives, follow redirects, leave brackets in the URL as they are.
    ['--no-buffer'],
    ['--location'],
    ['--globoff'],
    ...methodOption(method, bytes !== undefined),
    ...(tls?.insecure === true ? ([['--insecure']] as const) : []),
    ...(proxy === undefined ? [] : ([['--proxy', proxy]] as const)),
    ...(spec.transport === 'sse' && !names.has('accept')
      ? ([['--header', 'Accept: text/event-stream']] as const)
      : []),
    ...(spec.credentials === undefined ? [] : credentialOptions(spec.credentials)),
    // An empty value needs a semicolon, or curl omits the field.
    ...headers.map(([name, value]): Option => ['--header', value === '' ? `${name};` : `${name}: ${value}`]),
    // Without a value, curl omits the type that it would add.
    ...(bytes !== undefined && !names.has('content-type') ? ([['--header', 'Content-Type:']] as const) : []),
    ...(bytes === undefined
      ? []
      : [inArgument ? (['--data-raw', text] as const) : (['--data-binary', '@-'] as const)]),
  ]
  const command = commandLine('curl', options, url)
  return bytes === undefined || inArgument ? command : piped(bytes, text, command)
}

/** Their secrets are `***`. What curl has no option for is left out. */
function credentialOptions(credentials: Credentials): readonly Option[] {
  switch (credentials.kind) {
    case 'basic':
      return [['--user', `${credentials.user}:${MASK}`]]
    case 'digest':
      return [['--digest'], ['--user', `${credentials.user}:${MASK}`]]
    case 'bearer':
    case 'oauth2':
      return [['--header', `Authorization: Bearer ${MASK}`]]
    case 'api-key':
      return credentials.in === 'header' ? [['--header', `${credentials.name}: ${MASK}`]] : []
    case 'aws': {
      const { region, service, accessKeyId } = credentials
      const scope = ['aws:amz', ...(region === undefined ? [] : [region, ...(service ? [service] : [])])]
      return [
        ['--aws-sigv4', scope.join(':')],
        ['--user', `${accessKeyId}:${MASK}`],
      ]
    }
  }
}

function methodOption(method: string, hasBody: boolean): readonly Option[] {
  if (method === 'HEAD') return [['--head']]
  return method === (hasBody ? 'POST' : 'GET') ? [] : [['--request', method]]
}
