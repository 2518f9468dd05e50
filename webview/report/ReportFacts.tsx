import * as l10n from '@vscode/l10n'
import { totalsOf } from '../../src/shared/report/totals.ts'
import type { SessionReport } from '../../src/shared/report.ts'
import { connectionCount, formatBytes, formatCount, messageCount } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'
import { usePage } from '../state/page.ts'

/** The figures of the whole session. */
export function ReportFacts({ report }: { report: SessionReport }) {
  const { looks } = usePage()
  const { in: received, out, wire, outages, timeLost, missed, firstByte } = totalsOf(report)
  const overhead =
    wire.share === null
      ? l10n.t('unknown')
      : wire.overhead < 0
        ? l10n.t('{0} saved', formatBytes(-wire.overhead))
        : l10n.t('{0}% is overhead', Math.round(wire.share * 100))
  const heads = wire.heads > 0 ? [l10n.t('heads {0}', formatBytes(wire.heads))] : []
  const unknown = wire.unknown > 0 ? [l10n.t('unknown for {0}', messageCount(wire.unknown))] : []
  const lost = timeLost > 0 ? [l10n.t('{0} lost', formatDuration(timeLost))] : []
  return (
    <dl class="report-facts">
      <Fact
        name={l10n.t('Duration')}
        value={formatDuration(report.duration)}
        detail={connectionCount(report.connections.length)}
      />
      <Fact
        name={l10n.t('Received')}
        value={formatCount(received.messages)}
        detail={formatBytes(received.payload)}
      />
      <Fact name={l10n.t('Sent')} value={formatCount(out.messages)} detail={formatBytes(out.payload)} />
      <Fact
        name={l10n.t('On the wire')}
        value={wire.share === null ? '–' : formatBytes(wire.bytes)}
        detail={wire.share === null ? overhead : [overhead, ...heads, ...unknown].join(', ')}
      />
      {firstByte !== null && (
        <Fact
          name={l10n.t('First byte')}
          value={
            firstByte.least === firstByte.most
              ? formatDuration(firstByte.most)
              : l10n.t('{0} to {1}', formatDuration(firstByte.least), formatDuration(firstByte.most))
          }
          detail={l10n.t('slowest: {0}', looks.nameOf(firstByte.slowest))}
        />
      )}
      <Fact
        name={l10n.t('Outages')}
        value={formatCount(outages)}
        detail={[...lost, ...(missed > 0 ? [l10n.t('{0} missed', formatCount(missed))] : [])].join(', ')}
      />
    </dl>
  )
}

function Fact({ name, value, detail }: { name: string; value: string; detail: string }) {
  return (
    <div>
      <dt class="dim">{name}</dt>
      <dd>
        <b class="tabular">{value}</b>
        <span class="dim clip" title={detail}>
          {detail}
        </span>
      </dd>
    </div>
  )
}
