/** The lines of websocat 1.x that make a WebSocket again and send what was sent. */
import { isUtf8 } from 'node:buffer'
import type { ConnectEvent } from '../../shared/event.ts'
import { commandLine, fitsArgument, headerLines, type Option, piped } from './command-line.ts'

/** What websocat takes for a message unless told otherwise. */
const WEBSOCAT_BUFFER = 65_536
/** Bytes of messages that are arguments: Linux allows 2 MiB in all, macOS 1 MiB, the environment included. */
const MOST_ARGUMENTS = 512 * 1024

export interface OutboundPayload {
  readonly bytes: Uint8Array
  readonly opcode: 'text' | 'binary' | undefined
}

/** Makes the connection and, with a message, sends that and waits for the answers. */
export function websocat(spec: ConnectEvent, message: OutboundPayload | undefined): string {
  const isBinary = message?.opcode === 'binary'
  const options: Option[] =
    message === undefined
      ? []
      : [
          // The message is all of the input, not a line of it, and the answers are waited for.
          [isBinary ? '--binary' : '--text'],
          ['--no-line'],
          ['--no-close'],
          ...bufferFor(message.bytes.length),
        ]
  const command = connecting(spec, options)
  return message === undefined ? command : piped(message.bytes, textOf(message), command)
}

/**
 * Makes the connection, sends all of the messages over it, each exactly as it was, and waits for the answers; 1.11
 * or later. What is text goes into the arguments, as itself. Where one of them cannot, all go through standard
 * input, and the answers are shown likewise: a line each, T: or B: for text or binary and then Base64.
 */
export function websocatAll(spec: ConnectEvent, messages: readonly OutboundPayload[]): string {
  const texts = messages.map(textOf)
  return texts.every(isArgument) &&
    messages.reduce((sum, { bytes }) => sum + bytes.length, 0) <= MOST_ARGUMENTS
    ? inArguments(spec, texts)
    : inLines(spec, messages)
}

/**
 * Standard input has nothing: else it would take the lines of a script that follow. A pipe, as it may wait for input
 * in a way that no system has for `/dev/null`.
 */
function inArguments(spec: ConnectEvent, texts: readonly string[]): string {
  const preambles = texts.map((text): Option => ['--preamble', text])
  return `: | ${connecting(spec, [['--text'], ['--no-close'], ...preambles])}`
}

/** No Base64 has a colon: what is left of a line without its prefix is looked at again for the other one. */
const PREFIX = { text: 'T:', binary: 'B:' } as const

/** As NUL ended lines (`-0`) several messages of one read come out wrong, and lines keep their newline; Base64 does not. */
function inLines(spec: ConnectEvent, messages: readonly OutboundPayload[]): string {
  const lines = messages.map(
    ({ bytes, opcode }) => `${PREFIX[opcode ?? 'text']}${Buffer.from(bytes).toString('base64')}`,
  )
  const longest = lines.reduce((most, { length }) => Math.max(most, length + 1), 0)
  const command = connecting(spec, [
    ['--text'],
    ['--no-close'],
    ['--base64'],
    ['--base64-text'],
    ['--text-prefix', PREFIX.text],
    ['--binary-prefix', PREFIX.binary],
    ...bufferFor(longest),
  ])
  // Nothing in Base64 or its prefix is special to a shell.
  return `printf '%s\\n' ${lines.join(' ')} | ${command}`
}

/** Equals signs at the beginning of a value are taken for those that join it. */
function isArgument(text: string | undefined): text is string {
  return text !== undefined && text !== '' && !text.startsWith('=') && fitsArgument(text)
}

/** Undefined for what is no text. */
export function textOf({ bytes, opcode }: OutboundPayload): string | undefined {
  return opcode === 'binary' || !isUtf8(bytes) ? undefined : Buffer.from(bytes).toString()
}

function bufferFor(size: number): Option[] {
  return size > WEBSOCAT_BUFFER ? [['--buffer-size', String(size)]] : []
}

function connecting({ url, headers = {}, subprotocols = [], tls }: ConnectEvent, options: Option[]): string {
  // Its options take several values unless joined by an equals sign.
  return commandLine(
    'websocat',
    [
      ...options,
      ...(tls?.insecure === true ? ([['--insecure']] as const) : []),
      ...(subprotocols.length === 0 ? [] : ([['--protocol', subprotocols.join(', ')]] as const)),
      ...headerLines(headers).map(([name, value]): Option => ['--header', `${name}: ${value}`]),
    ],
    url,
    '=',
  )
}
