/** A finding in words, for the terminal and for documents. */
import type { Finding, FindingCounts, FindingThreshold } from './finding.ts'
import { SEVERITIES } from './finding.ts'
import { formatCount, formatDecimal } from './text/numbers.ts'
import { byteCount, longSpan, plural } from './text/quantities.ts'

/** Numbers of events that are written. */
const MAX_EVENTS = 10

const NOUNS = { error: 'error', warning: 'warning', info: 'hint' } as const

/** `1 error, 2 warnings`; empty if there are none. */
export function findingCountsText(counts: FindingCounts): string {
  return SEVERITIES.filter((severity) => counts[severity] > 0)
    .map((severity) => plural(counts[severity], NOUNS[severity]))
    .join(', ')
}

/** Its title, or the rule's name. */
export function findingTitle({ title, rule }: Pick<Finding, 'title' | 'rule'>): string {
  return title ?? rule
}

/** Such as `5 s`, `80 %`, `14 days`. */
export function thresholdText({ value, unit }: FindingThreshold): string {
  switch (unit) {
    case 'ms':
      return longSpan(value)
    case 'bytes':
      return byteCount(value)
    case 'share':
      return `${formatCount(value * 100)} %`
    case 'factor':
      return `${formatDecimal(value, Number.isInteger(value) ? 0 : 1)} times`
    case 'count':
      return formatCount(value)
  }
}

/** Session times in seconds: `0.200 s to 58.216 s`. Undefined if it concerns the session as it is now. */
function findingTimes({ from, to }: Pick<Finding, 'from' | 'to'>): string | undefined {
  if (from === undefined) return undefined
  const seconds = (ms: number) => `${formatDecimal(ms / 1000, 3)} s`
  return to === undefined || to === from ? seconds(from) : `${seconds(from)} to ${seconds(to)}`
}

/** Where and when it is: the name of its connection, and its times. Empty if it concerns the session as it is now. */
export function findingPlace(finding: Pick<Finding, 'from' | 'to'>, connection: string | undefined): string {
  return [connection, findingTimes(finding)].filter((part) => part !== undefined).join(', ')
}

/** Numbers of events, counted from 1: `3, 4, 9 and 12 more`. */
function findingEvents({ events = [] }: Pick<Finding, 'events'>): string {
  const shown = events.slice(0, MAX_EVENTS).join(', ')
  const more = events.length - MAX_EVENTS
  return more > 0 ? `${shown} and ${formatCount(more)} more` : shown
}

/** A line below the title, such as `Advice` with what to do. */
export interface FindingLine {
  /** Empty for the sentence that says what was found. */
  readonly name: string
  readonly text: string
}

/** What stands below the title. */
export function findingLines(finding: Omit<Finding, 'chart'>): FindingLine[] {
  const { message, advice, source, confidence, threshold } = finding
  const events = findingEvents(finding)
  const lines: (readonly [string, string | undefined])[] = [
    ['', message],
    ['Advice', advice],
    ['Source', source && `${source.title}, ${source.url}`],
    ['Inferred', confidence],
    ['Threshold', threshold && thresholdText(threshold)],
    ['Events', events === '' ? undefined : events],
  ]
  return lines.flatMap(([name, text]) => (text === undefined ? [] : [{ name, text }]))
}
