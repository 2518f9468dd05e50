import * as l10n from '@vscode/l10n'
import type { ConnectionReport, Distribution, SessionReport } from '../../src/shared/report.ts'
import { formatCount } from '../format/count.ts'
import { clocksText } from '../format/latency.ts'
import { formatDuration } from '../format/time.ts'
import { ConnectionTitle } from './ConnectionTitle.tsx'

/** What does not fit into a row or chart: all percentiles, what was lost, event names and errors. */
export function ReportDetails({ report }: { report: SessionReport }) {
  const details = report.connections
    .map((connection) => ({ connection, facts: factsOf(connection) }))
    .filter(({ facts }) => facts.length > 0)
  if (details.length === 0) return null
  return (
    <section class="report-details" aria-label={l10n.t('Details')}>
      <h2>{l10n.t('Details')}</h2>
      <div>
        {details.map(({ connection, facts }) => (
          <article key={connection.id}>
            <ConnectionTitle connection={connection} />
            <dl>
              {facts.map(([name, value]) => (
                <div key={name}>
                  <dt class="dim">{name}</dt>
                  <dd class="tabular">{value}</dd>
                </div>
              ))}
            </dl>
          </article>
        ))}
      </div>
    </section>
  )
}

function factsOf(connection: ConnectionReport) {
  const { in: received, out, roundTrips, answers, polls, delivery, outages, eventNames, errors } = connection
  const facts: (readonly [name: string, value: string])[] = [
    ...percentiles(l10n.t('Gaps received'), received.gaps),
    ...percentiles(l10n.t('Gaps sent'), out.gaps),
    ...percentiles(l10n.t('Round trips by ping'), roundTrips),
    ...percentiles(l10n.t('Answers'), answers),
    ...percentiles(l10n.t('Polls held'), polls?.held ?? null),
    ...percentiles(l10n.t('Delivery, above the fastest'), delivery?.latency ?? null),
  ]
  if (delivery !== null) facts.push([l10n.t('Clocks, by {0}', delivery.field), clocksText(delivery)])
  if (outages.outages > 0) facts.push([l10n.t('Longest outage'), formatDuration(outages.longest)])
  if (outages.missed + outages.repeated > 0)
    facts.push([
      l10n.t('Missed, repeated'),
      `${formatCount(outages.missed)}, ${formatCount(outages.repeated)}`,
    ])
  if (Object.keys(eventNames).length > 1) facts.push([l10n.t('Event names'), listed(eventNames)])
  if (Object.keys(errors).length > 0) facts.push([l10n.t('Errors'), listed(errors)])
  return facts
}

function percentiles(name: string, values: Distribution | null): (readonly [string, string])[] {
  if (values === null) return []
  const [p50 = '', p95 = '', p99 = '', max = ''] = [values.p50, values.p95, values.p99, values.max].map(
    formatDuration,
  )
  return [[name, l10n.t('p50 {0}, p95 {1}, p99 {2}, longest {3}', p50, p95, p99, max)]]
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${formatCount(count)}`)
    .join(', ')
}
