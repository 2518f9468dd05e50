/** Paths that differ again and again, such as times and ids: what people ignore first. */
import type { ListedDifference } from '../../src/shared/comparison.ts'

export interface VolatilePath {
  /** A JSONPath, in which the numbers of items are `*`. */
  readonly path: string
  /** Changed messages that differ there, of all changed messages. */
  readonly count: number
  readonly of: number
}

/** Maximum number of paths to offer, and the least share of the changed messages in which an offered path differs. */
const MOST = 5
const LEAST_SHARE = 0.5
const LEAST_COUNT = 2

/** The path for every item of the arrays on its way. Undefined if it is not a JSONPath but the name of a field. */
export function ignorable(path: string): string | undefined {
  return path.startsWith('$') && path !== '$' ? path.replaceAll(/\[\d+\]/g, '[*]') : undefined
}

/** The paths that differ in most of the changed messages, the most frequent first. */
export function volatilePaths(differences: readonly ListedDifference[]): VolatilePath[] {
  const changed = differences.filter(({ kind }) => kind === 'changed')
  const counts = new Map<string, number>()
  for (const { changes } of changed) {
    const paths = new Set(changes.map(({ path }) => ignorable(path)))
    for (const path of paths) if (path !== undefined) counts.set(path, (counts.get(path) ?? 0) + 1)
  }
  return [...counts]
    .filter(([, count]) => count >= LEAST_COUNT && count >= LEAST_SHARE * changed.length)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST)
    .map(([path, count]) => ({ path, count, of: changed.length }))
}
