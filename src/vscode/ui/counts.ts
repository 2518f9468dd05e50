/** Counts as users read them, such as `1 event` and `12,345 events`. */
import { l10n } from 'vscode'

export function formatNumber(count: number): string {
  return count.toLocaleString('en')
}

export function eventCount(count: number): string {
  return count === 1 ? l10n.t('1 event') : l10n.t('{0} events', formatNumber(count))
}

export function messageCount(count: number): string {
  return count === 1 ? l10n.t('1 message') : l10n.t('{0} messages', formatNumber(count))
}

export function connectionCount(count: number): string {
  return count === 1 ? l10n.t('1 connection') : l10n.t('{0} connections', formatNumber(count))
}

export function clientCount(count: number): string {
  return count === 1 ? l10n.t('1 client') : l10n.t('{0} clients', formatNumber(count))
}

export function sessionCount(count: number): string {
  return count === 1 ? l10n.t('1 session') : l10n.t('{0} sessions', formatNumber(count))
}
