/** The text of a request on the timeline. Looked up once: there may be hundreds in each frame. */
import * as l10n from '@vscode/l10n'
import { answerCount, formatCount } from '../../format/count.ts'
import { unansweredText } from '../../format/decoded.ts'
import { formatDuration, formatLatency } from '../../format/time.ts'
import type { Bar } from '../layout/bars.ts'

const SUBSCRIPTION = l10n.t('subscription {0}')
const NEXT = l10n.t('{0} next')
const FAILED = l10n.t('failed after {0}')

/** Shorter and shorter texts. `protocol` is the sub-protocol of the connection. */
export function textsOf(bar: Bar, now: number, protocol: string | undefined): readonly string[] {
  const { exchange, look } = bar
  const { name, start, end, answers, kind } = exchange
  const joined = (...parts: string[]) => parts.filter(Boolean).join(' ')
  switch (look) {
    case 'answered': {
      const lasted = formatLatency(end - start)
      return [joined(name, lasted), lasted]
    }
    case 'failed': {
      const lasted = formatLatency(end - start)
      return [joined(name, FAILED.replace('{0}', lasted)), joined('×', lasted)]
    }
    case 'waiting':
      return [joined(name, `${formatDuration(now - start)}…`), '…']
    case 'unanswered':
      return unansweredTexts(name, protocol)
    case 'stream': {
      const isSubscription = kind === 'subscribe'
      const count = isSubscription ? NEXT.replace('{0}', formatCount(answers)) : answerCount(answers)
      const whole = isSubscription ? SUBSCRIPTION.replace('{0}', name).trim() : name
      const separated = (...parts: string[]) => parts.filter(Boolean).join(' · ')
      return [separated(whole, count), separated(name, count), count]
    }
    default:
      return look satisfies never
  }
}

function unansweredTexts(name: string, protocol: string | undefined): readonly string[] {
  const missing = unansweredText({ protocol: protocol ?? '' })
  return name === '' ? [missing] : [`${name}: ${missing}`, missing]
}
