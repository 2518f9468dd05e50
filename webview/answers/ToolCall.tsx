import * as l10n from '@vscode/l10n'
import { useMemo } from 'preact/hooks'
import { isJsonText } from '../../src/shared/text/json-text.ts'
import { JsonTreeView } from '../detail/JsonTreeView.tsx'
import { pieceCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { LinkButton } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'
import { PieceWords } from './PieceWords.tsx'
import { SectionText } from './SectionText.tsx'
import type { SectionProps } from './section.ts'
import { eventNumber } from './words.ts'

/** A tool call: its arguments as JSON once they are complete, and what the tool said if that is known. */
export function ToolCall(props: SectionProps) {
  const { section, text, selected } = props
  const page = usePage()
  const call = text.answer.calls[section.call ?? -1]
  const isComplete = call !== undefined && 'value' in call
  const args = useMemo(
    () => (isComplete ? jsonOf(section.text.all(), call.value) : undefined),
    // Complete arguments do not change.
    [isComplete, section.text.length],
  )
  const result = useMemo(
    () => (call?.result === undefined ? undefined : JSON.stringify(call.result)),
    [call?.result],
  )
  if (call === undefined) return null
  const piece =
    selected === undefined || section.spanOf(selected) === undefined ? undefined : text.pieces[selected]
  return (
    <section
      class={`tool-call${piece === undefined ? '' : ' answer-mark'}`}
      aria-label={l10n.t('Tool call {0}', call.name ?? '')}
    >
      <h3>
        <Icon name="tools" />
        <span class="mono clip">{call.name ?? l10n.t('tool call')}</span>
        <span class="dim clip">
          {[call.id, pieceCount(section.pieces.length)].filter(Boolean).join(', ')}
        </span>
        <span class="spacer" />
        <LinkButton onClick={() => page.reveal(call.from)}>
          {call.from === call.to
            ? eventNumber(call.from)
            : l10n.t('{0} to {1}', eventNumber(call.from), eventNumber(call.to))}
        </LinkButton>
      </h3>
      {args !== undefined ? (
        <JsonTreeView text={args} />
      ) : (
        <div class="mono tool-text">
          <SectionText {...props} />
        </div>
      )}
      {result !== undefined && (
        <div class="tool-result">
          <h4>{l10n.t('Result')}</h4>
          <JsonTreeView text={result} />
        </div>
      )}
      {piece !== undefined && args !== undefined && (
        <p class="tool-piece">
          <span>{l10n.t('{0} brought', eventNumber(piece.event))}</span>{' '}
          <span class="mono">
            <PieceWords text={piece.text} />
          </span>
        </p>
      )}
    </section>
  )
}

/** The arguments as they were sent, which keeps numbers as they are; if they are not JSON, what they mean. */
function jsonOf(sent: string, value: unknown): string {
  return isJsonText(sent) ? sent : (JSON.stringify(value) ?? 'null')
}
