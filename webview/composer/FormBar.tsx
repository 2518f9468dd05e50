import * as l10n from '@vscode/l10n'
import { useRef } from 'preact/hooks'
import type { ComposedMessage } from '../../src/shared/compose/compose.ts'
import { sentenceOf } from '../../src/shared/failure.ts'
import type { SpokenForm } from '../../src/shared/spoken/traits.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { AutomaticButton } from '../automatic/AutomaticButton.tsx'
import { formName } from '../format/spoken.ts'
import { KeepMessage } from '../requests/KeepMessage.tsx'
import { SpokenFields } from '../spoken/SpokenFields.tsx'
import type { Speaking } from '../state/forms.ts'
import { usePage } from '../state/page.ts'
import { spokenProblems, type Typed, valuesOf } from '../state/spoken-fields.ts'
import { Popover } from '../ui/Popover.tsx'
import { isSendKey, SEND_KEY } from '../ui/send-key.ts'

interface FormSelectProps {
  readonly speaking: Speaking
  /** Undefined for messages as they are. */
  readonly form: SpokenForm | undefined
}

/** What is sent: a form of the protocol, or a message as it is. */
export function FormSelect({ speaking, form }: FormSelectProps) {
  const { forms } = usePage().composer
  return (
    <select
      class="chip"
      aria-label={l10n.t('What to send')}
      value={form?.name ?? ''}
      onChange={({ currentTarget }) => forms.choose(speaking, currentTarget.value)}
    >
      {speaking.forms.map(({ name }) => (
        <option key={name} value={name}>
          {formName(name)}
        </option>
      ))}
      <option value="">{l10n.t('Message as It Is')}</option>
    </select>
  )
}

interface FormBarProps {
  readonly speaking: Speaking
  readonly form: SpokenForm
  readonly target: ConnectionStatus | undefined
  /** Why nothing can be sent on any connection. */
  readonly reason: string | undefined
}

/** Writes and sends a form of the protocol that the connection speaks. */
export function FormBar({ speaking, form, target, reason }: FormBarProps) {
  const page = usePage()
  const { forms, schemas } = page.composer
  const root = useRef<HTMLFormElement>(null)
  const typed = forms.typedIn(speaking, form)
  const problems = spokenProblems(form.fields, typed)
  const shown = forms.isTried.value ? problems : writtenOnly(problems, typed)
  const request = page.savedRequests.of(target?.id)
  const why = reason ?? (speaking.isReady ? undefined : notReady(speaking))

  const send = async () => {
    if (target === undefined || why !== undefined) return
    forms.isTried.value = true
    forms.failure.value = undefined
    if (Object.keys(problems).length > 0) {
      const [wrong] = form.fields.flatMap(({ name }, at) => (problems[name] === undefined ? [] : [at]))
      root.current
        ?.querySelectorAll<HTMLElement>('.spoken-field')
        [wrong ?? 0]?.querySelector<HTMLElement>('input, textarea, select')
        ?.focus()
      return
    }
    try {
      const values = valuesOf(form.fields, typed)
      await page.host.call('sendForm', { id: target.id, form: form.name, values })
      forms.isTried.value = false
    } catch (thrown) {
      forms.failure.value = sentenceOf(thrown)
    }
  }

  return (
    <>
      <vscode-button disabled={target === undefined || why !== undefined} onClick={() => void send()}>
        {l10n.t('Send {0}', SEND_KEY)}
      </vscode-button>
      <span class="spacer" />
      <div class="tools" role="group" aria-label={l10n.t('Message tools')}>
        {request !== undefined && (
          <Popover icon="save-as" name={l10n.t('Keep in Request')}>
            <KeepMessage request={request} message={() => formMessage(form, typed)} isFirst />
          </Popover>
        )}
        <AutomaticButton />
      </div>
      <form
        ref={root}
        class="form-bar"
        aria-label={formName(form.name)}
        onSubmit={(event) => event.preventDefault()}
        onKeyDown={(event) => {
          if (!isSendKey(event)) return
          event.preventDefault()
          void send()
        }}
      >
        <SpokenFields
          key={form.name}
          fields={form.fields}
          typed={typed}
          problems={shown}
          onChange={(changed) => forms.type(speaking, form, changed)}
          schema={
            target && {
              state: schemas.of(target.id),
              load: () => void schemas.load(page.host, target.id),
            }
          }
        />
        {why !== undefined && <div class="dim">{why}</div>}
        <div role="alert" class="tone-error">
          {forms.failure.value}
        </div>
      </form>
    </>
  )
}

/** The values of a form as they are written in a file. */
function formMessage({ name, fields }: SpokenForm, typed: Typed): ComposedMessage {
  return { format: 'json', text: JSON.stringify({ form: name, ...valuesOf(fields, typed) }) }
}

function notReady({ protocol }: Speaking): string {
  return l10n.t('The handshake of {0} is not complete. You can send once it is.', protocol)
}

/** An empty field is not a mistake before the user tries to send. */
function writtenOnly(
  problems: Readonly<Record<string, string>>,
  typed: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(problems).filter(([name]) => (typed[name] ?? '') !== ''))
}
