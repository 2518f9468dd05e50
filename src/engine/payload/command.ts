/** The command of a terminal tool that makes a connection again as it was asked for. */
import { isUtf8 } from 'node:buffer'
import type { Log } from '../../capture/log.ts'
import { redactEvent } from '../../session/redact.ts'
import type { ConnectEvent, Headers, RequestEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { CommandTool } from '../../shared/payload-protocol.ts'
import { backward, connectionOf } from './rows.ts'
import { commandLine, fitsArgument, type Option, piped } from './shell.ts'
import { wholePayload } from './text.ts'

/** Bytes of a message or body within a command. */
const MOST_BYTES = 1024 * 1024
/** Events before one among which its poll's request is looked for. */
const MOST_EVENTS = 65_536
/** What websocat takes for a message unless told otherwise. */
const WEBSOCAT_BUFFER = 65_536

export interface Command {
  readonly text: string
  readonly masked: readonly string[]
}

/** Makes the command for an event's connection, which began with `connect`. Throws WRONG_TOOL or TOO_LARGE. */
export function commandFor(
  capture: Log,
  connect: ConnectEvent,
  index: number,
  tool: CommandTool,
  reveal: boolean,
): Command {
  const isSocket = /^wss?:/i.test(connect.url)
  if (isSocket !== (tool === 'websocat'))
    throw new Failure(
      'WRONG_TOOL',
      `${tool} cannot make this connection; copy it as ${isSocket ? 'websocat' : 'curl'}.`,
    )
  const masked = new Set<string>()
  const hidden = <T extends ConnectEvent | RequestEvent>(event: T): T =>
    reveal ? event : (redactEvent(event, { masked }) as T)
  const spec = hidden(connect)
  if (isSocket) {
    const { type, direction, payload } = outbound(capture, index)
    return {
      text: websocat(spec, type === 'message' && direction === 'out' ? payload : undefined),
      masked: [...masked],
    }
  }
  const request = requestBefore(capture, index)
  return { text: curl(spec, request && hidden(request)), masked: [...masked] }
}

function outbound(capture: Log, index: number) {
  const event = capture.peek(index)
  if (event.type !== 'message' || event.direction !== 'out') return { type: event.type }
  const payload = wholePayload(capture, index, MOST_BYTES)
  return { type: event.type, direction: event.direction, payload: { bytes: payload, opcode: event.opcode } }
}

/** The last request of a poll that an event belongs to. */
function requestBefore(capture: Log, index: number): RequestEvent | undefined {
  const connection = connectionOf(capture, index)
  for (const { index: at, kind } of backward(capture, connection, index + 1, MOST_EVENTS)) {
    if (kind.type !== 'request') continue
    const event = capture.event(at)
    return event.type === 'request' ? event : undefined
  }
  return undefined
}

function headerLines(headers: Headers): [name: string, value: string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, each]),
  )
}

/** `curl` 7.71 or later. */
function curl(spec: ConnectEvent, request: RequestEvent | undefined): string {
  const { body, tls, proxy } = spec
  const bytes =
    body === undefined
      ? undefined
      : typeof body === 'string'
        ? Buffer.from(body)
        : Buffer.from(body.base64, 'base64')
  if (bytes !== undefined && bytes.length > MOST_BYTES)
    throw new Failure(
      'TOO_LARGE',
      `The request's body has ${bytes.length} bytes, too many for a command line.`,
    )
  // The client's cursor and other fields of this very request are in its own event.
  const headers = headerLines({ ...spec.headers, ...request?.headers })
  const names = new Set(headers.map(([name]) => name.toLowerCase()))
  const method = spec.method ?? (bytes === undefined ? 'GET' : 'POST')
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
  const command = commandLine('curl', options, request?.url ?? spec.url)
  return bytes === undefined || inArgument ? command : piped(bytes, text, command)
}

function methodOption(method: string, hasBody: boolean): readonly Option[] {
  if (method === 'HEAD') return [['--head']]
  return method === (hasBody ? 'POST' : 'GET') ? [] : [['--request', method]]
}

interface OutboundPayload {
  readonly bytes: Uint8Array
  readonly opcode: 'text' | 'binary' | undefined
}

/** `websocat` 1.x. */
function websocat(spec: ConnectEvent, message: OutboundPayload | undefined): string {
  const { headers = {}, subprotocols = [], tls } = spec
  const isBinary = message?.opcode === 'binary'
  const options: Option[] = [
    ...(message === undefined
      ? []
      : // The message is all of the input, not a line of it, and the answers are waited for.
        ([[isBinary ? '--binary' : '--text'], ['--no-line'], ['--no-close']] as const)),
    ...(message !== undefined && message.bytes.length > WEBSOCAT_BUFFER
      ? ([['--buffer-size', String(message.bytes.length)]] as const)
      : []),
    ...(tls?.insecure === true ? ([['--insecure']] as const) : []),
    ...(subprotocols.length === 0 ? [] : ([['--protocol', subprotocols.join(', ')]] as const)),
    ...headerLines(headers).map(([name, value]): Option => ['--header', `${name}: ${value}`]),
  ]
  // Its options take several values unless joined by an equals sign.
  const command = commandLine('websocat', options, spec.url, '=')
  if (message === undefined) return command
  const text = isBinary || !isUtf8(message.bytes) ? undefined : Buffer.from(message.bytes).toString()
  return piped(message.bytes, text, command)
}
