import * as l10n from '@vscode/l10n'
import { useId } from 'preact/hooks'
import type { Finding } from '../../src/shared/finding.ts'
import { eventCount } from '../format/count.ts'
import { findingTimes, SEVERITY_LOOKS } from '../format/finding.ts'
import { can } from '../state/can.ts'
import { chooseFinding, eventsOf, showEvents } from '../state/finding-actions.ts'
import type { KnownFinding } from '../state/findings.ts'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'
import { RuleText } from '../ui/RuleText.tsx'
import { Sentence } from '../ui/Sentence.tsx'
import { FindingChartView } from './FindingChartView.tsx'
import { MuteButton } from './MuteButton.tsx'
import { Threshold } from './Threshold.tsx'

/** A finding: what was found, the evidence for it, and what to do. A press marks it on the timeline. */
export function FindingCard({ known }: { known: KnownFinding }) {
  const page = usePage()
  const title = useId()
  const { finding } = known
  const { connection, severity, message, chart } = finding
  const look = SEVERITY_LOOKS[severity]
  const color = connection === undefined ? '' : ` connection-${page.looks.colorOf(connection)}`
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a press of the title, which is a button, comes here.
    <article
      class={`finding-card tone-${look.tone}${color}${chart === undefined ? '' : ' has-chart'}`}
      aria-labelledby={title}
      onClick={() => chooseFinding(page, known)}
    >
      <span class="finding-icon">
        <Icon name={look.icon} />
      </span>
      <div class="finding-words">
        <header>
          <h2 id={title}>
            <span class="visually-hidden">{look.name}: </span>
            <button type="button" class="finding-title">
              <RuleText text={finding.title ?? message} />
            </button>
          </h2>
          <Place finding={finding} />
        </header>
        {finding.title !== undefined && (
          <p>
            <RuleText text={message} />
          </p>
        )}
        <Advice finding={finding} />
        <footer>
          <EventsButton known={known} />
          <ExplainButton finding={finding} />
          <MuteButton finding={finding} />
          <span class="finding-basis dim">
            {finding.confidence !== undefined && <span>{l10n.t('Inferred: {0}', finding.confidence)}</span>}
            {finding.threshold !== undefined && (
              <Threshold rule={finding.rule} threshold={finding.threshold} />
            )}
            <code class="mono">{finding.rule}</code>
          </span>
        </footer>
      </div>
      {chart !== undefined && <FindingChartView chart={chart} />}
    </article>
  )
}

/** Where and when. */
function Place({ finding }: { finding: Finding }) {
  const { looks } = usePage()
  const { connection } = finding
  return (
    <span class="finding-place">
      {connection === undefined ? (
        <span class="dim">{l10n.t('whole session')}</span>
      ) : (
        <span class="finding-connection clip">{looks.nameOf(connection)}</span>
      )}
      <span class="dim tabular">{findingTimes(finding)}</span>
    </span>
  )
}

function Advice({ finding: { advice, source } }: { finding: Finding }) {
  if (advice === undefined && source === undefined) return null
  const link = source !== undefined && (
    <a class="link" href={source.url}>
      {source.title}
      <Icon name="link-external" />
    </a>
  )
  return (
    <p>
      {advice === undefined ? (
        link
      ) : (
        <>
          <span class="dim">{l10n.t('Advice')}</span> <RuleText text={advice} /> {link}
        </>
      )}
    </p>
  )
}

/** Puts the finding into the chat of the editor. */
function ExplainButton({ finding: { rule, connection, from } }: { finding: Finding }) {
  const page = usePage()
  if (!can(page, 'explainFinding')) return null
  return (
    <button
      type="button"
      class="quiet-button"
      title={l10n.t(
        'Puts the finding and its events into the chat, with secrets masked. Nothing is sent yet.',
      )}
      onClick={(event) => {
        event.stopPropagation()
        void page.call('explainFinding', { rule, connection: connection ?? null, from: from ?? null }, 0)
      }}
    >
      <Icon name="sparkle" />
      {l10n.t('Explain this')}
    </button>
  )
}

function EventsButton({ known: { key, finding } }: { known: KnownFinding }) {
  const page = usePage()
  void page.session.status.value
  const { events = [] } = finding
  if (events.length === 0) return null
  const kept = eventsOf(page, finding)
  const words = kept.length === 1 ? l10n.t('Show event') : l10n.t('Show {0}', eventCount(kept.length))
  return (
    <Chip
      disabled={kept.length === 0}
      title={kept.length < events.length ? l10n.t('The other events are not kept any more.') : undefined}
      onClick={(event) => {
        event.stopPropagation()
        page.findings.choose(key)
        showEvents(page, kept)
      }}
    >
      <Icon name="list-selection" />
      {kept.length === 0 ? (
        <Sentence text={l10n.t('{0}, not kept any more')} parts={[eventCount(events.length)]} />
      ) : (
        words
      )}
    </Chip>
  )
}
