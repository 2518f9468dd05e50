/** The names and figures of techniques, in words. */
import * as l10n from '@vscode/l10n'
import type { TechniqueConnection } from '../../src/shared/techniques.ts'
import { preciseSpan } from '../../src/shared/text/quantities.ts'
import { TECHNIQUES } from '../connecting/techniques.ts'
import { formatBytes } from '../format/count.ts'
import { formatRoundDuration } from '../format/time.ts'

/** A latency, without decimals that nobody reads: `24 ms`, `0.35 ms`. */
export function latencyText(ms: number): string {
  return preciseSpan(ms).replace(' ', '\u00a0')
}

/** Bytes beside the payload, with a tenth below 100. Compression can make them negative: `12 B saved`. */
export function overheadText(bytes: number): string {
  const size = Math.round(Math.abs(bytes) * 10) / 10
  const text = formatBytes(size < 100 ? size : Math.round(size))
  return bytes < 0 ? l10n.t('{0} saved', text) : text
}

/** Such as `Poll every 1 s`. */
export function techniqueName({
  transport,
  interval,
}: Pick<TechniqueConnection, 'transport' | 'interval'>): string {
  if (transport === 'unknown') return l10n.t('Unknown')
  const { name } = TECHNIQUES[transport]
  return interval === null ? name : l10n.t('{0} every {1}', name, formatRoundDuration(interval))
}
