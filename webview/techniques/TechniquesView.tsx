import * as l10n from '@vscode/l10n'
import type { TechniqueFeed, TechniqueReport } from '../../src/shared/techniques.ts'
import { shortSpan } from '../../src/shared/text/quantities.ts'
import { connectionCount, eventCount } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'
import { ConnectionChoice } from './ConnectionChoice.tsx'
import { FeedRateSlider } from './FeedRateSlider.tsx'
import { Questions } from './Questions.tsx'
import { Ranking } from './Ranking.tsx'
import { TechniqueTable } from './TechniqueTable.tsx'

/** The connections that carry one feed side by side, and which technique fits it. */
export function TechniquesView() {
  const page = usePage()
  const { techniques } = page
  const report = techniques.report.value
  const rate = techniques.rate.value
  const hasFeed = report !== undefined && report.feed !== null
  return (
    <section
      class="techniques"
      aria-label={l10n.t('Techniques')}
      aria-busy={report === undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus
      tabIndex={0}
    >
      <header>
        <h1>{titleOf(report)}</h1>
        {report?.feed && <span class="dim tabular">{factsOf(report.feed)}</span>}
        {report !== undefined && <ConnectionChoice report={report} />}
        <span class="spacer" />
        {rate !== null && <FeedRateSlider rate={rate} />}
        {rate === null && !page.isRecording && (
          <Chip onClick={() => void openFeed()}>
            <Icon name="beaker" />
            {l10n.t('Open the Demo’s Feed')}
          </Chip>
        )}
        <Chip disabled={!hasFeed} onClick={() => void page.call('exportTechniques', techniques.question, 0)}>
          <Icon name="export" />
          {l10n.t('Export…')}
        </Chip>
      </header>
      {report === undefined ? (
        <p role="status">{l10n.t('Reading the session…')}</p>
      ) : (
        <>
          {hasFeed && <TechniqueTable report={report} />}
          <div class="technique-columns">
            <Ranking report={report} />
            <Questions report={report} />
          </div>
        </>
      )}
    </section>
  )

  async function openFeed() {
    await page.call('openFeed', null)
    await techniques.setRate(null)
  }
}

function titleOf(report: TechniqueReport | undefined): string {
  const feed = report?.feed
  if (feed === null || feed === undefined) return l10n.t('Techniques')
  return l10n.t('One feed on {0}', connectionCount(feed.connections.length))
}

/** How much there is, how the connections were matched, and what latencies count from. */
function factsOf({ events, duration, by, counter, clock, latencyFrom, skew }: TechniqueFeed): string {
  const matched =
    by === 'content'
      ? l10n.t('matched by content')
      : by === 'counter' && counter !== null
        ? l10n.t('matched by {0}', `$.${counter}`)
        : by === 'chosen'
          ? l10n.t('chosen')
          : undefined
  const from =
    latencyFrom === 'clock' && clock !== null
      ? l10n.t('latency from {0}', `$.${clock}`)
      : latencyFrom === 'fastest'
        ? l10n.t('latency after the first arrival')
        : undefined
  const apart = skew === null ? undefined : l10n.t('clocks at least {0} apart', formatDuration(skew))
  return [eventCount(events), shortSpan(duration), matched, from, apart]
    .filter((part) => part !== undefined)
    .join(' · ')
}
