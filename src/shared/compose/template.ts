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
}

export const VARIABLE_NAME = /^[A-Za-z_][\w.-]{0,63}$/

/** Every repetition is bounded, so that no text makes matching slow. */
const PLACEHOLDER =
  /\{\{[ \t]{0,8}(?<name>\$?[A-Za-z_][\w.-]{0,63})(?:[ \t]{1,8}(?<args>[\w-][\w \t-]{0,63}?))?[ \t]{0,8}\}\}/

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
}

/** Placeholders and descriptions of their values, for menus and help. */
export const BUILT_IN_HELP: readonly (readonly [placeholder: string, gives: string])[] = [
  ['{{$uuid}}', 'a fresh UUID'],
  ['{{$timestamp}}', 'the time of sending, ISO 8601 in UTC'],
  ['{{$timestamp ms}}', 'milliseconds since 1970; s for seconds'],
  ['{{$counter}}', '1, 2, 3, … for each message that counts'],
  ['{{$randomInt}}', '0 to 1000; {{$randomInt 1 6}} for another range'],
  ['{{$braces}}', 'two opening braces, as they are'],
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
  const builtIn = Object.hasOwn(BUILT_INS, name) ? BUILT_INS[name] : undefined
  if (builtIn === undefined)
    throw new Failure(
      'UNKNOWN_VARIABLE',
      `There is no built-in ${written}; the built-in ones are ${Object.keys(BUILT_INS).join(', ')}.`,
    )
  const value = builtIn(args?.split(/[ \t]+/) ?? [], scope)
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
  readonly name: string
  readonly args: string | undefined
  /** Whether it is inside a JSON string. */
  readonly quoted: boolean
}

const ANY = new RegExp(PLACEHOLDER.source, 'g')
/** Also matches escapes and quotes, to find out what is inside a string. */
const IN_JSON = new RegExp(String.raw`\\[^]|"|${PLACEHOLDER.source}`, 'g')

/** The text with each placeholder replaced by the result of `fill`. */
function replace(text: string, json: boolean, fill: (found: Found) => string): string {
  const parts: string[] = []
  let length = 0
  let last = 0
  let quoted = false
  for (const match of text.matchAll(json ? IN_JSON : ANY)) {
    const [written] = match
    const name = match.groups?.name
    if (name === undefined) {
      if (written === '"') quoted = !quoted
      continue
    }
    const filled = fill({ written, name, args: match.groups?.args, quoted })
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
  return replace(text, json, ({ written, name, args, quoted }) => {
    const value = filledBy(written, name, args, scope)
    return quoted ? JSON.stringify(value).slice(1, -1) : value
  })
}

/** JSON with each placeholder replaced by a value of the same length, so that positions stay the same. */
export function standIns(json: string): string {
  return replace(json, true, ({ written, quoted }) => (quoted ? 'x' : '1').repeat(written.length))
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
  return [...text.matchAll(ANY)].map(({ groups }) => groups?.name ?? '')
}

/** A template that expands to the text: braces that would be read as placeholders are escaped. */
export function escapeTemplate(text: string): string {
  return text.replace(ANY, (written) => `{{$braces}}${written.slice(2)}`)
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
