/** How many requests were answered, and how fast, in words. */
import * as l10n from '@vscode/l10n'
import type { RequestFigures } from '../../src/shared/exchange.ts'
import { PATIENCE } from '../../src/shared/exchange.ts'
import type { LaneExchanges } from '../../src/shared/protocol/exchanges.ts'
import { wordsOf } from '../../src/shared/protocol-words.ts'
import type { ConnectionState } from '../../src/shared/status.ts'
import { answerCount, formatCount, subscriptionCount } from './count.ts'
import { formatDuration, formatLatency } from './time.ts'

const ANSWERED = l10n.t('{0} of {1} answered')
const ANSWERED_SHORT = l10n.t('{0} of {1}')
/** By what the protocol calls an answer. */
const TYPICAL: ReadonlyMap<string, string> = new Map([
  ['ack', l10n.t('acks p50 {0}')],
  ['reply', l10n.t('replies p50 {0}')],
  ['receipt', l10n.t('receipts p50 {0}')],
])
const TYPICAL_ANSWER = l10n.t('answers p50 {0}')

/** A line on the requests of a lane, and shorter ones. Empty if there is nothing to say. */
export function laneFigures(
  { figures, answerCount: answers }: Pick<LaneExchanges, 'figures' | 'answerCount'>,
  now: number,
  protocol: string,
): readonly string[] {
  if (answers > 0) return [answerCount(answers)]
  if (figures === null) return []
  const { subscriptions } = figures
  const calls = callsTexts(figures, now, protocol)
  if (subscriptions === 0) return calls
  const subscribed = subscriptionCount(subscriptions)
  return calls.length === 0 ? [subscribed] : [`${calls[0]} · ${subscribed}`, ...calls]
}

/** What is said below the name of a lane, the more important first. `said` is the state in words. */
export function laneLines(
  state: ConnectionState,
  said: string,
  figures: readonly string[],
): readonly (readonly string[])[] {
  if (figures.length === 0) return [[said]]
  return state === 'open' || state === 'closed' ? [figures, [said]] : [[said], figures]
}

/** The median time to an answer, or how many calls were answered if some were not: a text, and a shorter one. */
function callsTexts(
  { calls, latest }: NonNullable<LaneExchanges['figures']>,
  now: number,
  protocol: string,
): readonly string[] {
  const { requests, answered, waiting, latency } = calls
  const due = requests - (now - latest < PATIENCE ? waiting : 0)
  if (due > answered) return [ANSWERED, ANSWERED_SHORT].map((text) => filled(text, answered, due))
  // The bar of a single request says how long it took.
  if (latency === null || answered < 2) return []
  const typical = TYPICAL.get(wordsOf(protocol).answer ?? '') ?? TYPICAL_ANSWER
  const p50 = formatLatency(latency.p50)
  return [typical.replace('{0}', p50), `p50 ${p50}`]
}

/** Such as `14 of 15 answered, p50 38 ms, p95 41 ms`. Empty for a single request. */
export function requestFigures({ requests, answered, waiting, latency }: RequestFigures): string {
  if (requests < 2) return ''
  const times =
    latency === null ? [] : [`p50 ${formatDuration(latency.p50)}`, `p95 ${formatDuration(latency.p95)}`]
  return [filled(ANSWERED, answered, requests - waiting), ...times].join(', ')
}

function filled(text: string, answered: number, requests: number): string {
  return text.replace('{0}', formatCount(answered)).replace('{1}', formatCount(requests))
}
