import * as l10n from '@vscode/l10n'
import { useRef } from 'preact/hooks'
import { sentenceOf } from '../../src/shared/failure.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { FilterField } from '../filter/FilterField.tsx'
import { mistakeIn } from '../state/filter.ts'
import { focusHere } from '../state/keyboard.ts'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'
import { isSendKey } from '../ui/send-key.ts'
import { OnConnection } from './OnConnection.tsx'

const FILTER = 'rule-filter'
const MISTAKE = 'rule-mistake'

/** Writes a rule: the filter for the messages to answer, and the answer. */
export function RuleForm({ connection }: { readonly connection: ConnectionStatus }) {
  const page = usePage()
  const { automatic } = page.composer
  const filterInput = useRef<HTMLInputElement>(null)
  const answerInput = useRef<HTMLInputElement>(null)
  const filter = automatic.filter.value
  const answer = automatic.answer.value
  const mistake = mistakeIn(filter)
  const failure = automatic.ruleFailure.value

  const add = async () => {
    if (mistake !== undefined) {
      focusHere(filterInput.current)
      return
    }
    automatic.ruleFailure.value = undefined
    try {
      const rule = { filter: filter.trim(), text: answer }
      await page.host.call('addRule', { id: connection.id, rule })
      automatic.filter.value = ''
      automatic.answer.value = ''
      focusHere(filterInput.current)
    } catch (thrown) {
      automatic.ruleFailure.value = sentenceOf(thrown)
      focusHere(answerInput.current)
    }
  }

  return (
    <form
      class="automatic-form"
      noValidate
      aria-label={l10n.t('New rule')}
      onSubmit={(event) => {
        event.preventDefault()
        void add()
      }}
      onKeyDown={(event) => {
        if (!isSendKey(event)) return
        event.preventDefault()
        void add()
      }}
    >
      <FilterField
        id={FILTER}
        input={filterInput}
        name={l10n.t('Messages to answer')}
        placeholder={l10n.t('Filter: $.type == "ping"')}
        text={filter}
        mistake={mistake}
        mistakeId={MISTAKE}
        type={(typed) => {
          automatic.filter.value = typed
          automatic.ruleFailure.value = undefined
        }}
        onEnter={() => focusHere(answerInput.current)}
        onEscape={() => false}
      />
      <span class="dim" aria-hidden="true">
        ⇒
      </span>
      <input
        ref={answerInput}
        class="field mono"
        type="text"
        aria-label={l10n.t('Answer')}
        aria-invalid={failure !== undefined}
        aria-describedby="rule-failure"
        placeholder={l10n.t('Answer: {0}', '{"type":"pong","id":{{$.id}}}')}
        autocomplete="off"
        spellcheck={false}
        value={answer}
        onInput={(event) => {
          automatic.answer.value = event.currentTarget.value
          automatic.ruleFailure.value = undefined
        }}
      />
      <Chip type="submit">{l10n.t('Add Rule')}</Chip>
      <OnConnection connection={connection} />
      <div role="status" id={MISTAKE} class="rule-note tone-error">
        {mistake?.message}
      </div>
      <div role="alert" id="rule-failure" class="rule-note tone-error">
        {failure}
      </div>
    </form>
  )
}
