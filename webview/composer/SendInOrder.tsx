import * as l10n from '@vscode/l10n'
import { useEffect, useRef, useState } from 'preact/hooks'
import { checkPace, type Pace } from '../../src/shared/compose/in-order.ts'
import { MAX_REPEAT_INTERVAL, MIN_REPEAT_INTERVAL } from '../../src/shared/compose/repeat.ts'
import type { SavedMessage } from '../../src/shared/compose/shelf.ts'
import { sentenceOf } from '../../src/shared/failure.ts'
import { messageCount } from '../format/count.ts'
import { checkComposed, namesSetOn } from '../state/check-composed.ts'
import { usePage } from '../state/page.ts'
import { NumberField } from '../ui/NumberField.tsx'
import { usePopover } from '../ui/Popover.tsx'
import { Sentence } from '../ui/Sentence.tsx'
import { isSendKey, SEND_KEY } from '../ui/send-key.ts'
import { useTarget } from './target.ts'

/** Sends the chosen messages in the order in which they were chosen. */
export function SendInOrder({ chosen }: { chosen: readonly SavedMessage[] }) {
  const page = usePage()
  const { composer, host } = page
  const { close } = usePopover()
  const { target, reason } = useTarget()
  const [failure, setFailure] = useState<string>()
  const form = useRef<HTMLFormElement>(null)
  const pace = composer.pace.value

  const send = async () => {
    if (target === undefined) return
    try {
      checkPace(pace)
      for (const { name, ...message } of chosen)
        try {
          checkComposed(message, composer.shelf.value.variables, namesSetOn(target))
        } catch (thrown) {
          throw new Error(`${name}: ${sentenceOf(thrown)}`)
        }
      const messages = chosen.map(({ format, text }) => ({ format, text }))
      await host.call('sendInOrder', { id: target.id, messages, pace })
      composer.showsEnd.value = true
      close()
      composer.focus()
    } catch (thrown) {
      setFailure(sentenceOf(thrown))
    }
  }

  // With many messages, the button is many presses of the Tab key away.
  useEffect(() => {
    const popover = form.current?.closest('.popover')
    const onKeyDown = (event: Event) => {
      if (!(event instanceof KeyboardEvent) || !isSendKey(event)) return
      event.preventDefault()
      form.current?.requestSubmit()
    }
    popover?.addEventListener('keydown', onKeyDown)
    return () => popover?.removeEventListener('keydown', onKeyDown)
  }, [])

  return (
    <form
      class="in-order"
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <PaceFields pace={pace} />
      <vscode-button
        disabled={target === undefined}
        title={
          target === undefined ? reason : l10n.t('Send to {0} ({1})', page.looks.longNameOf(target), SEND_KEY)
        }
        onClick={() => void send()}
      >
        {l10n.t('Send {0}', messageCount(chosen.length))}
      </vscode-button>
      <div role="alert" class="tone-error">
        {failure ?? reason}
      </div>
    </form>
  )
}

/** What each message waits for. */
function PaceFields({ pace }: { pace: Pace }) {
  const { composer } = usePage()
  const change = (part: Partial<Pace>) => {
    composer.pace.value = { ...pace, ...part }
  }
  const ms = (
    <NumberField
      key="ms"
      name={l10n.t('Milliseconds to wait')}
      value={pace.ms}
      min={MIN_REPEAT_INTERVAL}
      max={MAX_REPEAT_INTERVAL}
      onChange={(value) => change({ ms: value })}
    />
  )
  return (
    <span class="pace">
      <select
        class="chip"
        aria-label={l10n.t('Between two messages')}
        title={l10n.t('An answer is the next message that the connection receives')}
        value={pace.wait}
        onChange={(event) => change({ wait: event.currentTarget.value as Pace['wait'] })}
      >
        <option value="answer">{l10n.t('Wait for an answer, at most')}</option>
        <option value="time">{l10n.t('Wait')}</option>
      </select>
      <Sentence text={l10n.t('{0} ms')} parts={[ms]} />
    </span>
  )
}
