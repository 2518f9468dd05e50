/** Readers of option values. Each throws a `Failure` that says what the value must be. */

import type { HeaderField } from '../request/headers.ts'
import { checkValue, type ProtocolOption, readOption, toWhole } from '../request/options.ts'
import { whole } from '../request/spec-fields.ts'
import { Failure } from '../shared/failure.ts'
import type { MutedRule } from '../shared/protocol/findings.ts'
import { MAX_TIMER_DELAY } from '../shared/timer-delay.ts'

function badValue(sentence: string): Failure {
  return new Failure('BAD_VALUE', sentence)
}

/** Any text, as it was typed. */
export function text(value: string): string {
  return value
}

/** Makes a reader of decimal whole numbers; `unit` is plural, or empty for a count. */
export function integer(min: number, max: number, unit = ''): (text: string) => number {
  return (text) => checkValue(whole(min, max, unit), toWhole(text))
}

/** A decimal number, else NaN: `Number` also accepts an empty text, hexadecimal, and exponents. */
function toDecimal(text: string): number {
  return /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN
}

const SLOWEST = 0.01
const FASTEST = 10_000

/** Reads a factor of the recorded speed; `max` is infinite and does not wait. */
export function speed(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY
  const factor = toDecimal(text)
  if (!(factor >= SLOWEST && factor <= FASTEST))
    throw badValue(`It must be max, or a number from ${SLOWEST} to ${FASTEST}.`)
  return factor
}

/** Reads a number of seconds above 0, fractions allowed, as milliseconds. */
export function seconds(text: string): number {
  const value = toDecimal(text) * 1000
  if (!(value > 0 && value <= MAX_TIMER_DELAY))
    throw badValue(`It must be a number of seconds above 0 and up to ${Math.floor(MAX_TIMER_DELAY / 1000)}.`)
  return value
}

/** Reads an origin (RFC 6454 section 6.2), or `*` for any. */
export function origin(text: string): string {
  const isOrigin = URL.canParse(text) && new URL(text).host !== '' && /^[^/]+:\/\/[^/?#@]+\/?$/.test(text)
  if (text !== '*' && text !== 'null' && !isOrigin)
    throw badValue('It must be an origin such as https://app.example, or * for any.')
  return text
}

/** A file with a value on each line; `-` is standard input. */
export interface ValueFile {
  readonly file: string
}

/** Reads `Name: value`, or `@FILE`. */
export function headerOrFile(text: string): HeaderField | ValueFile {
  return text.startsWith('@') ? { file: text.slice(1) } : readOption('header', text)
}

/** Reads `NAME=VALUE`, or `@FILE`. */
export function protocolOptionOrFile(text: string): ProtocolOption | ValueFile {
  return text.startsWith('@') ? { file: text.slice(1) } : readOption('protocolOption', text)
}

/** Reads `NAME=VALUE` of a variable. */
export function variable(text: string): { readonly name: string; readonly value: string } {
  const at = text.indexOf('=')
  if (at < 1) throw badValue('It must have the form NAME=VALUE.')
  return { name: text.slice(0, at), value: text.slice(at + 1) }
}

/** Reads `RULE`, or `RULE=URL` of connections. */
export function mutedRule(text: string): MutedRule {
  const at = text.indexOf('=')
  if (at < 0 && text !== '') return { rule: text }
  const [rule, url] = [text.slice(0, at), text.slice(at + 1)]
  if (rule === '' || !URL.canParse(url)) throw badValue('It must have the form RULE or RULE=URL.')
  return { rule, url }
}

/** Reads `RULE=VALUE` of a threshold. */
export function ruleThreshold(text: string): { readonly rule: string; readonly value: number } {
  const at = text.indexOf('=')
  const value = toDecimal(text.slice(at + 1))
  if (at < 1 || Number.isNaN(value))
    throw badValue('It must have the form RULE=VALUE, and the value must be a number from 0.')
  return { rule: text.slice(0, at), value }
}

const MAX_CONNECTION = 65_535

/** Reads the numbers of connections, such as `1,2,3`. */
export function connectionList(text: string): number[] {
  const ids = text.split(',').map((each) => toWhole(each.trim()))
  if (!ids.every((id) => id >= 1 && id <= MAX_CONNECTION))
    throw badValue('It must be numbers of connections with commas between them, such as 1,2,3.')
  return [...new Set(ids)]
}

/** Makes a reader that collects the values of an option that may be given more than once. */
export function repeated<T>(
  read: (text: string) => T,
): (text: string, before: readonly T[] | undefined) => T[] {
  return (text, before = []) => [...before, read(text)]
}
