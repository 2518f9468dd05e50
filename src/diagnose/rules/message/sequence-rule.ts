/** What the rules about the values of a counter have in common. */
import { MAX_CHART_POINTS, type SeriesChart } from '../../../shared/finding-chart.ts'
import { formatCount, nounFor } from '../../../shared/text/quantities.ts'
import { connectionRule, type Found, type Rule, type RuleRun } from '../../rule.ts'
import { quoted } from '../quoted.ts'
import { counterFeedOf } from './counter-feed.ts'
import type { Seen, Sequence } from './sequence.ts'

/** What a rule says of the sequence. */
export interface SequenceFound {
  /** How many values it is about, which is compared with the threshold. */
  readonly count: number
  /** Where it shows first, and last. */
  readonly from: number
  readonly to: number
  readonly events: readonly number[]
  /** `name` is the quoted name of the counter, `on` that of the connection. */
  readonly title: string
  readonly message: string
  readonly advice: string
  readonly evidence: Found['evidence']
  /** Values that are wrong: marked among the values that came, or added to them. */
  readonly wrong: readonly Seen[]
  readonly spans?: SeriesChart['spans']
}

export interface SequenceRule extends Pick<Rule, 'name' | 'about'> {
  readonly severity: Found['severity']
  /** What is counted, for the threshold. */
  readonly counts: string
  find(sequence: Sequence, name: string, on: string): SequenceFound | undefined
}

/** A rule about the counter that is found in the messages of each connection. */
export function sequenceRule({ name, about, severity, counts, find }: SequenceRule): Rule {
  return connectionRule({
    ...{ name, about },
    takes: ['message'],
    readsPayloads: true,
    threshold: { value: 1, unit: 'count', about: counts },
    source: {
      title: 'RFC 3550, section 5.1 (what sequence numbers are for)',
      url: 'https://www.rfc-editor.org/rfc/rfc3550#section-5.1',
    },
    start(connection, { threshold }): RuleRun {
      const feed = counterFeedOf(connection)
      return {
        add: (event) => feed.add(event),
        skipped: () => feed.restart(),
        findings() {
          if (feed.name === undefined) return []
          const { steps, ones } = feed.sequence
          const found = find(feed.sequence, quoted(feed.name), connection.name)
          if (found === undefined || found.count < threshold) return []
          const { wrong, spans, count, ...rest } = found
          return [
            {
              severity,
              ...rest,
              confidence: `${feed.name} rose by 1 in ${formatCount(ones)} of ${formatCount(steps)} ${nounFor(steps, 'step')}`,
              chart: chartOf(feed.name, feed.points.values, wrong, spans),
            },
          ]
        },
      }
    },
  })
}

/** Values around those that are wrong, at most as many as a chart may have. */
function chartOf(
  label: string,
  points: readonly Seen[],
  wrong: readonly Seen[],
  spans?: SeriesChart['spans'],
): SeriesChart {
  const most = MAX_CHART_POINTS / 2
  const shown = wrong.slice(0, most)
  const wrongNumbers = new Set(shown.map(({ number, value }) => `${number} ${value}`))
  const from = (shown[0]?.time ?? 0) - AROUND
  const to = (shown.at(-1)?.time ?? 0) + AROUND
  const near = points.filter(
    ({ time, number, value }) => time >= from && time <= to && !wrongNumbers.has(`${number} ${value}`),
  )
  const others = near.length > 0 ? near : points
  return {
    kind: 'series',
    label,
    unit: 'count',
    points: [
      ...others.slice(0, most).map(({ time, value }) => ({ time, value })),
      ...shown.map(({ time, value }) => ({ time, value, tone: 'wrong' as const })),
    ].sort((one, other) => one.time - other.time),
    ...(spans !== undefined && spans.length > 0 && { spans }),
  }
}

/** Milliseconds of the session that a chart shows before and after what is wrong. */
const AROUND = 5000
