/** Decides by the times of requests in a row whether they are the cycles of a poll. docs/recorded-traffic.md describes the rule to users. */
import type { PollingTransport } from '../../shared/transports.ts'

/** A request with its response. All times are in milliseconds. */
export interface CycleTimes {
  readonly started: number
  /** When the response was complete; undefined while it is not. */
  readonly ended: number | undefined
}

/** A server that answers after this time has held the response. */
const HELD = 1000
/** A request that follows a response within this time follows at once. */
const AT_ONCE = 500
/** How many responses must have been held, each with a request that follows at once. */
const HELD_CYCLES = 2
/** Shorter pauses between a response and the next request are those of a program that reads one page after another. */
const MIN_PAUSE = 100
/** How many requests at a steady interval are a poll. */
const STEADY = 4
/** How far the shortest and the longest of steady intervals differ at most: a share, and milliseconds for slow machines. */
const TOLERANCE = 0.1
const TOLERANCE_MS = 50
/** How many requests are a poll if the longest interval between them is at most three times the shortest. */
const REGULAR = 8
const REGULAR_RATIO = 3

/** How many requests the rule looks at. */
export const MAX_CYCLES = REGULAR

export interface Repetition {
  readonly transport: PollingTransport
  /** Index of the first request that belongs to it. */
  readonly from: number
}

/**
 * What requests to one address are, each of which started after the response before it had ended; undefined while they show nothing.
 * Only the last one may not have ended.
 */
export function repetitionOf(cycles: readonly CycleTimes[]): Repetition | undefined {
  return longPoll(cycles) ?? steady(cycles, STEADY, isSteady) ?? steady(cycles, REGULAR, isRegular)
}

/** Held responses, each followed by a request at once. */
function longPoll(cycles: readonly CycleTimes[]): Repetition | undefined {
  let from = cycles.length - 1
  let held = 0
  for (; from > 0; from--) {
    const before = cycles[from - 1]
    if (pauseBetween(before, cycles[from]) > AT_ONCE) break
    if (before?.ended !== undefined && before.ended - before.started >= HELD) held++
  }
  return held >= HELD_CYCLES ? { transport: 'long-poll', from } : undefined
}

/** Requests with pauses between them whose intervals pass a test. */
function steady(
  cycles: readonly CycleTimes[],
  count: number,
  test: (intervals: readonly number[]) => boolean,
): Repetition | undefined {
  const from = cycles.length - count
  if (from < 0) return undefined
  const last = cycles.slice(from)
  const pairs = last.slice(1).map((cycle, index) => [last[index], cycle] as const)
  if (pairs.some(([before, next]) => pauseBetween(before, next) < MIN_PAUSE)) return undefined
  const fromStart = pairs.map(([before, next]) => (next?.started ?? 0) - (before?.started ?? 0))
  const fromEnd = pairs.map(([before, next]) => pauseBetween(before, next))
  return test(fromStart) || test(fromEnd) ? { transport: 'poll', from } : undefined
}

function isSteady(intervals: readonly number[]): boolean {
  const { shortest, longest } = extremes(intervals)
  return longest - shortest <= Math.max(TOLERANCE_MS, TOLERANCE * shortest)
}

function isRegular(intervals: readonly number[]): boolean {
  const { shortest, longest } = extremes(intervals)
  return longest <= REGULAR_RATIO * shortest
}

function extremes(values: readonly number[]): { readonly shortest: number; readonly longest: number } {
  const sorted = values.toSorted((a, b) => a - b)
  return { shortest: sorted[0] ?? 0, longest: sorted.at(-1) ?? 0 }
}

function pauseBetween(before: CycleTimes | undefined, next: CycleTimes | undefined): number {
  return (next?.started ?? 0) - (before?.ended ?? Number.NEGATIVE_INFINITY)
}
