import type { ComparisonCounts } from '../../session/compare/compare.ts'

const NAMES: readonly (readonly [keyof ComparisonCounts, one: string, many: string])[] = [
  ['missing', 'missing', 'missing'],
  ['extra', 'extra', 'extra'],
  ['changed', 'changed', 'changed'],
  ['moved', 'reordered', 'reordered'],
  ['late', 'late', 'late'],
  ['early', 'early', 'early'],
  ['missingConnections', 'missing connection', 'missing connections'],
  ['extraConnections', 'extra connection', 'extra connections'],
  ['lifecycle', 'difference in what became of the connection', 'differences in what became of connections'],
]

/** Such as "2 missing, 1 changed". */
export function differencesSentence(counts: ComparisonCounts): string {
  return NAMES.filter(([name]) => counts[name] > 0)
    .map(([name, one, many]) => `${counts[name]} ${counts[name] === 1 ? one : many}`)
    .join(', ')
}
