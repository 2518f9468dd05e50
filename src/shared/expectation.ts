/** Expectations: which events and figures a connection must have, such as `kind:ack within 2s` (docs/http-files.md). */
import { Failure } from './failure.ts'
import { parseFilter } from './filter/parse.ts'
import { FilterError } from './filter/syntax.ts'
import { parseDuration } from './filter/units.ts'

const STATISTICS = ['p50', 'p95', 'p99', 'max'] as const
export type Statistic = (typeof STATISTICS)[number]

/** What is looked at besides events. `gap` and `latency` are in milliseconds. */
const FIGURES = ['status', 'close', 'gap', 'latency'] as const
export type Figure = (typeof FIGURES)[number]

export const COMPARISONS = ['==', '!=', '<=', '>=', '<', '>'] as const
export type FigureComparison = (typeof COMPARISONS)[number]

/** Events that a filter finds. */
export interface ExpectedEvents {
  readonly kind: 'events'
  readonly filter: string
  /** Milliseconds since the connection first opened; undefined if only its end is the deadline. */
  readonly within: number | undefined
  readonly atLeast: number
  /** 0 if there must be none. */
  readonly atMost: number | undefined
}

/** A figure of the connection, which is known when it has ended. */
export interface ExpectedFigure {
  readonly kind: 'figure'
  readonly figure: Figure
  /** Of `gap` and `latency`. */
  readonly statistic: Statistic | undefined
  readonly comparison: FigureComparison
  readonly value: number
}

export interface Expectation {
  /** As the user has written it. */
  readonly text: string
  readonly expected: ExpectedEvents | ExpectedFigure
}

/** Expectations of one connection. */
export const MAX_EXPECTATIONS = 1000

/** An event of a connection. */
export interface EventPlace {
  /** Session time, in ms. */
  readonly time: number
  /** How many events of the connection with the same time came before it; absent if none. */
  readonly nth?: number
}

/** Whether it came as expected. */
export interface ExpectationStatus {
  readonly text: string
  readonly state: 'pending' | 'held' | 'failed'
  /** What came, such as `after 126 ms` or `none in 5 s`; absent while nothing is known. */
  readonly detail?: string
  /** Session time of the event that decided, in ms; absent if none did. */
  readonly time?: number
  /** How many events of the connection with the same time came before it; absent if none. */
  readonly nth?: number
  /** Session time at which its time ran out, in ms; absent if an event or the end of the connection decided. */
  readonly ranOutAt?: number
  /** The latest message that came instead. */
  readonly insteadAt?: EventPlace
  /** Names of the latest messages, if what was expected did not come. */
  readonly cameInstead?: readonly string[]
}

/** The event that decided, or the latest one that came instead; undefined if there is none. */
export function eventOf({ time, nth, insteadAt }: ExpectationStatus): EventPlace | undefined {
  return time === undefined ? insteadAt : { time, ...(nth !== undefined && { nth }) }
}

const FORMS = 'FILTER [within 2s] [at least N], no FILTER, status == 101, close == 1000, or gap p95 < 1s'
/** What httpYac asserts on the response to a request. */
const OF_HTTPYAC = /^(?:body|header|duration|response|js|xpath|sha256|md5)\b(?!:)/

const SIMPLE = /^(?<figure>status|close)\s{0,8}(?<comparison>==|!=|<=|>=|<|>)\s{0,8}(?<value>\d{1,5})$/
const MEASURED =
  /^(?<figure>gap|latency)\s{1,8}(?<statistic>p50|p95|p99|max)\s{0,8}(?<comparison>==|!=|<=|>=|<|>)\s{0,8}(?<value>\d{1,12}(?:\.\d{1,6})?)\s{0,8}(?<unit>us|ms|s|m|h)$/
const WITHIN = /\swithin\s{1,8}(?<value>\d{1,12}(?:\.\d{1,6})?)\s{0,8}(?<unit>us|ms|s|m|h)?$/
const COUNT = /\sat\s{1,8}(?<bound>least|most)\s{1,8}(?<value>\d{1,12})$/
const NONE = /^no(?:\s{1,8}|$)/

/** The code of the `Failure` for an assertion of another tool. */
export const FOREIGN_EXPECTATION = 'FOREIGN_EXPECTATION'

/** Reads an expectation. Throws a `Failure` with one sentence: `BAD_EXPECTATION`, or `FOREIGN_EXPECTATION`. */
export function parseExpectation(text: string): Expectation {
  const written = text.trim()
  if (written === '') throw bad(`An expectation is empty; write ${FORMS}.`)
  return { text: written, expected: figureIn(written) ?? eventsIn(written) }
}

function figureIn(written: string): ExpectedFigure | undefined {
  const groups = (SIMPLE.exec(written) ?? MEASURED.exec(written))?.groups
  if (groups === undefined) {
    if (!/^(?:status|close|gap|latency)\s/.test(written)) return undefined
    throw bad(
      `${JSON.stringify(written)} compares a figure, but not as in status == 101, close == 1000, gap p95 < 1s or latency max < 200ms.`,
    )
  }
  const { figure, statistic, comparison, value = '', unit } = groups
  return {
    kind: 'figure',
    figure: figure as Figure,
    statistic: statistic as Statistic | undefined,
    comparison: comparison as FigureComparison,
    value: unit === undefined ? Number(value) : (parseDuration(`${value}${unit}`) ?? 0),
  }
}

function eventsIn(written: string): ExpectedEvents {
  if (OF_HTTPYAC.test(written))
    throw new Failure(
      FOREIGN_EXPECTATION,
      `${JSON.stringify(written)} is an assertion of httpYac, which is not checked; write ${FORMS}.`,
    )
  // A space, so that a filter that is missing is seen.
  let rest = ` ${written}`
  let within: number | undefined
  let atLeast: number | undefined
  let atMost: number | undefined
  for (;;) {
    const time = within === undefined ? WITHIN.exec(rest) : null
    const count = time === null ? COUNT.exec(rest) : null
    const found = time ?? count
    if (found === null) break
    const { value = '', unit = 's', bound } = found.groups ?? {}
    if (time !== null) within = parseDuration(`${value}${unit}`)
    else if (bound === 'least' && atLeast === undefined) atLeast = Number(value)
    else if (bound === 'most' && atMost === undefined) atMost = Number(value)
    else throw bad(`${JSON.stringify(written)} says "at ${bound}" twice; leave out one.`)
    rest = rest.slice(0, found.index)
  }
  const isNone = NONE.test(rest.trim())
  const filter = rest.trim().replace(NONE, '')
  if (isNone && (atLeast !== undefined || atMost !== undefined))
    throw bad(`${JSON.stringify(written)} expects none, so it cannot have "at least" or "at most".`)
  checkFilter(written, filter)
  const most = isNone ? 0 : atMost
  const least = atLeast ?? (most === undefined ? 1 : 0)
  if (most !== undefined && least > most)
    throw bad(`${JSON.stringify(written)} expects at least ${least}, but at most ${most}.`)
  return { kind: 'events', filter, within, atLeast: least, atMost: most }
}

function checkFilter(written: string, filter: string): void {
  if (filter === '') throw bad(`${JSON.stringify(written)} has no filter; write ${FORMS}.`)
  try {
    parseFilter(filter)
  } catch (thrown) {
    if (!(thrown instanceof FilterError)) throw thrown
    throw bad(`The filter of ${JSON.stringify(written)} is not valid. ${thrown.message}`)
  }
}

function bad(sentence: string): Failure {
  return new Failure('BAD_EXPECTATION', sentence)
}

/** Whether a number is as expected. */
export function compares(left: number, comparison: FigureComparison, right: number): boolean {
  switch (comparison) {
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '<=':
      return left <= right
    case '>=':
      return left >= right
    case '<':
      return left < right
    case '>':
      return left > right
  }
}

/** The sentence of an expectation that failed: what was expected, and what came. */
export function failureSentence({
  text,
  detail = 'nothing came',
  cameInstead = [],
}: ExpectationStatus): string {
  const instead = cameInstead.length === 0 ? '' : ` Came instead: ${cameInstead.join(', ')}.`
  return `Expected ${text}: ${detail}.${instead}`
}
