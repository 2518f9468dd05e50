/** Counts as users read them, such as `1 event` and `12,345 events`. */
import { env, l10n } from 'vscode'
import { type FindingCounts, SEVERITIES } from '../../shared/finding.ts'
import { formatCount, setNumberLanguage } from '../../shared/text/numbers.ts'

/** Numbers follow the editor's language from now on. */
export function writeNumbersAsEditor(): void {
  setNumberLanguage(env.language)
}

export function eventCount(count: number): string {
  return count === 1 ? l10n.t('1 event') : l10n.t('{0} events', formatCount(count))
}

export function messageCount(count: number): string {
  return count === 1 ? l10n.t('1 message') : l10n.t('{0} messages', formatCount(count))
}

export function connectionCount(count: number): string {
  return count === 1 ? l10n.t('1 connection') : l10n.t('{0} connections', formatCount(count))
}

export function clientCount(count: number): string {
  return count === 1 ? l10n.t('1 client') : l10n.t('{0} clients', formatCount(count))
}

export function sessionCount(count: number): string {
  return count === 1 ? l10n.t('1 session') : l10n.t('{0} sessions', formatCount(count))
}

export function reconnectCount(count: number): string {
  return count === 1 ? l10n.t('1 reconnect') : l10n.t('{0} reconnects', formatCount(count))
}

export function errorCount(count: number): string {
  return count === 1 ? l10n.t('1 error') : l10n.t('{0} errors', formatCount(count))
}

export function warningCount(count: number): string {
  return count === 1 ? l10n.t('1 warning') : l10n.t('{0} warnings', formatCount(count))
}

export function hintCount(count: number): string {
  return count === 1 ? l10n.t('1 hint') : l10n.t('{0} hints', formatCount(count))
}

export function findingCount(count: number): string {
  return count === 1 ? l10n.t('1 finding') : l10n.t('{0} findings', formatCount(count))
}

/** All of them. */
export function totalOf(counts: FindingCounts): number {
  return SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0)
}

/** `Findings: 1 error, 2 warnings`. */
export function findingsBySeverity(counts: FindingCounts): string {
  const texts = { error: errorCount, warning: warningCount, info: hintCount }
  const some = SEVERITIES.filter((severity) => counts[severity] > 0)
  return l10n.t('Findings: {0}', some.map((severity) => texts[severity](counts[severity])).join(', '))
}

export function requestCount(count: number): string {
  return count === 1 ? l10n.t('1 request') : l10n.t('{0} requests', formatCount(count))
}
