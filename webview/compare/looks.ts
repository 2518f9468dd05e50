/** How each kind of difference looks: a sign, a word and a color. */
import type { DifferenceKind } from '../../src/shared/comparison.ts'

export const KINDS: readonly {
  readonly kind: DifferenceKind
  readonly sign: string
  readonly name: string
}[] = [
  { kind: 'changed', sign: '~', name: 'changed' },
  { kind: 'moved', sign: '↕', name: 'reordered' },
  { kind: 'missing', sign: '−', name: 'missing in B' },
  { kind: 'extra', sign: '+', name: 'extra in B' },
  { kind: 'late', sign: '»', name: 'late' },
  { kind: 'early', sign: '«', name: 'early' },
]
