/**
 * The options of a request. To add an option, add a row: how its value is read from text, what it sets, and on which
 * transports it has an effect derive from this table, in the terminal, in the editor's form, and in warnings.
 */
import * as v from 'valibot'
import { Failure } from '../shared/failure.ts'
import { parseDuration } from '../shared/filter/units.ts'
import { isProxyUrl } from '../shared/outgoing-proxy-url.ts'
import { type ConnectionSpec, FRAMINGS, HTTP_VERSIONS } from '../shared/spec.ts'
import { SPOKEN_NAMES } from '../shared/spoken/table.ts'
import { TRANSPORTS, type TransportName, transportsWith } from '../shared/transports.ts'
import { groupHeaders, type HeaderField, headerField, splitHeaderLine } from './headers.ts'
import { SPEC_FIELDS, text, whole } from './spec-fields.ts'

/** The values that options may have. A list is an option that may be given several times. */
export interface OptionValues
  extends Omit<
      Required<ConnectionSpec>,
      | 'url'
      | 'headers'
      | 'body'
      | 'subprotocols'
      | 'credentials'
      | 'tokens'
      | 'tls'
      | 'protocolOptions'
      | 'pingInterval'
      | 'latencyField'
      | 'socketPath'
    >,
    Omit<Required<NonNullable<ConnectionSpec['tls']>>, 'passphrase'> {
  readonly header: readonly HeaderField[]
  readonly data: NonNullable<ConnectionSpec['body']>
  readonly subprotocol: readonly string[]
  readonly latency: NonNullable<ConnectionSpec['latencyField']>
  readonly protocolOption: readonly ProtocolOption[]
  /** Milliseconds. */
  readonly ping: number
  readonly unixSocket: NonNullable<ConnectionSpec['socketPath']>
}

export interface ProtocolOption {
  readonly name: string
  readonly value: unknown
}
export type OptionName = keyof OptionValues

type Item<Value> = Value extends readonly (infer Each)[] ? Each : Value

export interface RequestOption<Value> {
  /** The field of the specification that it sets. */
  readonly sets: keyof ConnectionSpec
  /** Sets the field. If absent, the field becomes the value. */
  apply?(spec: ConnectionSpec, value: Value): ConnectionSpec
  /** Checks one value. If absent, the option is a switch, which is given without a value. */
  readonly value?: v.GenericSchema<unknown, Item<Value>>
  /** Converts text to what `value` checks. If absent, the text itself is checked. */
  fromText?(text: string): unknown
  readonly choices?: readonly (Value & string)[]
  /** It can be given several times; its value is a list. */
  readonly isList?: Value extends readonly unknown[] ? true : never
  /** The transports on which it has an effect; if absent, all. */
  readonly transports?: readonly TransportName[]
  /** A clause that explains why it has no effect on the others. */
  readonly purpose?: string
}

const HTTP = transportsWith('scheme', 'http')
const WEBSOCKET = transportsWith('scheme', 'ws')
const POLLING = 'it is for polling'

/** Reads digits, else NaN: `Number` also accepts an empty text, hexadecimal, and exponents. */
export function toWhole(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
}

/** Milliseconds of a time such as `10`, `10 s` or `500 ms`. A time without a unit is in seconds. */
function toInterval(text: string): number {
  const [, time = '', unit = 's'] = /^(\d{1,12}(?:\.\d{1,6})?)[ \t]{0,8}(ms|s|m|h)?$/.exec(text) ?? []
  return Math.round(parseDuration(`${time}${unit}`) ?? Number.NaN)
}

/** The names between commas. */
export function splitNames(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

const protocolOption = v.object(
  { name: v.pipe(v.string(), v.nonEmpty('must have a name before the =')), value: v.unknown() },
  'must have the form NAME=VALUE',
)

/** `NAME=VALUE`; a value that is JSON is read as JSON. Undefined for a text of another form. */
function splitOption(typed: string): ProtocolOption | undefined {
  const at = typed.indexOf('=')
  if (at < 0) return undefined
  const value = typed.slice(at + 1)
  try {
    return { name: typed.slice(0, at), value: JSON.parse(value) }
  } catch {
    return { name: typed.slice(0, at), value }
  }
}

/** The options by name. An option that is given several times has a list of its values. */
function groupOptions(options: readonly ProtocolOption[]): Readonly<Record<string, unknown>> {
  const grouped = new Map<string, readonly unknown[]>()
  for (const { name, value } of options) grouped.set(name, [...(grouped.get(name) ?? []), value])
  return Object.fromEntries(
    [...grouped].map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  )
}

/** A row whose value becomes the TLS option `name`. */
function tls<const Name extends OptionName & keyof NonNullable<ConnectionSpec['tls']>>(name: Name) {
  return {
    sets: 'tls',
    apply: (spec: ConnectionSpec, value: OptionValues[Name]): ConnectionSpec => ({
      ...spec,
      tls: { ...spec.tls, [name]: value },
    }),
  } as const
}

export const REQUEST_OPTIONS: { readonly [Name in OptionName]: RequestOption<OptionValues[Name]> } = {
  transport: {
    sets: 'transport',
    value: SPEC_FIELDS.transport,
    choices: ['auto', ...TRANSPORTS],
  },
  http: {
    sets: 'http',
    value: SPEC_FIELDS.http,
    choices: HTTP_VERSIONS,
  },
  method: {
    sets: 'method',
    value: SPEC_FIELDS.method,
    transports: HTTP,
    purpose: 'a WebSocket is always opened by GET',
  },
  header: {
    sets: 'headers',
    apply: (spec, fields) => ({ ...spec, headers: groupHeaders(fields) }),
    value: headerField,
    isList: true,
    fromText: splitHeaderLine,
  },
  data: {
    sets: 'body',
    value: text,
    transports: HTTP,
    purpose: 'it is the body of an HTTP request',
  },
  subprotocol: {
    sets: 'subprotocols',
    value: SPEC_FIELDS.subprotocols.item,
    isList: true,
    transports: WEBSOCKET,
    purpose: 'only WebSockets have subprotocols',
  },
  compression: {
    sets: 'compression',
    transports: WEBSOCKET,
    purpose: 'it is for WebSockets',
  },
  ping: {
    sets: 'pingInterval',
    value: SPEC_FIELDS.pingInterval,
    fromText: toInterval,
    transports: WEBSOCKET,
    purpose: 'only WebSockets have pings',
  },
  plainResponse: {
    sets: 'plainResponse',
    transports: transportsWith('hasFraming', true),
    purpose: 'it is for responses that may be streams',
  },
  framing: {
    sets: 'framing',
    value: SPEC_FIELDS.framing,
    choices: FRAMINGS,
    transports: transportsWith('hasFraming', true),
    purpose: 'it is for HTTP streams',
  },
  cursor: {
    sets: 'cursor',
    value: SPEC_FIELDS.cursor,
    transports: transportsWith('resumesBy', 'cursor'),
    purpose: 'it is for polling and HTTP streams',
  },
  interval: {
    sets: 'interval',
    value: SPEC_FIELDS.interval,
    fromText: toWhole,
    transports: transportsWith('polls', true),
    purpose: POLLING,
  },
  timeout: { sets: 'timeout', value: SPEC_FIELDS.timeout, fromText: toWhole },
  reconnect: {
    sets: 'reconnect',
    value: SPEC_FIELDS.reconnect,
    fromText: (text) => (/^\d/.test(text) ? toWhole(text) : text),
  },
  maxAttempts: { sets: 'maxAttempts', value: whole(1, Number.MAX_SAFE_INTEGER), fromText: toWhole },
  insecure: tls('insecure'),
  plainRedirects: tls('plainRedirects'),
  cookieJar: { sets: 'cookieJar' },
  asBrowser: { sets: 'asBrowser' },
  ca: { ...tls('ca'), value: text, isList: true },
  cert: { ...tls('cert'), value: text },
  key: { ...tls('key'), value: text },
  proxy: {
    sets: 'proxy',
    value: v.pipe(
      text,
      v.check(isProxyUrl, 'must be a URL such as http://proxy.example:3128 or socks5://proxy.example:1080'),
    ),
  },
  unixSocket: { sets: 'socketPath', value: SPEC_FIELDS.socketPath },
  maxMessageSize: {
    sets: 'maxMessageSize',
    value: whole(1, 2 ** 31 - 1, 'bytes'),
    fromText: toWhole,
  },
  decoder: { sets: 'decoder', value: SPEC_FIELDS.decoder },
  latency: { sets: 'latencyField', value: SPEC_FIELDS.latencyField },
  protocol: { sets: 'protocol', value: SPEC_FIELDS.protocol, choices: SPOKEN_NAMES },
  protocolOption: {
    sets: 'protocolOptions',
    apply: (spec, options) => ({ ...spec, protocolOptions: groupOptions(options) }),
    value: protocolOption,
    isList: true,
    fromText: splitOption,
  },
}

export const OPTION_NAMES = Object.keys(REQUEST_OPTIONS) as readonly OptionName[]

/** Reads one value of an option. Throws a `Failure` as `checkValue` does. */
export function readOption<Name extends OptionName>(name: Name, typed: string): Item<OptionValues[Name]> {
  const option: RequestOption<OptionValues[Name]> = REQUEST_OPTIONS[name]
  if (option.value === undefined) throw new RangeError(`${name} does not take a value`)
  return checkValue(option.value, option.fromText?.(typed) ?? typed)
}

/** Checks a value. Throws a `Failure` `BAD_VALUE` whose sentence begins with "It". */
export function checkValue<Value>(schema: v.GenericSchema<unknown, Value>, value: unknown): Value {
  const result = v.safeParse(schema, value, { abortEarly: true })
  if (!result.success) throw new Failure('BAD_VALUE', `It ${result.issues[0].message}.`)
  return result.output
}
