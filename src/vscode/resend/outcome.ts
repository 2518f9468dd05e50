/** Texts about a recording that is sent to a live peer: its progress and its outcome. */
import { l10n } from 'vscode'
import type { Resending, Resent } from '../../shared/protocol/resending.ts'
import { formatCount } from '../../shared/text/numbers.ts'
import { messageCount } from '../ui/counts.ts'

/** "12 of 40 sent", and after the last message the answers that have come. */
export function progressOf({ sent, of, answers, expected }: Resending): string {
  const [done = '', all = '', came = '', recorded = ''] = [sent, of, answers, expected].map(formatCount)
  return sent < of
    ? l10n.t('{0} of {1} sent', done, all)
    : l10n.t('all sent, {0} of {1} answers received', came, recorded)
}

/** The outcome if it did not fail, and what could not be read of the recording, in sentences. */
export function outcomeOf({ problems = [], ...resent }: Resent): string {
  return [sentenceOf(resent), ...problems].join(' ')
}

function sentenceOf({ sent, of, answers, expected, cancelled }: Resent): string {
  if (cancelled) return l10n.t('Canceled after {0} of {1} were sent.', formatCount(sent), messageCount(of))
  const [came = '', recorded = ''] = [answers, expected].map(formatCount)
  return answers === expected
    ? l10n.t('Sent {0}; received {1}, as many as in the recording.', messageCount(of), came)
    : l10n.t('Sent {0}; received {1}. The recording has {2}.', messageCount(of), came, recorded)
}
