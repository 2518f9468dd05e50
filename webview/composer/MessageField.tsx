import * as l10n from '@vscode/l10n'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ComposedMessage } from '../../src/shared/compose/compose.ts'
import type { Variables } from '../../src/shared/compose/template.ts'
import { problemOf } from '../../src/shared/failure.ts'
import { checkComposed, namesSetOn } from '../state/check-composed.ts'
import type { Format } from '../state/composer.ts'
import { usePage } from '../state/page.ts'
import { isSendKey } from '../ui/send-key.ts'
import { useTarget } from './target.ts'

/** Characters of the longest message that is checked while the user writes. Longer ones are checked when they are sent. */
const MOST_CHECKED = 256 * 1024
/** Milliseconds without a key after which a message is checked. */
const PAUSE = 250

const HINTS: Readonly<Record<Format, string>> = {
  text: l10n.t('Message to send. {0} inserts a variable', '{{name}}'),
  json: '{ "op": "subscribe", "id": "{{$uuid}}" }',
  hex: '48 65 6c 6c 6f',
  base64: 'SGVsbG8=',
  file: l10n.t('Press Send to choose a file'),
}

/** The mistake in the message, once the user pauses. Undefined if there is none. */
function useProblem(
  message: ComposedMessage | undefined,
  variables: Variables,
  setOnConnection: readonly string[],
): string | undefined {
  const [problem, setProblem] = useState<string>()
  const { format, text = '' } = message ?? {}
  const isChecked = format !== undefined && text.trim() !== '' && text.length <= MOST_CHECKED
  useEffect(() => {
    const check = () =>
      setProblem(
        isChecked ? problemOf(() => checkComposed({ format, text }, variables, setOnConnection)) : undefined,
      )
    const timer = setTimeout(check, isChecked ? PAUSE : 0)
    return () => clearTimeout(timer)
    // Each status has a new list.
  }, [format, text, variables, setOnConnection.join(' ')])
  return isChecked ? problem : undefined
}

interface MessageFieldProps {
  /** Why no message can be sent. Undefined if one can. */
  readonly reason: string | undefined
  readonly onSend: () => void
}

/** The field for the message, and below it the mistake in it. */
export function MessageField({ reason, onSend }: MessageFieldProps) {
  const { composer } = usePage()
  const input = useRef<HTMLTextAreaElement>(null)
  const { history } = composer
  const format = composer.format.value
  const text = composer.text.value
  const { target } = useTarget()
  const problem = useProblem(composer.message, composer.shelf.value.variables, namesSetOn(target))
  const failure = composer.failure.value
  const isWrong = failure !== undefined || problem !== undefined

  useLayoutEffect(() => {
    composer.field = input.current ?? undefined
    return () => {
      composer.field = undefined
    }
  }, [composer])

  const recall = (recalled: ComposedMessage | undefined, caretAtEnd: boolean) => {
    if (recalled === undefined) return
    composer.show(recalled)
    // Moves the caret so that the next press of the same arrow continues.
    composer.focus(caretAtEnd ? recalled.text.length : 0)
  }

  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLTextAreaElement }) => {
    const { selectionStart, selectionEnd, value } = event.currentTarget
    const isCaret = selectionStart === selectionEnd
    const { message } = composer
    if (isSendKey(event)) onSend()
    else if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || message === undefined) return
    else if (event.key === 'ArrowUp' && isCaret && selectionStart === 0) recall(history.older(message), false)
    else if (event.key === 'ArrowDown' && isCaret && selectionEnd === value.length)
      recall(history.newer(), true)
    else return
    event.preventDefault()
  }

  return (
    <div class="composer-field">
      <textarea
        ref={input}
        class="field mono"
        rows={1}
        aria-label={l10n.t('Message')}
        aria-invalid={isWrong}
        aria-describedby="composer-reason composer-failure composer-problem"
        placeholder={reason ?? HINTS[format]}
        title={l10n.t('↑ and ↓ show earlier messages')}
        spellcheck={false}
        disabled={format === 'file'}
        value={format === 'file' ? '' : text}
        onInput={(event) => composer.edit(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div id="composer-reason" class="dim">
        {text === '' && format !== 'file' ? null : reason}
      </div>
      <div role="alert" id="composer-failure" class="tone-error">
        {failure}
      </div>
      <div id="composer-problem" class="tone-error">
        {failure === undefined ? problem : null}
      </div>
    </div>
  )
}
