import type { ConnectionReport, DirectionReport, Distribution } from '../../src/shared/report.ts'
import { formatBytes, formatCount, plural } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/Icon.tsx'
import { Bars } from './Bars.tsx'

/** The report on the session: traffic, rates, gaps, sizes, outages and polls of each connection. */
export function ReportView() {
  const { report: store } = usePage()
  const report = store.report.value
  return (
    <section class="report" aria-label="Report" aria-busy={store.isBusy.value}>
      <header>
        <h1>Report</h1>
        {report !== undefined && (
          <span class="dim">
            {plural(report.events, 'event')} on {plural(report.connections.length, 'connection')} in{' '}
            {formatDuration(report.duration)}
          </span>
        )}
        <span class="spacer" />
        <IconButton
          icon="refresh"
          name="Report again"
          disabled={store.isBusy.value}
          onClick={() => void store.refresh()}
        />
        <IconButton icon="close" name="Close the report" onClick={() => store.toggle()} />
      </header>
      {report === undefined && store.isBusy.value && <p role="status">Reading the session…</p>}
      {report?.connections.map((connection) => (
        <ConnectionCard key={connection.id} connection={connection} />
      ))}
    </section>
  )
}

function ConnectionCard({ connection }: { connection: ConnectionReport }) {
  const { id, transport, url, outages, polls } = connection
  const losses: [string, string][] = [
    ['Reconnects', formatCount(outages.reconnects)],
    ['Time lost', `${formatDuration(outages.timeLost)} in ${plural(outages.outages, 'outage')}`],
    ['Longest outage', formatDuration(outages.longest)],
    ['Missed, repeated', `${formatCount(outages.missed)}, ${formatCount(outages.repeated)}`],
  ]
  return (
    <article>
      <h2>
        {id} · {transport} <span class="mono">{url}</span>
      </h2>
      <div class="report-parts">
        <Direction name="Received" tone="in" report={connection.in} />
        <Direction name="Sent" tone="out" report={connection.out} />
        {outages.reconnects + outages.outages > 0 && <Facts name="Outages" facts={losses} />}
        {polls !== null && (
          <Facts
            name="Polls"
            facts={[
              ['Answers', formatCount(polls.responses)],
              ['Empty', `${formatCount(polls.empty)} (${Math.round(polls.emptyShare * 100)} %)`],
              ['Held', percentiles(polls.held)],
            ]}
          />
        )}
        {Object.keys(connection.errors).length > 0 && (
          <Facts
            name="Errors"
            facts={Object.entries(connection.errors).map(([code, count]) => [code, formatCount(count)])}
          />
        )}
      </div>
    </article>
  )
}

function Direction({ name, tone, report }: { name: string; tone: 'in' | 'out'; report: DirectionReport }) {
  const { messages, bytes, gaps, rate, sizes } = report
  if (messages === 0) return null
  return (
    <>
      <Facts
        name={name}
        facts={[
          ['Messages', formatCount(messages)],
          ['Payload', formatBytes(bytes.payload)],
          ['On the wire', wire(report)],
          ['Gaps', percentiles(gaps)],
        ]}
      />
      <Bars
        name={`${name} over time`}
        tone={tone}
        unit={`messages in ${formatDuration(rate.bucket)} each, at most ${formatCount(rate.peak)}`}
        bars={rate.counts.map((value, at) => ({ name: `from ${formatDuration(at * rate.bucket)}`, value }))}
      />
      <Bars
        name={`Sizes ${name.toLowerCase()}`}
        tone={tone}
        unit="messages of each size"
        bars={sizes.map(({ from, to, count }) => ({
          name: to <= 1 ? formatBytes(from) : `${formatBytes(from)} to ${formatBytes(to)}`,
          value: count,
        }))}
      />
    </>
  )
}

function Facts({ name, facts }: { name: string; facts: readonly (readonly [string, string])[] }) {
  return (
    <table>
      <caption>{name}</caption>
      <tbody>
        {facts.map(([fact, value]) => (
          <tr key={fact}>
            <th scope="row">{fact}</th>
            <td class="tabular">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function percentiles(gaps: Distribution | null): string {
  if (gaps === null) return 'none'
  const [p50, p95, p99, max] = [gaps.p50, gaps.p95, gaps.p99, gaps.max].map(formatDuration)
  return `p50 ${p50} · p95 ${p95} · p99 ${p99} · max ${max}`
}

function wire({ bytes: { known, unknown, wire, overhead }, messages }: DirectionReport): string {
  if (known === 0) return 'unknown'
  const told = overhead < 0 ? `${formatBytes(-overhead)} saved` : `${formatBytes(overhead)} overhead`
  const rest = unknown > 0 ? `; unknown for ${formatCount(unknown)} of ${formatCount(messages)}` : ''
  return `${formatBytes(wire)}, ${told}${rest}`
}
