/** Counts and sizes as people read them. */
import * as l10n from '@vscode/l10n'
import { byteCount, formatCount } from '../../src/shared/text/quantities.ts'

export { formatCount, formatRate } from '../../src/shared/text/quantities.ts'

/** Bytes on one line: `388 B`, `16.4 kB`. */
export function formatBytes(bytes: number): string {
  return byteCount(bytes).replace(' ', '\u00a0')
}

/** Returns a function that writes a number with its noun. The noun has two forms, and each is a text to translate. */
function counter(one: () => string, many: (count: string) => string): (count: number) => string {
  return (count) => (count === 1 ? one() : many(formatCount(count)))
}

export const eventCount = counter(
  () => l10n.t('1 event'),
  (count) => l10n.t('{0} events', count),
)
export const messageCount = counter(
  () => l10n.t('1 message'),
  (count) => l10n.t('{0} messages', count),
)
export const connectionCount = counter(
  () => l10n.t('1 connection'),
  (count) => l10n.t('{0} connections', count),
)
export const reconnectCount = counter(
  () => l10n.t('1 reconnect'),
  (count) => l10n.t('{0} reconnects', count),
)
export const answerCount = counter(
  () => l10n.t('1 answer'),
  (count) => l10n.t('{0} answers', count),
)
export const subscriptionCount = counter(
  () => l10n.t('1 subscription'),
  (count) => l10n.t('{0} subscriptions', count),
)
export const clientCount = counter(
  () => l10n.t('1 client'),
  (count) => l10n.t('{0} clients', count),
)
export const noteCount = counter(
  () => l10n.t('1 note'),
  (count) => l10n.t('{0} notes', count),
)
export const unsavedSessionCount = counter(
  () => l10n.t('1 unsaved session'),
  (count) => l10n.t('{0} unsaved sessions', count),
)
export const differenceCount = counter(
  () => l10n.t('1 difference'),
  (count) => l10n.t('{0} differences', count),
)
export const frameCount = counter(
  () => l10n.t('1 frame'),
  (count) => l10n.t('{0} frames', count),
)
export const keyCount = counter(
  () => l10n.t('1 key'),
  (count) => l10n.t('{0} keys', count),
)
export const itemCount = counter(
  () => l10n.t('1 item'),
  (count) => l10n.t('{0} items', count),
)
export const characterCount = counter(
  () => l10n.t('1 character'),
  (count) => l10n.t('{0} characters', count),
)
export const pieceCount = counter(
  () => l10n.t('1 piece'),
  (count) => l10n.t('{0} pieces', count),
)
export const actionCount = counter(
  () => l10n.t('acted once'),
  (count) => l10n.t('acted {0} times', count),
)
export const ruleCount = counter(
  () => l10n.t('1 rule'),
  (count) => l10n.t('{0} rules', count),
)
export const findingCount = counter(
  () => l10n.t('1 finding'),
  (count) => l10n.t('{0} findings', count),
)
export const errorCount = counter(
  () => l10n.t('1 error'),
  (count) => l10n.t('{0} errors', count),
)
export const warningCount = counter(
  () => l10n.t('1 warning'),
  (count) => l10n.t('{0} warnings', count),
)
export const hintCount = counter(
  () => l10n.t('1 hint'),
  (count) => l10n.t('{0} hints', count),
)
