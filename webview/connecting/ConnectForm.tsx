import * as l10n from '@vscode/l10n'
import { useEffect, useRef, useState } from 'preact/hooks'
import { CERTIFICATE_FILES } from '../../src/shared/protocol/connecting.ts'
import {
  type FormFields,
  fieldsOf,
  OF_PROTOCOL,
  problemsOf,
  shownSpecOf,
  specOf,
} from '../state/connect-form.ts'
import type { OpenForm } from '../state/connecting.ts'
import { focusHere } from '../state/keyboard.ts'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'
import { isSendKey, SEND_KEY } from '../ui/send-key.ts'
import { FormFieldRows } from './FormFieldRows.tsx'
import { StartingPoints } from './StartingPoints.tsx'
import { UrlRow } from './UrlRow.tsx'
import { WillBeSent } from './WillBeSent.tsx'

/** The form for a connection, with what to start from, and what will be sent. */
export function ConnectForm({ open }: { readonly open: OpenForm }) {
  const page = usePage()
  const { draft, edits } = open
  const [fields, setFields] = useState(() => fieldsOf(draft))
  const [isRemembered, setRemembered] = useState(draft.isRemembered)
  const [isTried, setTried] = useState(false)
  const [isConnecting, setConnecting] = useState(false)
  const root = useRef<HTMLFormElement>(null)
  const change = (part: Partial<FormFields>) => setFields((before) => ({ ...before, ...part }))
  const problems = problemsOf(fields)
  const shown = isTried ? problems : withoutEmptyFields(problems, fields)

  useEffect(() => focusHere(root.current?.querySelector<HTMLElement>('#form-url') ?? null), [])

  /** Whether there are no problems. If there are, shows the first one. */
  const isSound = (): boolean => {
    setTried(true)
    if (Object.keys(problems).length === 0) return true
    // An empty field is marked now.
    requestAnimationFrame(() => root.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
    return false
  }

  const connect = async () => {
    if (!isSound()) return
    setConnecting(true)
    await page.connecting.submit({
      form: draft.id,
      spec: specOf(fields),
      certificates: CERTIFICATE_FILES.filter((use) => fields.certificates[use] !== undefined),
      remember: fields.remember,
    })
    setConnecting(false)
  }

  const request = page.savedRequests.of(edits)
  const save = () => {
    if (!isSound()) return
    void page.call('saveRequest', { source: { form: draft.id, spec: specOf(fields) } }, 0)
  }
  const update = async (connection: number) => {
    if (!isSound()) return
    const done = await page.call('updateRequest', { form: draft.id, connection, spec: specOf(fields) }, 0)
    if (done?.updated === true) page.connecting.closeForm()
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') page.connecting.closeForm()
    else if (isSendKey(event) || (event.key === 'Enter' && isUrl(event.target))) void connect()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const forget = async () => {
    if ((await page.call('forgetSecrets', { form: draft.id })) === undefined) return
    setRemembered(false)
    change({ remember: false })
  }

  return (
    <div class="connect">
      <nav class="connect-start" aria-label={l10n.t('Start from')}>
        <h2>{l10n.t('Start from')}</h2>
        <StartingPoints onPick={(recent) => void page.connecting.openForm({ recent })} />
      </nav>
      <form
        class="connect-form"
        ref={root}
        aria-labelledby="form-title"
        onKeyDown={onKeyDown}
        onSubmit={(event) => event.preventDefault()}
      >
        <div class="connect-fields">
          <h1 id="form-title">
            {edits === undefined ? l10n.t('New connection') : l10n.t('Edit connection')}
          </h1>
          <UrlRow fields={fields} problems={shown} onChange={change} />
          <FormFieldRows
            draft={draft}
            fields={fields}
            problems={shown}
            isRemembered={isRemembered}
            onChange={change}
            onForget={() => void forget()}
          />
        </div>
        <footer class="connect-actions">
          <vscode-button disabled={isConnecting} onClick={() => void connect()}>
            {l10n.t('Connect')}
          </vscode-button>
          <span class="dim">{SEND_KEY}</span>
          {request !== undefined && (
            <Chip
              title={l10n.t('Write this into {0} in {1}', request.name, request.file)}
              onClick={() => void update(request.connection)}
            >
              {l10n.t('Update Request')}
            </Chip>
          )}
          <Chip onClick={save}>{l10n.t('Save as Request…')}</Chip>
          <span class="spacer" />
          <Chip onClick={() => page.connecting.closeForm()}>{l10n.t('Cancel')}</Chip>
        </footer>
      </form>
      <WillBeSent
        spec={shownSpecOf(fields)}
        remember={fields.remember}
        hasCertificates={CERTIFICATE_FILES.some((use) => fields.certificates[use] !== undefined)}
      />
    </div>
  )
}

/** Enter in the URL connects, as in other fields for a URL. */
function isUrl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.id === 'form-url'
}

/** An empty field is not a mistake before the user tries to connect. */
function withoutEmptyFields(problems: ReturnType<typeof problemsOf>, { url, protocolOptions }: FormFields) {
  const empty = new Set([
    ...(url.trim() === '' ? ['url'] : []),
    ...Object.keys(problems).filter(
      (field) => field.startsWith(OF_PROTOCOL) && !protocolOptions[field.slice(OF_PROTOCOL.length)],
    ),
  ])
  return Object.fromEntries(Object.entries(problems).filter(([field]) => !empty.has(field)))
}
