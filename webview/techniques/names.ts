/** The names of techniques. */
import * as l10n from '@vscode/l10n'
import type { TechniqueConnection } from '../../src/shared/techniques.ts'
import { preciseSpan } from '../../src/shared/text/quantities.ts'
import { TECHNIQUES } from '../connecting/techniques.ts'
import { formatRoundDuration } from '../format/time.ts'

/** A latency, without decimals that nobody reads: `24 ms`, `0.35 ms`. */
export function latencyText(ms: number): string {
  return preciseSpan(ms).replace(' ', '\u00a0')
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
