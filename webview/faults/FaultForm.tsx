import * as l10n from '@vscode/l10n'
import { useRef } from 'preact/hooks'
import { problemOf, sentenceOf } from '../../src/shared/failure.ts'
import { checkFault, parseFaultValue } from '../../src/shared/faults/fault-text.ts'
import { faultWords } from '../../src/shared/faults/fault-words.ts'
import { FAULT_KINDS, FAULTS, type FaultKind, type FaultSpec } from '../../src/shared/faults.ts'
import { focusHere } from '../state/keyboard.ts'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'

/** What each kind is called, and an example of its value. */
const LOOKS: Readonly<Record<FaultKind, { readonly title: string; readonly example: string }>> = {
  delay: { title: l10n.t('Delay'), example: '200ms' },
  jitter: { title: l10n.t('Jitter'), example: '100ms' },
  drop: { title: l10n.t('Drop'), example: '10%' },
  duplicate: { title: l10n.t('Duplicate'), example: '10%' },
  reorder: { title: l10n.t('Reorder'), example: '10%' },
  corrupt: { title: l10n.t('Corrupt'), example: '10%' },
  throttle: { title: l10n.t('Throttle'), example: '50KB/s' },
  'cut-after-time': { title: l10n.t('Cut After a Time'), example: '5s' },
  'cut-after-messages': { title: l10n.t('Cut After Messages'), example: '10n' },
  refuse: { title: l10n.t('Refuse'), example: '50%' },
  status: { title: l10n.t('Answer With a Status'), example: '503' },
  hold: { title: l10n.t('Hold Until Released'), example: '' },
  'idle-timeout': { title: l10n.t('Cut if Idle'), example: '60s' },
  restart: { title: l10n.t('Server Restart'), example: '5s' },
  buffer: { title: l10n.t('Buffer Responses'), example: '16KiB' },
}

const WORDS = faultWords(l10n)

/** Writes a fault: its kind, its value, and the messages that it is for. `add` rejects with a `Failure`. */
export function FaultForm({ add }: { add(fault: FaultSpec): Promise<unknown> }) {
  const { faults } = usePage()
  const fields = { value: useRef<HTMLInputElement>(null), match: useRef<HTMLInputElement>(null) }
  const kind = faults.kind.value
  const { scope, unit } = FAULTS[kind]
  const { title, example } = LOOKS[kind]
  const failure = faults.failure.value

  const fail = (sentence: string, field?: 'value' | 'match') => {
    faults.failure.value = { sentence, ...(field && { field }) }
    focusHere(fields[field ?? 'value'].current)
  }
  const submit = async () => {
    const value = parseFaultValue(kind, unit === 'none' ? '' : faults.value.value)
    if (value === undefined) {
      fail(l10n.t('The value of {0} must be {1}.', title, WORDS.values[unit]), 'value')
      return
    }
    const match = faults.match.value.trim()
    const fault = { kind, value, ...(match !== '' && { match }) }
    const problem = problemOf(() => checkFault(fault))
    if (problem !== undefined) {
      fail(problem, 'match')
      return
    }
    faults.failure.value = undefined
    try {
      await add(fault)
      faults.value.value = ''
      faults.match.value = ''
      focusHere(fields.value.current)
    } catch (thrown) {
      fail(sentenceOf(thrown))
    }
  }

  return (
    <form
      class="automatic-form"
      noValidate
      aria-label={l10n.t('New fault')}
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <select
        class="chip"
        aria-label={l10n.t('What the fault does')}
        value={kind}
        onChange={({ currentTarget }) => {
          faults.kind.value = FAULT_KINDS.find((each) => each === currentTarget.value) ?? 'delay'
          faults.failure.value = undefined
        }}
      >
        {FAULT_KINDS.map((each) => (
          <option key={each} value={each}>
            {LOOKS[each].title}
          </option>
        ))}
      </select>
      {unit !== 'none' && (
        <input
          ref={fields.value}
          class="field mono fault-value"
          type="text"
          aria-label={l10n.t('Value of the fault')}
          aria-invalid={failure?.field === 'value'}
          aria-describedby="fault-failure"
          placeholder={example}
          autocomplete="off"
          spellcheck={false}
          value={faults.value.value}
          onInput={({ currentTarget }) => {
            faults.value.value = currentTarget.value
            faults.failure.value = undefined
          }}
        />
      )}
      <input
        ref={fields.match}
        class="field mono"
        type="text"
        aria-invalid={failure?.field === 'match'}
        aria-describedby="fault-failure"
        aria-label={scope === 'messages' ? l10n.t('Filter for the messages') : l10n.t('Text in the URL')}
        placeholder={
          scope === 'messages'
            ? l10n.t('Filter, or nothing for all messages')
            : l10n.t('Text in the URL, or nothing')
        }
        autocomplete="off"
        spellcheck={false}
        value={faults.match.value}
        onInput={({ currentTarget }) => {
          faults.match.value = currentTarget.value
          faults.failure.value = undefined
        }}
      />
      <Chip type="submit">{l10n.t('Add Fault')}</Chip>
      <div role="alert" id="fault-failure" class="rule-note tone-error">
        {failure?.sentence}
      </div>
    </form>
  )
}
