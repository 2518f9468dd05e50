import * as l10n from '@vscode/l10n'
import type { ListedDifference } from '../../src/shared/comparison.ts'
import { formatCount } from '../format/count.ts'
import { LinkButton } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Sentence } from '../ui/Sentence.tsx'
import { volatilePaths } from './volatile.ts'

interface VolatilePathsProps {
  readonly differences: readonly ListedDifference[]
  ignore(path: string): void
}

/** Offers to ignore what differs in most messages, so that the other differences can be seen. */
export function VolatilePaths({ differences, ignore }: VolatilePathsProps) {
  const paths = volatilePaths(differences)
  if (paths.length === 0) return null
  return (
    <ul class="volatile" aria-label={l10n.t('Differs in most messages')}>
      {paths.map(({ path, count, of }) => (
        <li key={path}>
          <Icon name="lightbulb" />
          <span>
            <Sentence
              text={l10n.t('{0} differs in {1} of {2} changed messages.')}
              parts={[<code key="path">{path}</code>, formatCount(count), formatCount(of)]}
            />
          </span>
          <LinkButton aria-label={l10n.t('Ignore {0}', path)} onClick={() => ignore(path)}>
            {l10n.t('Ignore')}
          </LinkButton>
        </li>
      ))}
    </ul>
  )
}
