/**
 * The built-in placeholders of a file of requests. Most are those of the composer; others are written as in JetBrains'
 * client, REST Client and httpYac, and are translated. To add one, add a row: filling, completion and hovers derive from
 * this table.
 */
import { BUILT_IN_HELP, isBuiltIn } from '../../shared/compose/template.ts'

/** What a placeholder with arguments means. */
export type BuiltInMeaning =
  /** The same as a placeholder of the composer, filled when a message is sent. */
  | { readonly composer: string }
  /** A value that is made once for a request. */
  | { readonly value: string }
  | Asking

/** The answer of somebody or something else. */
export type Asking =
  | { readonly asks: 'secret'; readonly name: string }
  | { readonly asks: 'processEnv'; readonly name: string }
  | { readonly asks: 'dotenv'; readonly name: string }
  | { readonly asks: 'prompt'; readonly question: string; readonly isSecret: boolean }
  | TokenAsking

/** A token of a configuration of `Security.Auth`. */
export interface TokenAsking {
  readonly asks: 'token'
  readonly name: string
  readonly isIdToken: boolean
}

export interface BuiltInContext {
  readonly now: Date
  /** Uniform in [0, 1). */
  random(): number
}

export interface RequestBuiltIn {
  readonly name: string
  /** How it is written, and what it gives, for menus and help. */
  readonly usages: readonly (readonly [placeholder: string, gives: string])[]
  /** Undefined for arguments that it does not accept. */
  mean(args: string, context: BuiltInContext): BuiltInMeaning | undefined
}

const NO_ARGS = /^(?:\(\s{0,8}\))?$/
const DIGITS = '0123456789'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const MAX_RANDOM_LENGTH = 1000

const same = (composer: string) => (args: string) => (NO_ARGS.test(args) ? { composer } : undefined)

/** Two numbers in parentheses. */
function range(args: string): readonly [from: number, to: number] | undefined {
  const [, from, to] =
    /^\(\s{0,8}(-?\d{1,15}(?:\.\d{1,9})?)\s{0,8},\s{0,8}(-?\d{1,15}(?:\.\d{1,9})?)\s{0,8}\)$/.exec(args) ?? []
  return from === undefined || Number(from) >= Number(to) ? undefined : [Number(from), Number(to)]
}

function randomText(args: string, alphabet: string, { random }: BuiltInContext): BuiltInMeaning | undefined {
  const length = Number(/^\(\s{0,8}(\d{1,4})\s{0,8}\)$/.exec(args)?.[1] ?? Number.NaN)
  if (!(length >= 1 && length <= MAX_RANDOM_LENGTH)) return undefined
  const letters = Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)])
  return { value: letters.join('') }
}

/** Milliseconds, or months of the calendar. */
const UNITS: Readonly<Record<string, { readonly ms?: number; readonly months?: number }>> = {
  ms: { ms: 1 },
  s: { ms: 1000 },
  m: { ms: 60_000 },
  h: { ms: 3_600_000 },
  d: { ms: 86_400_000 },
  w: { ms: 7 * 86_400_000 },
  M: { months: 1 },
  Q: { months: 3 },
  y: { months: 12 },
}

/** A time with an offset such as `-1 d` or `2 M`; undefined if that is not one, or is out of range. */
function shifted(now: Date, offset: string): Date | undefined {
  const [, count, unit = ''] = /^(-?\d{1,9})[ \t]{1,8}(ms|[smhdwMQy])$/.exec(offset) ?? []
  const { ms = 0, months = 0 } = UNITS[unit] ?? {}
  if (count === undefined) return undefined
  const date = new Date(now.getTime() + Number(count) * ms)
  if (months > 0) {
    const day = date.getUTCDate()
    date.setUTCDate(1)
    date.setUTCMonth(date.getUTCMonth() + Number(count) * months)
    const days = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
    date.setUTCDate(Math.min(day, days))
  }
  return Number.isNaN(date.getTime()) ? undefined : date
}

const DATE_FORMATS: Readonly<Record<string, (date: Date) => string>> = {
  iso8601: (date) => date.toISOString(),
  rfc1123: (date) => date.toUTCString(),
}

function datetime(args: string, { now }: BuiltInContext): BuiltInMeaning | undefined {
  const [, format = '', offset] = /^(\w{1,16})(?:[ \t]{1,8}(.{1,40}))?$/.exec(args) ?? []
  const date = offset === undefined ? now : shifted(now, offset)
  const write = Object.hasOwn(DATE_FORMATS, format) ? DATE_FORMATS[format] : undefined
  return date === undefined || write === undefined ? undefined : { value: write(date) }
}

function timestamp(args: string, { now }: BuiltInContext): BuiltInMeaning | undefined {
  if (args === '' || args === 's') return { composer: '{{$timestamp s}}' }
  if (args === 'ms') return { composer: '{{$timestamp ms}}' }
  const date = shifted(now, args)
  return date === undefined ? undefined : { value: String(Math.floor(date.getTime() / 1000)) }
}

function randomInteger(args: string): BuiltInMeaning | undefined {
  if (NO_ARGS.test(args)) return { composer: '{{$randomInt}}' }
  const [from, to] = range(args) ?? []
  if (from === undefined || to === undefined || !Number.isInteger(from) || !Number.isInteger(to))
    return undefined
  return { composer: `{{$randomInt ${from} ${to - 1}}}` }
}

function randomFloat(args: string, { random }: BuiltInContext): BuiltInMeaning | undefined {
  const [from, to] = NO_ARGS.test(args) ? [0, 1000] : (range(args) ?? [])
  return from === undefined || to === undefined ? undefined : { value: String(from + random() * (to - from)) }
}

/** A question, perhaps with httpYac's initial value, which is not used. */
function question(isSecret: boolean) {
  return (args: string): BuiltInMeaning | undefined => {
    const asked = args.split('$value:')[0]?.trim() ?? ''
    return asked === '' ? undefined : { asks: 'prompt', question: asked, isSecret }
  }
}

function named(asks: 'secret' | 'processEnv' | 'dotenv') {
  return (args: string): BuiltInMeaning | undefined => {
    const name = /^[\w.-]{1,256}$/.exec(args)?.[0]
    return name === undefined ? undefined : { asks, name }
  }
}

/** The name of a configuration of `Security.Auth`, in quotes and parentheses as in JetBrains' client. */
function token(isIdToken: boolean) {
  return (args: string): BuiltInMeaning | undefined => {
    const { name } = /^\(\s{0,8}(["'])(?<name>[^"'{}\r\n]{1,100})\1\s{0,8}\)$/.exec(args)?.groups ?? {}
    return name === undefined ? undefined : { asks: 'token', name, isIdToken }
  }
}

const TRANSLATED: readonly RequestBuiltIn[] = [
  {
    name: '$timestamp',
    usages: [
      ['{{$timestamp}}', 'seconds since 1970'],
      ['{{$timestamp ms}}', 'milliseconds since 1970'],
      ['{{$timestamp -1 d}}', 'seconds since 1970, a day ago; units y, Q, M, w, d, h, m, s, ms'],
    ],
    mean: timestamp,
  },
  {
    name: '$isoTimestamp',
    usages: [['{{$isoTimestamp}}', 'the time of sending, ISO 8601 in UTC']],
    mean: same('{{$timestamp}}'),
  },
  {
    name: '$datetime',
    usages: [
      ['{{$datetime rfc1123}}', 'the time, as in HTTP headers; iso8601, or an offset such as -1 d after it'],
    ],
    mean: datetime,
  },
  { name: '$guid', usages: [['{{$guid}}', 'a new UUID']], mean: same('{{$uuid}}') },
  { name: '$random.uuid', usages: [['{{$random.uuid}}', 'a new UUID']], mean: same('{{$uuid}}') },
  {
    name: '$random.integer',
    usages: [['{{$random.integer(1, 7)}}', 'a whole number from 1 to below 7']],
    mean: randomInteger,
  },
  {
    name: '$random.float',
    usages: [['{{$random.float(0, 1)}}', 'a number from 0 to below 1']],
    mean: randomFloat,
  },
  {
    name: '$random.alphabetic',
    usages: [['{{$random.alphabetic(8)}}', '8 random letters']],
    mean: (args, context) => randomText(args, LETTERS, context),
  },
  {
    name: '$random.alphanumeric',
    usages: [['{{$random.alphanumeric(8)}}', '8 random letters, digits and _']],
    mean: (args, context) => randomText(args, `${LETTERS}${DIGITS}_`, context),
  },
  {
    name: '$random.hexadecimal',
    usages: [['{{$random.hexadecimal(8)}}', '8 random digits from 0 to F']],
    mean: (args, context) => randomText(args, `${DIGITS}ABCDEF`, context),
  },
  {
    name: '$random.email',
    usages: [['{{$random.email}}', 'a random address at example.com']],
    mean: (args, context) => {
      const user = NO_ARGS.test(args) ? randomText('(8)', LETTERS.slice(26), context) : undefined
      return user !== undefined && 'value' in user ? { value: `${user.value}@example.com` } : undefined
    },
  },
  {
    name: '$processEnv',
    usages: [['{{$processEnv NAME}}', 'a variable of the environment of the process']],
    mean: named('processEnv'),
  },
  {
    name: '$dotenv',
    usages: [['{{$dotenv NAME}}', 'a variable of the .env file']],
    mean: named('dotenv'),
  },
  {
    name: '$prompt',
    usages: [['{{$prompt Question}}', 'asks when the request runs']],
    mean: question(false),
  },
  {
    name: '$input',
    usages: [['{{$input Question}}', 'asks when the request runs']],
    mean: question(false),
  },
  {
    name: '$password',
    usages: [['{{$password Question}}', 'asks when the request runs; the answer is secret']],
    mean: question(true),
  },
  {
    name: '$secret',
    usages: [['{{$secret NAME}}', 'a secret that is stored outside of the file']],
    mean: named('secret'),
  },
  {
    name: '$auth.token',
    usages: [['{{$auth.token("name")}}', 'an access token of Security.Auth in http-client.env.json']],
    mean: token(false),
  },
  {
    name: '$auth.idToken',
    usages: [['{{$auth.idToken("name")}}', 'an ID token of Security.Auth in http-client.env.json']],
    mean: token(true),
  },
]

/** Those of the composer that mean the same here. */
function ofComposer(): RequestBuiltIn[] {
  const rows = new Map<string, RequestBuiltIn & { usages: (readonly [string, string])[] }>()
  for (const usage of BUILT_IN_HELP) {
    const name = /\$\w+/.exec(usage[0])?.[0] ?? ''
    const row = rows.get(name) ?? { name, usages: [], mean: (args) => composerMeaning(name, args) }
    row.usages.push(usage)
    rows.set(name, row)
  }
  return [...rows.values()].filter(({ name }) => !TRANSLATED.some((each) => each.name === name))
}

function composerMeaning(name: string, args: string): BuiltInMeaning | undefined {
  if (!isBuiltIn(name) || !/^[\w \t-]{0,64}$/.test(args)) return undefined
  return { composer: `{{${args === '' ? name : `${name} ${args}`}}}` }
}

export const REQUEST_BUILT_INS: readonly RequestBuiltIn[] = [...ofComposer(), ...TRANSLATED]

/** Those whose values are secret. */
export const SECRET_BUILT_INS: ReadonlySet<string> = new Set([
  '$secret',
  '$password',
  '$auth.token',
  '$auth.idToken',
])

const BY_NAME: ReadonlyMap<string, RequestBuiltIn> = new Map(
  REQUEST_BUILT_INS.map((each) => [each.name, each]),
)

/** What JetBrains' `{{$env.NAME}}` begins with. */
const ENV_PREFIX = '$env.'

/** The built-in with a name, such as `$guid`; undefined if there is none. */
export function requestBuiltIn(name: string): RequestBuiltIn | undefined {
  if (!name.startsWith(ENV_PREFIX)) return BY_NAME.get(name)
  const variable = name.slice(ENV_PREFIX.length)
  return {
    name,
    usages: [['{{$env.NAME}}', 'a variable of the environment of the process']],
    mean: (args) => (args === '' && variable !== '' ? { asks: 'processEnv', name: variable } : undefined),
  }
}
