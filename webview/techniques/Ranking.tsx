import * as l10n from '@vscode/l10n'
import type { TechniqueAdvice, TechniqueReason, TechniqueReport } from '../../src/shared/techniques.ts'
import { shortSpan } from '../../src/shared/text/quantities.ts'
import { TECHNIQUES } from '../connecting/techniques.ts'

/** Reasons of a technique that is not the first, at first. */
const FEW = 2

/** The techniques, the best first, with their reasons. */
export function Ranking({ report: { advice, feed, missing } }: { readonly report: TechniqueReport }) {
  return (
    <section class="technique-ranking" aria-labelledby="technique-ranking">
      <h2 id="technique-ranking">
        {l10n.t('Which fits this feed')}{' '}
        {feed !== null && advice.length > 0 && (
          <span class="dim">{l10n.t('from {0} and your answers', shortSpan(feed.duration))}</span>
        )}
      </h2>
      <ol>
        {advice.map((each, place) => (
          <Ranked key={each.technique} advice={each} isFirst={place === 0} />
        ))}
      </ol>
      {missing.length > 0 && (
        <>
          <h2>{l10n.t('What is missing')}</h2>
          <ul class="dim">
            {missing.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function Ranked({
  advice: { technique, summary, because },
  isFirst,
}: {
  advice: TechniqueAdvice
  isFirst: boolean
}) {
  const [shown, more] = isFirst ? [because, []] : [because.slice(0, FEW), because.slice(FEW)]
  return (
    <li class={isFirst ? 'first' : undefined}>
      <div>
        <p>
          <b>{TECHNIQUES[technique].name}</b> {summary}
        </p>
        <Reasons reasons={shown} />
        {more.length > 0 && (
          <details>
            <summary class="dim">{l10n.t('All reasons')}</summary>
            <Reasons reasons={more} />
          </details>
        )}
      </div>
    </li>
  )
}

function Reasons({ reasons }: { readonly reasons: readonly TechniqueReason[] }) {
  return (
    <ul>
      {reasons.map(({ text, source }) => (
        <li key={text}>
          {l10n.t('because {0}', text)}{' '}
          {source !== undefined && (
            <a class="link" href={source.url}>
              {source.title}
            </a>
          )}
        </li>
      ))}
    </ul>
  )
}
