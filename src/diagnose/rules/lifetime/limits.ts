/**
 * Whether ends are explained by a limit on silence or by one on the age of a connection. Timers are precise, so the same limit
 * ends connections after nearly the same time. If a connection has survived a longer silence, no idle timeout ended the others.
 */
import type { Silences } from '../../observed-connection.ts'
import type { End } from './ends.ts'

/** Shorter silences and lives, in ms, are not told from the pace of the application. */
const SHORTEST = 1000
/** As `SHORTEST`, for connections that the server ended properly: these are mostly over because all was said. */
const SHORTEST_COMPLETE = 10_000
/** Of the ends that nobody here asked for, how many a limit has to explain. */
const SHARE = 0.75

/** What a limit is on: silence in a direction, or in both, or the age. */
export type LimitKind = keyof Silences | 'age'

export interface Limit {
  readonly kind: LimitKind
  /** Milliseconds, of the ends that it explains. */
  readonly least: number
  readonly median: number
  readonly most: number
  /** In order of time. */
  readonly ends: readonly End[]
  /** All ends that nobody here asked for or caused on purpose, these among them. */
  readonly all: readonly End[]
}

/** How far values may be apart that have one cause, in ms. */
export function toleranceOf(value: number): number {
  return Math.min(Math.max(0.02 * value, 250), 2000)
}

/** The silence before an end, or the age at it. */
export function spanOf(end: End, kind: LimitKind): number {
  const { openedAt, endedAt, silent, silentIn, silentOut } = end
  return { any: silent, in: silentIn, out: silentOut, age: endedAt - openedAt }[kind]
}

/** The silence after which the connections end. Undefined if there is none, or if one of them has survived a longer one. */
export function idleLimit(ends: readonly End[], survived: Silences, least: number): Limit | undefined {
  const kinds = ['any', 'in', 'out'] as const
  for (const kind of kinds) {
    const limit = limitOf(ends, kind, least)
    if (limit === undefined || survived[kind] > limit.most + toleranceOf(limit.most)) continue
    // If nothing was ever sent, this is the age.
    if (kind === 'out' && limit.ends.some((end) => spanOf(end, 'out') === spanOf(end, 'age'))) continue
    return limit
  }
  return undefined
}

/** The value that most ends share, of at least `least` ends. */
export function limitOf(ends: readonly End[], kind: LimitKind, least: number): Limit | undefined {
  const all = apart(ends.filter(({ by, isOnPurpose }) => by !== 'client' && !isOnPurpose))
  const sorted = all
    .filter((end) => spanOf(end, kind) >= (end.isComplete ? SHORTEST_COMPLETE : SHORTEST))
    .sort((one, other) => spanOf(one, kind) - spanOf(other, kind))
  const values = sorted.map((end) => spanOf(end, kind))
  const { from, to } = closest(values)
  const count = to - from
  if (count < least || count < SHARE * all.length) return undefined
  return {
    kind,
    least: values[from] ?? 0,
    median: medianOf(values.slice(from, to)),
    most: values[to - 1] ?? 0,
    ends: sorted.slice(from, to).sort((one, other) => one.endedAt - other.endedAt),
    all,
  }
}

/** The least and the most of a kind. */
export function rangeOf(ends: readonly End[], kind: LimitKind): { least: number; most: number } {
  const sorted = ends.map((end) => spanOf(end, kind)).sort((one, other) => one - other)
  return { least: sorted[0] ?? 0, most: sorted.at(-1) ?? 0 }
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[sorted.length >> 1] ?? 0
}

/** The longest run of sorted values that are no further apart than `toleranceOf`. */
function closest(sorted: readonly number[]): { from: number; to: number } {
  let best = { from: 0, to: 0 }
  let from = 0
  sorted.forEach((value, at) => {
    while (value - (sorted[from] ?? 0) > toleranceOf(sorted[from] ?? 0)) from++
    if (at + 1 - from > best.to - best.from) best = { from, to: at + 1 }
  })
  return best
}

/** One of the connections that ended together: a server that stops ends all of them, whatever their limit. */
function apart(ends: readonly End[]): End[] {
  const chosen: End[] = []
  for (const end of ends) {
    const before = chosen.at(-1)
    if (before === undefined || end.endedAt - before.endedAt > SHORTEST / 2) chosen.push(end)
  }
  return chosen
}
