/** The websocat 1.x commands that open a WebSocket again and send what was sent. */
import { isUtf8 } from 'node:buffer'
import type { ConnectEvent } from '../../shared/event.ts'
import { urlWith, websocatCredentials } from './credentials.ts'
import { commandLine, fitsArgument, headerLines, type Option, piped } from './shell-syntax.ts'

/** The default buffer of websocat, which bounds the size of a message. */
const WEBSOCAT_BUFFER = 65_536
/** Bytes of all arguments at most: Linux allows 2 MiB, macOS 1 MiB, including the environment. */
const MAX_ARGUMENTS = 512 * 1024

export interface OutboundPayload {
  readonly bytes: Uint8Array
  readonly opcode: 'text' | 'binary' | undefined
}

/** Connects, sends the message if there is one, and waits for the answers. */
export function websocat(spec: ConnectEvent, message: OutboundPayload | undefined): string {
  const isBinary = message?.opcode === 'binary'
  const options: Option[] =
    message === undefined
      ? []
      : [
          // The message is the whole input rather than a line of it; stay connected after the end of the input.
          [isBinary ? '--binary' : '--text'],
          ['--no-line'],
          ['--no-close'],
          ...bufferFor(message.bytes.length),
        ]
  const command = connecting(spec, options)
  return message === undefined ? command : piped(message.bytes, textOf(message), command)
}

/**
 * Connects, sends all messages exactly as they were, and waits for the answers. Needs 1.11 or later. Texts are arguments.
 * If one of the messages cannot be an argument, all are piped into standard input, and the answers are printed in the
 * same form: one line for each, T: or B: for text or binary, then Base64.
 */
export function websocatAll(spec: ConnectEvent, messages: readonly OutboundPayload[]): string {
  const texts = messages.map(textOf)
  return texts.every(isArgument) &&
    messages.reduce((sum, { bytes }) => sum + bytes.length, 0) <= MAX_ARGUMENTS
    ? inArguments(spec, texts)
    : inLines(spec, messages)
}

/**
 * Standard input is empty, or websocat would read the next lines of the script. It is a pipe, since websocat waits for
 * input in a way that does not work for `/dev/null`.
 */
function inArguments(spec: ConnectEvent, texts: readonly string[]): string {
  const preambles = texts.map((text): Option => ['--preamble', text])
  return `: | ${connecting(spec, [['--text'], ['--no-close'], ...preambles])}`
}

/** They have a colon, which Base64 does not: websocat looks for the second prefix behind the first. */
const PREFIX = { text: 'T:', binary: 'B:' } as const

/** Uses Base64, since with `-0` messages that are read together come out wrong, and lines keep their line feed. */
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
  // Base64 and the prefixes have no character that is special to a shell.
  return `printf '%s\\n' ${lines.join(' ')} | ${command}`
}

/** websocat removes equals signs at the beginning of a value. */
function isArgument(text: string | undefined): text is string {
  return text !== undefined && text !== '' && !text.startsWith('=') && fitsArgument(text)
}

/** Undefined if the message is not text. */
export function textOf({ bytes, opcode }: OutboundPayload): string | undefined {
  return opcode === 'binary' || !isUtf8(bytes) ? undefined : Buffer.from(bytes).toString()
}

function bufferFor(size: number): Option[] {
  return size > WEBSOCAT_BUFFER ? [['--buffer-size', String(size)]] : []
}

function connecting(spec: ConnectEvent, options: Option[]): string {
  const { url, headers = {}, tls, credentials } = spec
  const { subprotocols, options: authorizing } = websocatCredentials(spec)
  // Without an equals sign, an option would take the following words as further values.
  return commandLine(
    'websocat',
    [
      ...options,
      ...(tls?.insecure === true ? ([['--insecure']] as const) : []),
      ...(subprotocols.length === 0 ? [] : ([['--protocol', subprotocols.join(', ')]] as const)),
      ...headerLines(headers).map(([name, value]): Option => ['--header', `${name}: ${value}`]),
      ...authorizing,
    ],
    urlWith(url, credentials),
    '=',
  )
}
