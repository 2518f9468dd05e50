import * as l10n from '@vscode/l10n'
import { jsonMistake } from '../../src/shared/text/json-text.ts'
import { formatJson } from '../composer/format-json.ts'
import { formatBytes } from '../format/count.ts'
import { BODY_KINDS, type BodyKind, type FormFields } from '../state/connect-form.ts'
import { usePage } from '../state/page.ts'
import { LinkButton } from '../ui/buttons.tsx'

const NAMES: Readonly<Record<BodyKind, string>> = {
  none: l10n.t('None'),
  json: 'JSON',
  text: l10n.t('Text'),
  kept: l10n.t('As Before'),
  file: l10n.t('File'),
}

interface BodyFieldProps {
  readonly form: number
  readonly fields: FormFields
  readonly onChange: (change: Partial<FormFields>) => void
}

/** The body of an HTTP request: text, JSON that is checked, or a file. */
export function BodyField({ form, fields, onChange }: BodyFieldProps) {
  const page = usePage()
  const { bodyKind, body } = fields
  const kinds: readonly BodyKind[] = BODY_KINDS.some((kind) => kind === bodyKind)
    ? BODY_KINDS
    : [...BODY_KINDS, bodyKind]
  const isTyped = bodyKind === 'json' || bodyKind === 'text'
  const formatted = bodyKind === 'json' ? formatJson(body) : undefined
  const mistake = bodyKind === 'json' && body.trim() !== '' ? jsonMistake(body) : undefined

  const fromFile = async () => {
    const file = await page.call('chooseFile', { form, use: 'body' }, 0)
    if (file?.body === undefined) return
    if (typeof file.body !== 'string') onChange({ bodyKind: 'file', bytes: file.body, bodyFile: file.name })
    else
      onChange({
        bodyKind: formatJson(file.body) === undefined ? 'text' : 'json',
        body: file.body,
        bodyFile: file.name,
      })
  }

  return (
    <div class="body-field">
      <div class="form-line">
        <select
          class="chip"
          aria-label={l10n.t('Kind of body')}
          value={bodyKind}
          onChange={(event) => onChange({ bodyKind: event.currentTarget.value as BodyKind })}
        >
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {NAMES[kind]}
            </option>
          ))}
        </select>
        <span class={`form-words ${mistake === undefined ? 'dim' : 'body-wrong'}`} role="status">
          {stateOf(fields, mistake)}
        </span>
        <span class="spacer" />
        {bodyKind === 'json' && (
          <LinkButton
            disabled={formatted === undefined}
            onClick={() => formatted !== undefined && onChange({ body: formatted })}
          >
            {l10n.t('Format')}
          </LinkButton>
        )}
        <LinkButton onClick={() => void fromFile()}>{l10n.t('From file…')}</LinkButton>
      </div>
      {isTyped && (
        <textarea
          class="field mono"
          rows={Math.min(14, Math.max(4, body.split('\n').length + 1))}
          spellcheck={false}
          aria-label={l10n.t('Body')}
          value={body}
          onInput={(event) => onChange({ body: event.currentTarget.value })}
        />
      )}
    </div>
  )
}

/** What is known of the body: its size, and the mistake in its JSON. */
function stateOf(fields: FormFields, mistake: string | undefined): string {
  const { bodyKind, body, bytes, bodyFile } = fields
  if (bodyKind === 'none') return ''
  if (bodyKind === 'kept') return l10n.t('Not shown, because it may have secrets.')
  if (bodyKind === 'file') {
    const size = formatBytes(Math.floor(((bytes?.base64.length ?? 0) * 3) / 4))
    return bodyFile === '' ? size : `${bodyFile}, ${size}`
  }
  const size = formatBytes(new TextEncoder().encode(body).length)
  if (bodyKind === 'text' || body.trim() === '') return size
  return mistake === undefined ? l10n.t('valid, {0}', size) : l10n.t('not JSON: {0}', mistake)
}
