/** Compiles a filter to a function of a candidate. Cheap tests run first (Kleene's three-valued logic). */

import { typeOf, UNKNOWN_SIZE, unpackKind } from '../../shared/event-columns.ts'
import { isInRanges } from '../../shared/filter/number-ranges.ts'
import {
  type Comparison,
  type DecodedField,
  type Filter,
  type NumberField,
  someFilter,
} from '../../shared/filter/syntax.ts'
import { largest } from '../../shared/numbers.ts'
import type { Candidate, Test, Verdict } from './candidate.ts'
import { compileJson } from './json.ts'

/** The test of a filter. Throws a `FilterError` for an invalid JSON path. */
export function compileFilter(filter: Filter): Test {
  switch (filter.kind) {
    case 'all':
      return () => true
    case 'and':
      return conjunction(byCost(filter.items).map(compileFilter))
    case 'or':
      return disjunction(byCost(filter.items).map(compileFilter))
    case 'not':
      return negation(compileFilter(filter.item))
    case 'direction':
      return ({ kind }) => unpackKind(kind).direction === filter.direction
    case 'type':
      return ({ kind }) => typeOf(kind) === filter.type
    case 'opcode':
      return ({ kind }) => typeOf(kind) === 'message' && unpackKind(kind).binary === filter.binary
    case 'automatic':
      return ({ kind }) => unpackKind(kind).automatic
    case 'connection':
      return ({ connection }) => connection === filter.id
    case 'numbers':
      return ({ number }) => number !== undefined && isInRanges(number, filter.ranges)
    case 'event':
      return eventNameTest(filter.pattern)
    case 'number':
      return numberTest(filter.field, filter.comparison, filter.value)
    case 'decoded':
      return decodedTest(filter.field, filter.pattern)
    case 'is':
      return filter.state === 'unanswered' ? (candidate) => candidate.isUnanswered() : isHeartbeat
    case 'text': {
      const needle = filter.text.toLowerCase()
      return (candidate) => candidate.text()?.toLowerCase().includes(needle) ?? false
    }
    case 'regex':
      return (candidate) => candidate.verdict(filter)
    case 'json':
      return compileJson(filter)
  }
}

/** All regular expressions in a filter. */
export function regexesIn(filter: Filter): (Filter & { kind: 'regex' })[] {
  if (filter.kind === 'regex') return [filter]
  if (filter.kind === 'and' || filter.kind === 'or') return filter.items.flatMap(regexesIn)
  return filter.kind === 'not' ? regexesIn(filter.item) : []
}

/** Whether a filter uses the time between events. */
export function looksAtGaps(filter: Filter): boolean {
  return someFilter(filter, (part) => part.kind === 'number' && part.field === 'gap')
}

/** Whether what a filter finds changes when an answer comes. */
export function looksAtAnswers(filter: Filter): boolean {
  return someFilter(filter, (part) => part.kind === 'is' && part.state === 'unanswered')
}

/** Whether a filter may look at packets. */
export function looksAtPackets(filter: Filter): boolean {
  return looksAtValues(filter) || someFilter(filter, isDecoded)
}

/** Whether a filter may look at the values of packets. */
export function looksAtValues(filter: Filter): boolean {
  return someFilter(filter, (part) => part.kind === 'json')
}

function isDecoded(filter: Filter): boolean {
  return (
    filter.kind === 'decoded' ||
    filter.kind === 'is' ||
    (filter.kind === 'number' && filter.field === 'latency')
  )
}

const COSTS: Readonly<Partial<Record<Filter['kind'], number>>> = { text: 1, json: 2, regex: 4 }
const DECODING_COST = 3

function cost(filter: Filter): number {
  if (filter.kind === 'and' || filter.kind === 'or') return largest(filter.items.map(cost), 0)
  if (filter.kind === 'not') return cost(filter.item)
  return isDecoded(filter) ? DECODING_COST : (COSTS[filter.kind] ?? 0)
}

function byCost(items: readonly Filter[]): Filter[] {
  return items.toSorted((a, b) => cost(a) - cost(b))
}

function conjunction(tests: readonly Test[]): Test {
  return (candidate) => {
    let unknown = false
    for (const test of tests) {
      const verdict = test(candidate)
      if (verdict === false) return false
      if (verdict === undefined) unknown = true
    }
    return unknown ? undefined : true
  }
}

function disjunction(tests: readonly Test[]): Test {
  return (candidate) => {
    let unknown = false
    for (const test of tests) {
      const verdict = test(candidate)
      if (verdict === true) return true
      if (verdict === undefined) unknown = true
    }
    return unknown ? undefined : false
  }
}

function negation(test: Test): Test {
  return (candidate) => {
    const verdict = test(candidate)
    return verdict === undefined ? undefined : !verdict
  }
}

function eventNameTest(pattern: string): Test {
  const matches = patternOf(pattern)
  return ({ eventName }) => matches(eventName)
}

/** Whether any packet has the text in a field. */
function decodedTest(field: DecodedField, pattern: string): Test {
  const matches = patternOf(pattern)
  return (candidate) =>
    candidate.decoded()?.some((packet) => {
      const text = packet[field]
      return text !== undefined && matches(text)
    })
}

function isHeartbeat(candidate: Candidate): Verdict {
  const packets = candidate.decoded()
  return packets === undefined
    ? undefined
    : packets.length > 0 && packets.every(({ kind }) => kind === 'heartbeat')
}

/** Ignores the case of letters; `*` stands for any characters. */
function patternOf(pattern: string): (text: string) => boolean {
  const runs = pattern.toLowerCase().split('*')
  return (text) => matchesRuns(text.toLowerCase(), runs)
}

/**
 * Whether `text` consists of the runs in order, with anything between them. Takes linear time, unlike some regular
 * expressions.
 */
function matchesRuns(text: string, runs: readonly string[]): boolean {
  const [first = '', ...rest] = runs
  const last = rest.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first)) return false
  let position = first.length
  for (const run of rest) {
    const found = text.indexOf(run, position)
    if (found < 0) return false
    position = found + run.length
  }
  return text.length - last.length >= position && text.endsWith(last)
}

const FIELD_VALUES: Readonly<
  Record<Exclude<NumberField, 'latency'>, (candidate: Candidate) => number | undefined>
> = {
  size: (candidate) => candidate.size,
  wire: (candidate) => (candidate.wireSize === UNKNOWN_SIZE ? undefined : candidate.wireSize),
  time: (candidate) => candidate.time,
  gap: (candidate) => candidate.gap,
}

const COMPARISONS: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
}

function numberTest(field: NumberField, comparison: Comparison, bound: number): Test {
  const compare = COMPARISONS[comparison]
  if (field === 'latency')
    return (candidate) =>
      candidate.decoded()?.some(({ latency }) => latency !== undefined && compare(latency, bound))
  const read = FIELD_VALUES[field]
  return (candidate) => {
    const value = read(candidate)
    return value !== undefined && compare(value, bound)
  }
}
