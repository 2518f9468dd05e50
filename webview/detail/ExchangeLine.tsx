import * as l10n from '@vscode/l10n'
import type { ConversationPart, DecodedConversation } from '../../src/shared/protocol/decoding.ts'
import { formatCount } from '../format/count.ts'
import { titleOf, unansweredText } from '../format/decoded.ts'
import { formatDuration } from '../format/time.ts'
import { usePage } from '../state/page.ts'
import { LinkButton } from '../ui/buttons.tsx'

/** A request and its answer as a line with the time between: the answer in the details, else the first one. */
export function ExchangeLine({ conversation, index }: { conversation: DecodedConversation; index: number }) {
  const { request, answers } = conversation
  const answer = answers.find((each) => each.index === index) ?? answers[0]
  return (
    <div class={`exchange${answer === undefined ? ' is-open' : ''}`}>
      <div class="exchange-time">
        {answer === undefined ? (
          <span class="missing">{unansweredText(request.preview)}</span>
        ) : (
          formatDuration(answer.time - request.time)
        )}
      </div>
      <div class="exchange-track" aria-hidden="true" />
      <div class="exchange-ends">
        <End part={request} isCurrent={request.index === index} />
        {answer !== undefined && <End part={answer} isCurrent={answer.index === index} />}
      </div>
    </div>
  )
}

function End({ part, isCurrent }: { part: ConversationPart; isCurrent: boolean }) {
  const page = usePage()
  const text = `${arrowOf(part)} #${formatCount(part.index + 1)} ${titleOf(part.preview)}`
  if (isCurrent) return <span class="clip">{text}</span>
  return (
    <LinkButton class="link clip" title={l10n.t('Show this event')} onClick={() => page.reveal(part.index)}>
      {text}
    </LinkButton>
  )
}

export function arrowOf({ direction }: Pick<ConversationPart, 'direction'>): string {
  return direction === 'in' ? '↓' : '↑'
}
