/** Compiles a filter to a function of a candidate. Cheap tests run first (Kleene's three-valued logic). */

import { typeOf, UNKNOWN_SIZE, unpackKind } from '../../shared/columns.ts'
import type { Comparison, Filter, NumberField } from '../../shared/filter/syntax.ts'
import { largest } from '../../shared/numbers.ts'
import type { Candidate, Test } from './candidate.ts'
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
    case 'connection':
      return ({ connection }) => connection === filter.id
    case 'event':
      return eventNameTest(filter.pattern)
    case 'number':
      return numberTest(filter.field, filter.comparison, filter.value)
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
  if (filter.kind === 'and' || filter.kind === 'or') return filter.items.some(looksAtGaps)
  if (filter.kind === 'not') return looksAtGaps(filter.item)
  return filter.kind === 'number' && filter.field === 'gap'
}

const COSTS: Readonly<Partial<Record<Filter['kind'], number>>> = { text: 1, json: 2, regex: 3 }

function cost(filter: Filter): number {
  if (filter.kind === 'and' || filter.kind === 'or') return largest(filter.items.map(cost), 0)
  return filter.kind === 'not' ? cost(filter.item) : (COSTS[filter.kind] ?? 0)
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
  const runs = pattern.toLowerCase().split('*')
  return ({ eventName }) => matchesRuns(eventName.toLowerCase(), runs)
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

const FIELD_VALUES: Readonly<Record<NumberField, (candidate: Candidate) => number | undefined>> = {
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
  const read = FIELD_VALUES[field]
  const compare = COMPARISONS[comparison]
  return (candidate) => {
    const value = read(candidate)
    return value !== undefined && compare(value, bound)
  }
}
