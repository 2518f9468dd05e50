/**
 * The options of a request. To add an option, add a row: how its value is read from text, what it sets, and on which
 * transports it has an effect derive from this table, in the terminal, in the editor's form, and in warnings.
 */
import * as v from 'valibot'
import { Failure } from '../shared/failure.ts'
import { type ConnectionSpec, FRAMINGS, type Framing, type ReconnectPolicy } from '../shared/spec.ts'
import { TRANSPORTS, type TransportName, transportsWith } from '../shared/transports.ts'
import { groupHeaders, type HeaderField, headerField, splitHeaderLine } from './headers.ts'
import { SPEC_FIELDS, text, whole } from './spec-fields.ts'

/** The values that options may have. A list is an option that may be given several times. */
export interface OptionValues {
  readonly transport: TransportName | 'auto'
  readonly method: string
  readonly header: readonly HeaderField[]
  readonly data: NonNullable<ConnectionSpec['body']>
  readonly subprotocol: readonly string[]
  readonly compression: boolean
  readonly framing: Framing
  readonly cursor: string
  readonly interval: number
  readonly timeout: number
  readonly reconnect: ReconnectPolicy
  readonly maxAttempts: number
  readonly insecure: boolean
  readonly plainRedirects: boolean
  readonly ca: readonly string[]
  readonly cert: string
  readonly key: string
  readonly proxy: string
  readonly maxMessageSize: number
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

function isProxy(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}

/** A row whose value becomes the TLS option `name`. */
function tls<const Name extends keyof NonNullable<ConnectionSpec['tls']>>(name: Name) {
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
    purpose: POLLING,
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
  ca: { ...tls('ca'), value: text, isList: true },
  cert: { ...tls('cert'), value: text },
  key: { ...tls('key'), value: text },
  proxy: {
    sets: 'proxy',
    value: v.pipe(text, v.check(isProxy, 'must be a URL such as http://proxy.example:3128')),
  },
  maxMessageSize: {
    sets: 'maxMessageSize',
    value: whole(1, 2 ** 31 - 1, 'bytes'),
    fromText: toWhole,
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
