import * as l10n from '@vscode/l10n'
import type { AnswerText } from '../state/answer-text.ts'
import { Chip } from '../ui/buttons.tsx'
import { useCopied } from '../ui/hooks.ts'
import { Icon } from '../ui/Icon.tsx'

/** Copies the text and the tool calls of an answer, and confirms it. */
export function CopyAnswer({ text }: { text: AnswerText | undefined }) {
  const [isCopied, copy] = useCopied()
  return (
    <Chip
      title={l10n.t('Copy the text and the tool calls')}
      disabled={text === undefined}
      onClick={() => copy(text?.copied() ?? '')}
    >
      <Icon name={isCopied ? 'check' : 'copy'} />
      {l10n.t('Copy')}
    </Chip>
  )
}
