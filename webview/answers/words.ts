/** The texts of the view of answers. */
import * as l10n from '@vscode/l10n'
import type { AnswerRate, AnswerStatus } from '../../src/shared/model-answer.ts'
import { formatDecimal } from '../../src/shared/text/numbers.ts'
import { formatCount } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'

/** Names of the protocols of language models. Others are shown as they are. */
const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
  openai: 'OpenAI',
  'openai-realtime': 'OpenAI Realtime',
  anthropic: 'Anthropic',
  gemini: 'Gemini',
  'ai-sdk': 'AI SDK',
  ollama: 'Ollama',
  'event-stream': 'AWS Bedrock',
}

export function protocolName(protocol: string): string {
  return PROTOCOL_NAMES[protocol] ?? protocol
}

/** How an answer ended that gives no stop reason. */
export const STATUS_NAMES: Readonly<Record<Exclude<AnswerStatus, 'growing'>, string>> = {
  complete: l10n.t('complete'),
  failed: l10n.t('failed'),
  brokenOff: l10n.t('broken off'),
}

/** `46 tokens/s` */
export function rateText(rate: AnswerRate, perSecond = rate.perSecond): string {
  const number = perSecond < 9.95 ? formatDecimal(perSecond, 1) : formatCount(perSecond)
  return rate.unit === 'tokens' ? l10n.t('{0} tokens/s', number) : l10n.t('{0} pieces/s', number)
}

/** The number of an event as the list shows it. */
export function eventNumber(event: number): string {
  return `#${formatCount(event + 1)}`
}

/** `1 s`, `2.5 s`, `200 ms`: a mark on the time axis. */
export function markText(ms: number): string {
  if (ms < 1000) return `${formatDecimal(ms, ms < 1 ? 2 : 0)} ms`
  const seconds = ms / 1000
  return seconds < 60 ? `${formatDecimal(seconds, Number.isInteger(seconds) ? 0 : 1)} s` : formatDuration(ms)
}
