import * as l10n from '@vscode/l10n'
import type { ConversationPart } from '../../src/shared/protocol/decoding.ts'
import { formatCount } from '../format/count.ts'
import { KIND_ICONS, titleOf, unansweredText } from '../format/decoded.ts'
import { formatDuration } from '../format/time.ts'
import { usePage } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'
import { arrowOf } from './ExchangeLine.tsx'
import type { TabProps } from './tab.ts'

/** A request with its answers and the times between. A press selects one of them. */
export function ConversationTab({ detail, conversation }: TabProps) {
  if (conversation === undefined || conversation === null) return null
  const { request, answers, isWaiting, isCut } = conversation
  const parts = [request, ...answers]
  return (
    <>
      <ol class="conversation">
        {parts.map((part, i) => (
          <Part
            key={part.index}
            part={part}
            since={i === 0 ? undefined : part.time - request.time}
            gap={i < 2 ? undefined : part.time - (parts[i - 1]?.time ?? part.time)}
            isCurrent={part.index === detail.index}
          />
        ))}
      </ol>
      {isWaiting && <p class="hint missing">{unansweredText(request.preview)}</p>}
      {isCut && !isWaiting && <p class="hint">{l10n.t('More answers may follow.')}</p>}
    </>
  )
}

interface PartProps {
  readonly part: ConversationPart
  /** Milliseconds since the request. */
  readonly since: number | undefined
  /** Milliseconds since the answer before. */
  readonly gap: number | undefined
  readonly isCurrent: boolean
}

function Part({ part, since, gap, isCurrent }: PartProps) {
  const page = usePage()
  const { index, preview } = part
  return (
    <li>
      <button
        type="button"
        class="conversation-part"
        aria-current={isCurrent ? 'true' : undefined}
        onClick={() => page.reveal(index)}
      >
        <span class="conversation-head">
          <span class="dim">{`${arrowOf(part)} #${formatCount(index + 1)}`}</span>
          <span class={`clip${preview.kind === 'error' ? ' tone-error toned' : ''}`}>
            <Icon name={KIND_ICONS[preview.kind]} /> {titleOf(preview)}
          </span>
          <span class="conversation-time">
            {gap !== undefined && <span class="dim">{`+${formatDuration(gap)}`}</span>}
            {since !== undefined && <span>{formatDuration(since)}</span>}
          </span>
        </span>
        {preview.text !== '' && <span class="conversation-text mono">{preview.text}</span>}
      </button>
    </li>
  )
}
