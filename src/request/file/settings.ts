/**
 * What `# @option NAME VALUE` can set in a file of requests: the options of a request with the names that they have in the
 * terminal, and limits of a run. Completion, hovers, reading and printing derive from this table.
 */

import { Failure } from '../../shared/failure.ts'
import { MAX_TIMER_DELAY } from '../../shared/timer-delay.ts'
import { checkValue, type OptionName, REQUEST_OPTIONS, readOption, toWhole } from '../options.ts'
import { whole } from '../spec-fields.ts'
import type { FileRequest } from './request-file.ts'

/** What a run of a request does besides connecting. */
export type RunLimit = 'maxMessages' | 'duration'

const SENDING = ['in-order', 'manual'] as const

export interface RequestSetting {
  readonly name: string
  /** The option of a request, the limit of a run, or `send`. */
  readonly sets: OptionName | RunLimit | 'send'
  /** It is given without a value. */
  readonly isSwitch: boolean
  readonly isList: boolean
  /** Its value is the path of a file, beside the file of requests. */
  readonly isPath: boolean
  readonly choices: readonly string[]
  /** What stands for the value in help, such as `MS`. Empty for a switch. */
  readonly placeholder: string
  /** What it does, as a clause without a period. */
  readonly hint: string
  /** Reads its value. Throws a `Failure` `BAD_VALUE` whose sentence begins with "It". */
  read(typed: string): unknown
}

type Help = readonly [placeholder: string, hint: string]

/** Options that a request line, headers and a body say better are left out. */
const OPTION_HELP: Readonly<Record<Exclude<OptionName, 'header' | 'data'>, Help>> = {
  transport: ['NAME', 'how to connect, if the request line does not say it'],
  http: [
    'VERSION',
    'the version of HTTP: 1.1 (the default), 2, or auto, which lets the server choose over TLS',
  ],
  method: ['METHOD', 'the HTTP method, if the request line does not say it'],
  subprotocol: ['NAME', 'offers this WebSocket subprotocol; repeatable'],
  compression: ['', 'does not offer permessage-deflate'],
  framing: ['NAME', 'what separates the records of an HTTP stream'],
  cursor: [
    'HOW',
    'how a poll resumes: auto, header:NAME:PARAM, json:/POINTER:PARAM, json:$.PATH:PARAM, or none; an HTTP stream only by json',
  ],
  interval: ['MS', 'time from one poll to the next, in milliseconds'],
  ping: ['SECONDS', 'sends WebSocket pings at this interval, to measure the round trip'],
  plainResponse: ['', 'accepts a response that is not a stream, as one message'],
  timeout: ['MS', 'time for an attempt to open, in milliseconds'],
  reconnect: ['never|backoff|MS', 'what to do if the connection is lost'],
  maxAttempts: ['N', 'gives up after this many attempts in a row'],
  cookieJar: ['', 'neither sends nor stores cookies but those in its headers'],
  asBrowser: ['', 'sends the header fields that Chromium sends for such a request'],
  insecure: ['', 'accepts any certificate from the host in the URL'],
  plainRedirects: ['', 'follows redirects from https: and wss: to http: and ws:'],
  ca: ['FILE', 'also trusts the certificates in this file (PEM); repeatable'],
  cert: ['FILE', 'client certificate (PEM); needs key'],
  key: ['FILE', 'private key of the client certificate (PEM)'],
  proxy: ['URL', 'connects through this proxy'],
  unixSocket: [
    'PATH',
    'connects to this Unix socket, or named pipe of Windows, instead of the host in the URL',
  ],
  maxMessageSize: ['BYTES', 'ends the connection if a message is longer'],
  decoder: ['NAME', 'decodes messages with this protocol; none turns decoding off'],
  latency: ['JSONPATH', 'where messages carry the time at which they were sent, such as $.sentAt'],
  protocol: ['NAME', 'speaks this protocol: does its handshake and its heartbeats'],
  protocolOption: ['NAME=VALUE', 'an option of the protocol; repeatable'],
}

/** Switches that are on if they are not given. They are written as what turns them off. */
const ON_BY_DEFAULT: ReadonlySet<OptionName> = new Set(['compression', 'cookieJar'])
const PATHS: ReadonlySet<OptionName> = new Set(['ca', 'cert', 'key'])

/** A name in camel case as one in kebab case. Others stay as they are. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function ofOption(option: keyof typeof OPTION_HELP): RequestSetting {
  const { value, isList = false, choices = [] } = REQUEST_OPTIONS[option]
  const [placeholder, hint] = OPTION_HELP[option]
  const isOn = ON_BY_DEFAULT.has(option)
  return {
    name: isOn ? `no-${kebab(option)}` : kebab(option),
    sets: option,
    isSwitch: value === undefined,
    isList,
    isPath: PATHS.has(option),
    choices,
    placeholder,
    hint,
    read: (typed) =>
      value === undefined ? readSwitch(typed) !== isOn : readOption(option, readUnit(option, typed)),
  }
}

function readSwitch(typed: string): boolean {
  if (typed === '' || typed === 'true') return true
  if (typed === 'false') return false
  throw new Failure('BAD_VALUE', 'It must have no value, or true or false.')
}

const MILLISECONDS: ReadonlySet<OptionName> = new Set(['timeout', 'interval', 'reconnect'])
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 }

/** A time with a unit, such as `30 s`, in milliseconds. Other values are returned unchanged. */
function readUnit(option: OptionName, typed: string): string {
  const [, digits = '', unit = ''] = /^(\d{1,12})[ \t]{0,8}(ms|s|m)$/.exec(typed) ?? []
  const factor = UNITS[unit]
  return factor === undefined || !MILLISECONDS.has(option) ? typed : String(Number(digits) * factor)
}

/** Seconds, as milliseconds. */
function readDuration(typed: string): number {
  const seconds = /^(?:\d{1,12}(?:\.\d{0,6})?|\.\d{1,6})$/.test(typed) ? Number(typed) : Number.NaN
  const most = Math.floor(MAX_TIMER_DELAY / 1000)
  if (!(seconds > 0 && seconds <= most))
    throw new Failure('BAD_VALUE', `It must be a number of seconds above 0 and up to ${most}.`)
  return seconds * 1000
}

function readSending(typed: string): string {
  if ((SENDING as readonly string[]).includes(typed)) return typed
  throw new Failure('BAD_VALUE', `It must be one of ${SENDING.join(', ')}.`)
}

const VALUE = { isSwitch: false, isList: false, isPath: false, choices: [] } as const

export const SETTINGS: readonly RequestSetting[] = [
  ...(Object.keys(OPTION_HELP) as (keyof typeof OPTION_HELP)[]).map(ofOption),
  {
    ...VALUE,
    name: 'max-messages',
    sets: 'maxMessages',
    placeholder: 'N',
    hint: 'disconnects after this many inbound messages',
    read: (typed) => checkValue(whole(1, Number.MAX_SAFE_INTEGER), toWhole(typed)),
  },
  {
    ...VALUE,
    name: 'duration',
    sets: 'duration',
    placeholder: 'SECONDS',
    hint: 'disconnects after this time, in seconds',
    read: readDuration,
  },
  {
    ...VALUE,
    name: 'send',
    sets: 'send',
    choices: SENDING,
    placeholder: 'NAME',
    hint: 'when messages are sent: in order once the connection is open (the default), or only by hand',
    read: readSending,
  },
]

const BY_NAME: ReadonlyMap<string, RequestSetting> = new Map(
  SETTINGS.map((setting) => [setting.name, setting]),
)

/** Names that other tools have for the same. */
const ALIASES: Readonly<Record<string, string>> = {
  'max-events': 'max-messages',
  'no-reject-unauthorized': 'insecure',
}

/** The setting with a name, also with one of another tool, or written in camel case as httpYac accepts it. */
export function settingOf(name: string): RequestSetting | undefined {
  const key = kebab(name)
  return BY_NAME.get(Object.hasOwn(ALIASES, key) ? (ALIASES[key] ?? key) : key)
}

/** The protocol that a request speaks, as it is written. */
export function protocolOf({ options }: Pick<FileRequest, 'options'>): string | undefined {
  return options.findLast(({ name }) => settingOf(name.text)?.sets === 'protocol')?.value.text
}
