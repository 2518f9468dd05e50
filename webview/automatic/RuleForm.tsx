import * as l10n from '@vscode/l10n'
import { useRef } from 'preact/hooks'
import { sentenceOf } from '../../src/shared/failure.ts'
import type { ActionKind } from '../../src/shared/rule.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { FilterField } from '../filter/FilterField.tsx'
import { ruleTextOf } from '../state/automatic.ts'
import { mistakeIn } from '../state/filter.ts'
import { focusHere } from '../state/keyboard.ts'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'
import { isSendKey } from '../ui/send-key.ts'
import { OnConnection } from './OnConnection.tsx'

const FILTER = 'rule-filter'
const MISTAKE = 'rule-mistake'

interface ActionLook {
  readonly title: string
  /** Of the field for what it is given. */
  readonly name: string
  readonly placeholder: string
}

const ACTIONS: Readonly<Record<ActionKind, ActionLook>> = {
  answer: {
    title: l10n.t('Answer'),
    name: l10n.t('Answer'),
    placeholder: l10n.t('Answer: {0}', '{"type":"pong","id":{{$.id}}}'),
  },
  set: {
    title: l10n.t('Set Variable'),
    name: l10n.t('Variable and path'),
    placeholder: l10n.t('Variable: {0}', 'token = $.token'),
  },
  mark: {
    title: l10n.t('Mark'),
    name: l10n.t('Text of the mark'),
    placeholder: l10n.t('Text: {0}', 'price {{$.price}}'),
  },
  disconnect: {
    title: l10n.t('Disconnect'),
    name: l10n.t('Close code and reason'),
    placeholder: l10n.t('Code and reason, or nothing: {0}', '1000 done'),
  },
}
const ACTION_KINDS = Object.keys(ACTIONS) as ActionKind[]

/** Writes a rule: the filter for the messages, what to do, and with what. */
export function RuleForm({ connection }: { readonly connection: ConnectionStatus }) {
  const page = usePage()
  const { automatic } = page.composer
  const filterInput = useRef<HTMLInputElement>(null)
  const textInput = useRef<HTMLInputElement>(null)
  const filter = automatic.filter.value
  const action = automatic.action.value
  const text = automatic.text.value
  const { name, placeholder } = ACTIONS[action]
  const mistake = mistakeIn(filter)
  const failure = automatic.ruleFailure.value

  const add = async () => {
    if (mistake !== undefined) {
      focusHere(filterInput.current)
      return
    }
    automatic.ruleFailure.value = undefined
    try {
      const rule = { filter: filter.trim(), text: ruleTextOf(action, text) }
      await page.host.call('addRule', { id: connection.id, rule })
      automatic.filter.value = ''
      automatic.text.value = ''
      focusHere(filterInput.current)
    } catch (thrown) {
      automatic.ruleFailure.value = sentenceOf(thrown)
      focusHere(textInput.current)
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
        name={l10n.t('Messages to act on')}
        placeholder={l10n.t('Filter: $.type == "ping"')}
        text={filter}
        mistake={mistake}
        mistakeId={MISTAKE}
        type={(typed) => {
          automatic.filter.value = typed
          automatic.ruleFailure.value = undefined
        }}
        onEnter={() => focusHere(textInput.current)}
        onEscape={() => false}
      />
      <span class="dim" aria-hidden="true">
        ⇒
      </span>
      <select
        class="chip"
        aria-label={l10n.t('What the rule does')}
        value={action}
        onChange={({ currentTarget }) => {
          const kind = ACTION_KINDS.find((each) => each === currentTarget.value) ?? 'answer'
          automatic.action.value = kind
          automatic.ruleFailure.value = undefined
        }}
      >
        {ACTION_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {ACTIONS[kind].title}
          </option>
        ))}
      </select>
      <input
        ref={textInput}
        class="field mono"
        type="text"
        aria-label={name}
        aria-invalid={failure !== undefined}
        aria-describedby="rule-failure"
        placeholder={placeholder}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          automatic.text.value = event.currentTarget.value
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
