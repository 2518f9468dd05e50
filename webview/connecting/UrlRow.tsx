import * as l10n from '@vscode/l10n'
import { useState } from 'preact/hooks'
import { schemeOf } from '../../src/shared/transports.ts'
import { type FormFields, fieldsOfCurl, meantUrl, type Problems } from '../state/connect-form.ts'
import { FieldProblem } from './FormRow.tsx'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

interface UrlRowProps {
  readonly fields: FormFields
  readonly problems: Problems
  readonly onChange: (change: Partial<FormFields>) => void
}

/** Method and URL. Below them, the URL that is meant if its scheme was not typed. */
export function UrlRow({ fields, problems, onChange }: UrlRowProps) {
  const [notTaken, setNotTaken] = useState<readonly string[]>()
  const url = meantUrl(fields)
  const isSocket = fields.transport === 'websocket' || schemeOf(url) === 'ws'
  const usual = fields.bodyKind === 'none' ? 'GET' : 'POST'
  const method = isSocket ? 'GET' : fields.method || usual
  return (
    <div class="form-url">
      <div class="form-line">
        <select
          class="chip mono"
          aria-label={l10n.t('Method')}
          disabled={isSocket}
          title={isSocket ? l10n.t('A WebSocket always opens with GET') : undefined}
          value={method}
          onChange={({ currentTarget }) =>
            onChange({ method: currentTarget.value === usual ? '' : currentTarget.value })
          }
        >
          {[...new Set([...METHODS, method])].map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
        <input
          id="form-url"
          class="field mono"
          type="text"
          inputMode="url"
          autocomplete="off"
          spellcheck={false}
          aria-label={l10n.t('URL')}
          aria-invalid={problems.url !== undefined}
          placeholder={l10n.t('wss://host/path or https://host/events, or a curl command')}
          value={fields.url}
          onInput={({ currentTarget }) => {
            const curl = fieldsOfCurl(currentTarget.value)
            setNotTaken(curl?.notTaken)
            onChange(curl?.change ?? { url: currentTarget.value })
          }}
        />
      </div>
      <FieldProblem problem={problems.url} />
      {notTaken !== undefined && (
        <div class="dim form-words" role="status">
          {[l10n.t('Filled in from the curl command.'), ...notTaken].join(' ')}
        </div>
      )}
      {problems.url === undefined && fields.url.trim() !== '' && url !== fields.url.trim() && (
        <div class="dim mono form-words">{url}</div>
      )}
    </div>
  )
}
