/** How each kind of difference looks: a sign, a word and a color. */
import * as l10n from '@vscode/l10n'
import type { DifferenceKind } from '../../src/shared/comparison.ts'

export const KINDS: readonly {
  readonly kind: DifferenceKind
  readonly sign: string
  readonly name: string
}[] = [
  { kind: 'changed', sign: '~', name: l10n.t('changed') },
  { kind: 'moved', sign: '↕', name: l10n.t('reordered') },
  { kind: 'missing', sign: '−', name: l10n.t('missing in B') },
  { kind: 'extra', sign: '+', name: l10n.t('extra in B') },
  { kind: 'late', sign: '»', name: l10n.t('late') },
  { kind: 'early', sign: '«', name: l10n.t('early') },
]
