/** Writes a report as one HTML file without scripts: tables, and charts as SVG. */

import type { FindingSource } from '../../shared/finding.ts'
import { findingLines, findingTitle } from '../../shared/finding-text.ts'
import {
  type Axis,
  barsPath,
  bucketOf,
  type ChartBar,
  gapAxis,
  gapBars,
  rateBars,
  sizeAxis,
  sizeBars,
  timeAxis,
  topOf,
  type Way,
} from '../../shared/report/charts.ts'
import type { ConnectionReport, ReportedFinding, SessionReport } from '../../shared/report.ts'
import { formatCount, preciseSpan } from '../../shared/text/quantities.ts'
import {
  COLUMN_NAMES,
  connectionCells,
  detailsOf,
  findingPlaces,
  namesOf,
  sessionFacts,
  timeSpanText,
  totalCells,
} from './facts.ts'
import { escapeHtml, pageHtml, rowHtml, tableHtml } from './html-page.ts'

export function reportHtml(report: SessionReport): string {
  const nameOf = namesOf(report)
  const ways: readonly Way[] = report.connections.some(({ out }) => out.messages > 0) ? ['in', 'out'] : ['in']
  return pageHtml({
    title: timeSpanText(report),
    main: `<dl class="facts">
${sessionFacts(report).map(factHtml).join('\n')}
</dl>
${findingsHtml(report)}${tableHtml(
  'Connections',
  COLUMN_NAMES,
  report.connections.map((each) => rowHtml(connectionCells(each, nameOf(each)), mark(each.id), each.url)),
  rowHtml(totalCells(report)),
)}
${ways.map((way) => chartsHtml(report, way)).join('\n')}
<section>
<h2>Details</h2>
${report.connections.map((each) => detailsHtml(each, nameOf(each))).join('\n')}
</section>
`,
    footer: report.generator === '' ? '' : escapeHtml(`Recorded by ${report.generator}`),
  })
}

function findingsHtml(report: SessionReport): string {
  const { findings } = report
  if (findings.length === 0) return ''
  const placeOf = findingPlaces(report)
  return `<section>
<h2>Findings</h2>
<ol class="findings">
${findings.map((finding) => findingHtml(finding, placeOf(finding))).join('\n')}
</ol>
</section>
`
}

function findingHtml(finding: ReportedFinding, place: string): string {
  const { severity, rule, connection, source } = finding
  const lines = findingLines(finding).map(({ name, text }) =>
    name === ''
      ? `<p>${escapeHtml(text)}</p>`
      : `<dt>${name}</dt><dd>${name === 'Source' && source !== undefined ? linkHtml(source) : escapeHtml(text)}</dd>`,
  )
  const [said = '', ...facts] = lines
  return `<li><h3><b class="${severity}">${severity}</b> ${escapeHtml(findingTitle(finding))} <code>${escapeHtml(rule)}</code></h3>
<p class="place">${connection === undefined ? '' : mark(connection)}${escapeHtml(place)}</p>
${said}<dl class="details">${facts.join('')}</dl></li>`
}

function linkHtml({ title, url }: FindingSource): string {
  return `<a href="${escapeHtml(url)}" rel="noreferrer">${escapeHtml(title)}</a>`
}

function factHtml({ name, value, detail }: { name: string; value: string; detail: string }): string {
  return `<div><dt>${escapeHtml(name)}</dt><dd><b>${escapeHtml(value)}</b> <span>${escapeHtml(detail)}</span></dd></div>`
}

/** The stripe with the color of a connection. */
function mark(id: number): string {
  return `<i class="mark ${colorOf(id)}"></i>`
}

const COLORS = 5

function colorOf(id: number): string {
  return `c${(id - 1) % COLORS}`
}

const WAYS = { in: 'received', out: 'sent' } as const

function chartsHtml(report: SessionReport, way: Way): string {
  const connections = report.connections.filter((each) => each[way].messages > 0)
  if (connections.length === 0) return ''
  const axes = [timeAxis(report), gapAxis(report, way), sizeAxis(report, way)] as const
  const [time, gap, size] = axes
  const nameOf = namesOf(report)
  const rows = connections.map((connection) => {
    const traffic = connection[way]
    const name = nameOf(connection)
    const chart = { connection, name }
    return `<h3>${mark(connection.id)}${escapeHtml(name)}</h3>
${chartHtml(chart, `Messages ${WAYS[way]} over time`, rateBars(traffic, time), time, way)}
${chartHtml(chart, `Gaps between messages ${WAYS[way]}`, gapBars(traffic, gap), gap)}
${chartHtml(chart, `Sizes of messages ${WAYS[way]}`, sizeBars(traffic, size), size)}`
  })
  return `<section>
<h2>${way === 'in' ? 'Received' : 'Sent'}, compared</h2>
<div class="charts">
<b></b>
<b>Messages ${WAYS[way]} in ${preciseSpan(bucketOf(report.connections))}</b>
<b>Gaps between messages, count</b>
<b>Message sizes, count</b>
${rows.join('\n')}
<b></b>
${axes.map(axisHtml).join('\n')}
</div>
</section>`
}

/** Of a chart's box, which is stretched to the width that there is. */
const WIDTH = 1000
const HEIGHT = 60

function chartHtml(
  { connection, name }: { readonly connection: ConnectionReport; readonly name: string },
  title: string,
  bars: readonly ChartBar[],
  { ticks, place }: Axis,
  over?: Way,
): string {
  const grid = ticks.map(({ at }) => `M${(at * WIDTH).toFixed(1)} 0V${HEIGHT}`).join('')
  const down = over === undefined ? [] : connection.down
  const outages = down
    .map(({ from, to }) => {
      const [left, right] = [place(from) * WIDTH, place(to) * WIDTH]
      return `<rect class="down" x="${left.toFixed(1)}" width="${Math.max(2, right - left).toFixed(1)}" height="${HEIGHT}"><title>down for ${preciseSpan(to - from)}</title></rect>`
    })
    .join('')
  const label = escapeHtml(`${title}, ${name}: at most ${formatCount(topOf(bars))}`)
  return `<figure><figcaption aria-hidden="true"><span>${formatCount(topOf(bars))}</span><span>0</span></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}"><path class="grid" d="${grid}"/>${outages}<path class="${colorOf(connection.id)}" d="${barsPath(bars, WIDTH, HEIGHT)}"/></svg></figure>`
}

function axisHtml({ ticks }: Axis): string {
  const labels = ticks
    .map(({ at, label }) => `<span style="left:${(at * 100).toFixed(2)}%">${escapeHtml(label)}</span>`)
    .join('')
  return `<div class="axis" aria-hidden="true">${labels}</div>`
}

function detailsHtml(connection: ConnectionReport, name: string): string {
  const facts = detailsOf(connection)
  return `<h3>${mark(connection.id)}${escapeHtml(connection.url || name)}</h3>
${facts.length === 0 ? '' : `<dl class="details">${facts.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>`}`
}
