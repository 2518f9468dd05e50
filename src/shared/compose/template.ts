/**
 * Placeholders in a message: `{{name}}` for the user's variables, `{{$name}}` for built-in ones. Expansion is pure:
 * time, randomness and the counter come from the scope. Values are not expanded again.
 */
import { Failure } from '../failure.ts'

/** Values of the user's variables by name. */
export type Variables = Readonly<Record<string, string>>

export interface TemplateScope {
  readonly variables: Variables
  /** The time of sending, the same for every placeholder in a message. */
  readonly now: Date
  /** Number of this message among those with `$counter`, from 1. */
  readonly counter: number
  /** Uniform in [0, 1). */
  random(): number
  /** A new UUID (RFC 9562, version 4). */
  uuid(): string
  /**
   * In an answer to a message: the value of `$1`, a group of the regular expression that matched it, or of `$.path`, as
   * JSON if it stands for a value of JSON. If absent, these placeholders are plain text.
   */
  matched?(expression: string, asJson: boolean): string
}

export const VARIABLE_NAME = /^[A-Za-z_][\w.-]{0,63}$/

/** Every repetition is bounded, so that no text makes matching slow. */
const PLACEHOLDER =
  /\{\{[ \t]{0,8}(?<name>\$?[A-Za-z_][\w.-]{0,63})(?:[ \t]{1,8}(?<args>[\w-][\w \t-]{0,63}?))?[ \t]{0,8}\}\}/

/** `{{$1}}` and `{{$.path}}`. */
const MATCHED = /\{\{[ \t]{0,8}(?<matched>\$(?:\d{1,2}|[.[][^{}]{0,256}?)?)[ \t]{0,8}\}\}/

/** The largest length of a message after its placeholders are filled. */
const MAX_EXPANDED = 128 * 1024 * 1024
const MAX_RANDOM = 1000

type BuiltIn = (args: readonly string[], scope: TemplateScope) => string | undefined

/** The value of each built-in; undefined for arguments that it does not accept. */
const BUILT_INS: Readonly<Record<string, BuiltIn>> = {
  $uuid: (args, scope) => (args.length === 0 ? scope.uuid() : undefined),
  $timestamp: ([unit, ...more], { now }) => {
    if (more.length > 0) return undefined
    if (unit === undefined) return now.toISOString()
    if (unit === 'ms') return String(now.getTime())
    return unit === 's' ? String(Math.floor(now.getTime() / 1000)) : undefined
  },
  $counter: (args, { counter }) => (args.length === 0 ? String(counter) : undefined),
  $randomInt: (args, scope) => {
    const [low = 0, high = MAX_RANDOM] = args.map(Number)
    const isRange = args.length === 0 || args.length === 2
    if (!isRange || !Number.isSafeInteger(low) || !Number.isSafeInteger(high) || low > high) return undefined
    return String(low + Math.floor(scope.random() * (high - low + 1)))
  },
  $braces: (args) => (args.length === 0 ? '{{' : undefined),
  $empty: (args) => (args.length === 0 ? '' : undefined),
  $char: (args) => {
    const codes = args.map((arg) => (/^\d{1,7}$/.test(arg) ? Number(arg) : Number.NaN))
    if (codes.length === 0 || !codes.every(isScalar)) return undefined
    return codes.map((code) => String.fromCodePoint(code)).join('')
  },
}

/** Whether it is the number of a character that UTF-8 can encode. */
function isScalar(code: number): boolean {
  return code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
}

/** Whether there is a built-in with that name, such as `$uuid`. */
export function isBuiltIn(name: string): boolean {
  return Object.hasOwn(BUILT_INS, name)
}

/** Placeholders and descriptions of their values, for menus and help. */
export const BUILT_IN_HELP: readonly (readonly [placeholder: string, gives: string])[] = [
  ['{{$uuid}}', 'a new UUID'],
  ['{{$timestamp}}', 'the time of sending, ISO 8601 in UTC'],
  ['{{$timestamp ms}}', 'milliseconds since 1970; s for seconds'],
  ['{{$counter}}', '1, 2, 3, … for each message that has it'],
  ['{{$randomInt}}', '0 to 1000; {{$randomInt 1 6}} for another range'],
  ['{{$braces}}', 'two literal opening braces'],
  ['{{$char 13 10}}', 'the characters with these numbers in Unicode, here CR and LF'],
  ['{{$empty}}', 'nothing; a line of a .http file that begins with it is plain text'],
]

function filledBy(written: string, name: string, args: string | undefined, scope: TemplateScope): string {
  if (!name.startsWith('$')) {
    const value = Object.hasOwn(scope.variables, name) ? scope.variables[name] : undefined
    if (value !== undefined && args === undefined) return value
    throw new Failure(
      'UNKNOWN_VARIABLE',
      `There is no variable ${written}; define it under Variables, or write {{$braces}} for two literal braces.`,
    )
  }
  if (!isBuiltIn(name))
    throw new Failure(
      'UNKNOWN_VARIABLE',
      `There is no built-in ${written}; the built-in ones are ${Object.keys(BUILT_INS).join(', ')}.`,
    )
  const value = BUILT_INS[name]?.(args?.split(/[ \t]+/) ?? [], scope)
  if (value === undefined)
    throw new Failure('BAD_VARIABLE', `${written} does not accept these arguments; write ${usageOf(name)}.`)
  return value
}

function usageOf(name: string): string {
  const uses = BUILT_IN_HELP.filter(([placeholder]) => placeholder.startsWith(`{{${name}`))
  return uses.map(([placeholder, gives]) => `${placeholder} (${gives})`).join(' or ')
}

interface Found {
  readonly written: string
  /** Of a value of what matched, its expression. */
  readonly name: string
  readonly isMatched: boolean
  readonly args: string | undefined
  /** Whether it is inside a JSON string. */
  readonly quoted: boolean
}

/** What to look for in a text, and in JSON: there also escapes and quotes, to find out what is inside a string. */
function patterns(placeholder: string) {
  return {
    text: new RegExp(placeholder, 'g'),
    json: new RegExp(String.raw`\\[^]|"|${placeholder}`, 'g'),
  }
}

const PLAIN = patterns(PLACEHOLDER.source)
const WITH_MATCHED = patterns(`${PLACEHOLDER.source}|${MATCHED.source}`)

/** The text with each placeholder replaced by the result of `fill`. */
function replace(text: string, json: boolean, fill: (found: Found) => string, kinds = PLAIN): string {
  const parts: string[] = []
  let length = 0
  let last = 0
  let quoted = false
  for (const match of text.matchAll(json ? kinds.json : kinds.text)) {
    const [written] = match
    const { matched, name = matched, args } = match.groups ?? {}
    if (name === undefined) {
      if (written === '"') quoted = !quoted
      continue
    }
    const filled = fill({ written, name, isMatched: matched !== undefined, args, quoted })
    parts.push(text.slice(last, match.index), filled)
    length += match.index - last + filled.length
    last = match.index + written.length
    if (length > MAX_EXPANDED)
      throw new Failure(
        'TOO_LARGE',
        'With its variables filled in, the message is too large to send; use shorter values.',
      )
  }
  return last === 0 ? text : parts.join('') + text.slice(last)
}

/**
 * The text with its placeholders filled. In JSON (`json`), a value inside a string is escaped, and a value outside is
 * inserted as it is, so that it may be a number, an object or `null`. Throws a `Failure`: `UNKNOWN_VARIABLE`,
 * `BAD_VARIABLE`, `TOO_LARGE`.
 */
export function expand(text: string, scope: TemplateScope, json = false): string {
  const fill = ({ written, name, isMatched, args, quoted }: Found) => {
    const matched = isMatched ? scope.matched?.(name, json && !quoted) : undefined
    const value = matched ?? filledBy(written, name, args, scope)
    return quoted ? JSON.stringify(value).slice(1, -1) : value
  }
  return replace(text, json, fill, scope.matched === undefined ? PLAIN : WITH_MATCHED)
}

/**
 * JSON with each placeholder replaced by a value of the same length, so that positions stay the same. `isAnswer`: the
 * placeholders of an answer are replaced, too.
 */
export function standIns(json: string, isAnswer = false): string {
  const fill = ({ written, quoted }: Found) => (quoted ? 'x' : '1').repeat(written.length)
  return replace(json, true, fill, isAnswer ? WITH_MATCHED : PLAIN)
}

export interface Marked {
  /** The JSON with a number, or digits in a string, in place of each placeholder. */
  readonly marked: string
  /** Puts the placeholders back into a text with the same marks in the same order. */
  restore(text: string): string
}

const MOST_MARKS = 100

/** Replaces the placeholders in JSON by marks; undefined if the JSON already contains every mark that was tried. */
export function markPlaceholders(json: string): Marked | undefined {
  for (let mark = 1_000_000; mark < 1_000_000 + MOST_MARKS; mark++) {
    const written: string[] = []
    const marked = replace(json, true, (found) => {
      written.push(found.written)
      return String(mark)
    })
    const restore = (text: string) => {
      let next = 0
      return text.replaceAll(String(mark), () => written[next++] ?? '')
    }
    if (restore(marked) === json) return { marked, restore }
  }
  return undefined
}

/** Names of the placeholders in the text, in order, including built-in ones. */
export function placeholders(text: string): string[] {
  return [...text.matchAll(PLAIN.text)].map(({ groups }) => groups?.name ?? '')
}

/** The expressions in the text that stand for values of what matched, such as `$1` and `$.path`. */
export function matchedExpressions(text: string): string[] {
  return [...text.matchAll(WITH_MATCHED.text)].flatMap(({ groups }) => groups?.matched ?? [])
}

/** A template that expands to the text: braces that would be read as placeholders are escaped. */
export function escapeTemplate(text: string): string {
  return text.replace(PLAIN.text, (written) => `{{$braces}}${written.slice(2)}`)
}

/** The scope for a message that is sent now. */
export function scopeNow(variables: Variables, counter: number): TemplateScope {
  return {
    variables,
    counter,
    now: new Date(),
    random: Math.random,
    uuid: () => crypto.randomUUID(),
  }
}
