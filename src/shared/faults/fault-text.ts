/** Faults as text, as `--fault` has them: `drop=0.1,match=kind:event,seed=7`. */

import { Failure } from '../failure.ts'
import { FAULT_KINDS, FAULTS, type FaultKind, type FaultSpec, type FaultUnit } from '../faults.ts'
import { parseFilter } from '../filter/parse.ts'
import { FilterError } from '../filter/syntax.ts'
import { parseDuration, parseSize } from '../filter/units.ts'
import { MAX_TIMER_DELAY } from '../timer-delay.ts'
import { ENGLISH } from './fault-words.ts'
import { PRESETS } from './presets.ts'

/** A plain number in `cut-after` counts messages below this, and milliseconds from here on. */
const FIRST_MILLISECONDS = 100
const MAX_SEED = 2 ** 32 - 1
const MAX_COUNT = 1e9

interface UnitReader {
  /** Undefined if the text is not a value. */
  read(text: string): number | undefined
  write(value: number): string
}

const UNITS: Readonly<Record<FaultUnit, UnitReader>> = {
  ms: {
    read: (text) => inRange(parseDuration(text), 0, MAX_TIMER_DELAY),
    write: String,
  },
  share: { read: readShare, write: String },
  'bytes/s': {
    read: (text) => inRange(parseSize(text.replace(/\/s$/, '')), 1, MAX_COUNT),
    write: String,
  },
  bytes: {
    read: (text) => inRange(parseSize(text), 1, 1 << 24),
    write: String,
  },
  messages: {
    read: (text) => inRange(wholeOf(/^(\d{1,10}) ?(?:n|messages?)$/.exec(text)?.[1]), 1, MAX_COUNT),
    write: (value) => `${value}n`,
  },
  status: {
    read: (text) => inRange(wholeOf(text), 200, 599),
    write: String,
  },
  none: { read: (text) => (text === '' ? 0 : undefined), write: () => '' },
}

/** The names that `--fault` takes, without those of the presets. */
const FAULT_NAMES: readonly string[] = [...new Set(FAULT_KINDS.map((kind) => FAULTS[kind].name))]

/** What the value of a kind must be, as the end of a sentence. */
function valueHint(kind: FaultKind): string {
  return ENGLISH.values[FAULTS[kind].unit]
}

/** Reads the value of a kind; undefined if it is not valid. */
export function parseFaultValue(kind: FaultKind, text: string): number | undefined {
  return UNITS[FAULTS[kind].unit].read(text.trim())
}

/**
 * Reads `KIND=VALUE` or `KIND`, with `,match=FILTER`, `,seed=N` and `,after=TIME` in any order, or the name of a preset, which takes no
 * filter. The filter may contain commas. Throws a `Failure` `BAD_FAULT`.
 */
export function parseFault(text: string): FaultSpec[] {
  const { head, match, seed, after } = split(text)
  const options = {
    ...(match !== undefined && { match }),
    ...(seed !== undefined && { seed: readSeed(seed) }),
    ...(after !== undefined && { after: readAfter(after) }),
  }
  const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(head) ?? []
  const preset = PRESETS.find((each) => each.name === name)
  if (preset === undefined || value !== undefined)
    return [checkFault({ ...readOne(name, value), ...options })]
  if (match !== undefined)
    throw badFault(`The preset ${name} takes no match, because its faults differ; give them one by one.`)
  if (after !== undefined) throw badFault(`The preset ${name} takes no after; give its faults one by one.`)
  return preset.faults.map((fault) => ({ ...fault, ...options }))
}

/** Throws a `Failure` `BAD_FAULT` if a fault from elsewhere is not valid. Returns it. */
export function checkFault(fault: FaultSpec): FaultSpec {
  const { kind, value, match, seed, after } = fault
  if (!FAULT_KINDS.includes(kind)) throw unknownName(String(kind))
  const row = FAULTS[kind]
  if (typeof value !== 'number' || UNITS[row.unit].read(UNITS[row.unit].write(value)) === undefined)
    throw badFault(`The value of ${row.name} must be ${valueHint(kind)}.`)
  if (seed !== undefined && !(Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED))
    throw badFault(`The seed must be a whole number from 0 to ${MAX_SEED}.`)
  if (after !== undefined && kind !== 'restart') throw badFault(`Only restart takes after, not ${row.name}.`)
  if (match !== undefined && row.scope === 'messages') checkFilter(match)
  return fault
}

/** Formats a fault so that `parseFault` reads it. */
export function formatFault({ kind, value, match, seed, after }: FaultSpec): string {
  const { name, unit } = FAULTS[kind]
  const written = kind === 'cut-after-time' ? `${value}ms` : UNITS[unit].write(value)
  return [
    unit === 'none' ? name : `${name}=${written}`,
    ...(after === undefined ? [] : [`after=${after}`]),
    ...(seed === undefined ? [] : [`seed=${seed}`]),
    ...(match === undefined ? [] : [`match=${match}`]),
  ].join(',')
}

interface Parts {
  readonly head: string
  readonly match?: string | undefined
  readonly seed?: string | undefined
  readonly after?: string | undefined
}

/** Splits at the commas before the options. What follows `match=` belongs to the filter, except options at the end. */
function split(text: string): Parts {
  const options: { match?: string; seed?: string; after?: string } = {}
  let rest = text
  for (;;) {
    const [tail, name, value] = /,(seed|after)=([^,\s]*)$/.exec(rest) ?? []
    if (tail === undefined) break
    if (name === 'seed') options.seed ??= value ?? ''
    else options.after ??= value ?? ''
    rest = rest.slice(0, -tail.length)
  }
  const at = rest.indexOf(',match=')
  if (at < 0) return { head: rest, ...options }
  return { ...splitHead(rest.slice(0, at), options), match: rest.slice(at + ',match='.length) }
}

/** Options before `match=`. */
function splitHead(head: string, options: Omit<Parts, 'head' | 'match'>): Parts {
  return head.includes(',') ? { ...options, ...split(head) } : { head, ...options }
}

function readOne(name: string, value: string | undefined): FaultSpec {
  const kinds = FAULT_KINDS.filter((kind) => FAULTS[kind].name === name)
  const [kind] = kinds
  if (kind === undefined) throw unknownName(name)
  if (kinds.length > 1) return readCut(value ?? '')
  const read = parseFaultValue(kind, value ?? '')
  if (read === undefined) throw badFault(`The value of ${name} must be ${valueHint(kind)}.`)
  return { kind, value: read }
}

function readCut(text: string): FaultSpec {
  const plain = wholeOf(text)
  if (plain !== undefined && plain > 0 && plain < FIRST_MILLISECONDS)
    return { kind: 'cut-after-messages', value: plain }
  const messages = UNITS.messages.read(text)
  if (messages !== undefined) return { kind: 'cut-after-messages', value: messages }
  const value = UNITS.ms.read(text)
  if (value === undefined)
    throw badFault(
      `The value of cut-after must be a time such as 500ms or 5s, or a count of messages such as 5n; a number alone counts messages below ${FIRST_MILLISECONDS}, and milliseconds from there on.`,
    )
  return { kind: 'cut-after-time', value }
}

function readShare(text: string): number | undefined {
  const [, digits, percent] = /^(\d{1,3}(?:\.\d{1,17})?|\.\d{1,17})(%)?$/.exec(text) ?? []
  if (digits === undefined) return undefined
  return inRange(percent === undefined ? Number(digits) : Number(digits) / 100, 0, 1)
}

function readSeed(text: string): number {
  const seed = inRange(wholeOf(text), 0, MAX_SEED)
  if (seed === undefined) throw badFault(`The seed must be a whole number from 0 to ${MAX_SEED}.`)
  return seed
}

function readAfter(text: string): number {
  const after = UNITS.ms.read(text)
  if (after === undefined) throw badFault(`The value of after must be ${ENGLISH.values.ms}.`)
  return after
}

function checkFilter(text: string): void {
  try {
    parseFilter(text)
  } catch (thrown) {
    if (!(thrown instanceof FilterError)) throw thrown
    throw badFault(`The filter of the fault is not valid. ${thrown.message}`)
  }
}

function wholeOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function inRange(value: number | undefined, min: number, max: number): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined
}

function unknownName(name: string): Failure {
  const presets = PRESETS.map((preset) => preset.name)
  return badFault(
    `There is no fault "${name.slice(0, 60)}"; there are ${FAULT_NAMES.join(', ')}, and the presets ${presets.join(', ')}.`,
  )
}

function badFault(sentence: string): Failure {
  return new Failure('BAD_FAULT', sentence)
}
