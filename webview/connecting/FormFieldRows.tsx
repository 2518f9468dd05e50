import * as l10n from '@vscode/l10n'
import { alwaysHasEffect } from '../../src/request/request.ts'
import type { FormDraft } from '../../src/shared/protocol/connecting.ts'
import { MASK } from '../../src/shared/secrets.ts'
import { FRAMINGS, type Framing, HTTP_VERSIONS, type HttpVersion } from '../../src/shared/spec.ts'
import { TRANSPORTS } from '../../src/shared/transports.ts'
import {
  authorizationOf,
  type FormFields,
  type Problems,
  RECONNECTS,
  type ReconnectKind,
  specOf,
} from '../state/connect-form.ts'
import { shownHeader } from '../state/form-credentials.ts'
import { impliesJson } from '../state/request-preview.ts'
import { AuthorizationField } from './AuthorizationField.tsx'
import { BodyField } from './BodyField.tsx'
import { CertificatesField } from './CertificatesField.tsx'
import { FormRow, Segments, TextField } from './FormRow.tsx'
import { type DerivedHeader, HeaderTable } from './HeaderTable.tsx'
import { ProtocolRow } from './ProtocolRow.tsx'
import { TECHNIQUES } from './techniques.ts'

const RECONNECT_NAMES: Readonly<Record<ReconnectKind, { readonly name: string; readonly hint: string }>> = {
  '': { name: l10n.t('As in Settings'), hint: '' },
  never: { name: l10n.t('Never'), hint: l10n.t('A response that has ended is not requested again.') },
  backoff: { name: l10n.t('Back Off'), hint: l10n.t('Waits longer after each failure.') },
  fixed: { name: l10n.t('At a Fixed Pace'), hint: '' },
}

export interface FormFieldsProps {
  readonly draft: FormDraft
  readonly fields: FormFields
  readonly problems: Problems
  readonly isRemembered: boolean
  readonly onChange: (change: Partial<FormFields>) => void
  readonly onForget: () => void
}

/** Every field but the URL. A field that does not apply keeps its place. */
export function FormFieldRows(props: FormFieldsProps) {
  const { draft, fields, problems, isRemembered, onChange, onForget } = props
  const spec = specOf(fields)
  return (
    <>
      <FormRow name={l10n.t('Technique')}>
        <Segments
          label={l10n.t('Technique')}
          choices={(['auto', ...TRANSPORTS] as const).map((value) => ({
            value,
            name: TECHNIQUES[value].name,
            title: TECHNIQUES[value].hint,
          }))}
          value={fields.transport}
          onChange={(transport) => onChange({ transport })}
        />
        <span class="dim form-words technique-hint">{TECHNIQUES[fields.transport].hint}</span>
      </FormRow>
      <FormRow name={l10n.t('Headers')}>
        <HeaderTable
          headers={fields.headers}
          derived={derivedHeaders(fields)}
          known={draft.known}
          problems={problems}
          onChange={(headers) => onChange({ headers })}
        />
      </FormRow>
      <FormRow
        name={l10n.t('Subprotocols')}
        option="subprotocol"
        applies={alwaysHasEffect('subprotocol', spec)}
        problem={problems.subprotocols}
        control="form-subprotocols"
      >
        <TextField
          id="form-subprotocols"
          label={l10n.t('Subprotocols')}
          placeholder={l10n.t('Names, separated by commas')}
          value={fields.subprotocols}
          isWrong={problems.subprotocols !== undefined}
          onChange={(subprotocols) => onChange({ subprotocols })}
        />
      </FormRow>
      <ProtocolRow {...props} />
      <FormRow name={l10n.t('Body')} option="data" applies={alwaysHasEffect('data', spec)}>
        <BodyField form={draft.id} fields={fields} onChange={onChange} />
      </FormRow>
      <FormRow name={l10n.t('Authorization')} problem={problems.credentials}>
        <AuthorizationField
          fields={fields}
          isRemembered={isRemembered}
          onChange={onChange}
          onForget={onForget}
        />
      </FormRow>
      <ReconnectRow {...props} />
      <FormRow
        name={l10n.t('Interval')}
        option="interval"
        applies={alwaysHasEffect('interval', spec)}
        problem={problems.interval}
        hint={l10n.t('milliseconds between requests')}
        control="form-interval"
      >
        <TextField
          id="form-interval"
          label={l10n.t('Interval')}
          placeholder={l10n.t('as in settings')}
          isNarrow
          value={fields.interval}
          isWrong={problems.interval !== undefined}
          onChange={(interval) => onChange({ interval })}
        />
      </FormRow>
      <FormRow
        name={l10n.t('Resume by')}
        option="cursor"
        applies={alwaysHasEffect('cursor', spec)}
        problem={problems.cursor}
        hint={l10n.t('auto, header:NAME:PARAM, json:/POINTER:PARAM, json:$.PATH:PARAM, or none')}
        control="form-cursor"
      >
        <TextField
          id="form-cursor"
          label={l10n.t('Resume by')}
          placeholder={l10n.t('auto')}
          value={fields.cursor}
          isWrong={problems.cursor !== undefined}
          onChange={(cursor) => onChange({ cursor })}
        />
      </FormRow>
      <FormRow
        name={l10n.t('Framing')}
        option="framing"
        applies={alwaysHasEffect('framing', spec)}
        hint={l10n.t('how records are separated')}
        control="form-framing"
      >
        <select
          id="form-framing"
          class="chip"
          value={fields.framing}
          onChange={(event) => onChange({ framing: event.currentTarget.value as Framing })}
        >
          {FRAMINGS.map((framing) => (
            <option key={framing}>{framing}</option>
          ))}
        </select>
      </FormRow>
      <FormRow
        name={l10n.t('Timeout')}
        problem={problems.timeout}
        hint={l10n.t('milliseconds at most')}
        control="form-timeout"
      >
        <TextField
          id="form-timeout"
          label={l10n.t('Timeout')}
          placeholder="30000"
          isNarrow
          value={fields.timeout}
          isWrong={problems.timeout !== undefined}
          onChange={(timeout) => onChange({ timeout })}
        />
      </FormRow>
      <FormRow name={l10n.t('Certificates')}>
        <CertificatesField form={draft.id} fields={fields} ofHosts={draft.ofHosts} onChange={onChange} />
      </FormRow>
      <FormRow
        name={l10n.t('HTTP version')}
        option="http"
        applies={alwaysHasEffect('http', spec)}
        hint={l10n.t('auto: the server chooses, over TLS')}
        control="form-http"
      >
        <select
          id="form-http"
          class="chip"
          value={fields.http}
          onChange={(event) => onChange({ http: event.currentTarget.value as HttpVersion })}
        >
          {HTTP_VERSIONS.map((version) => (
            <option key={version}>{version}</option>
          ))}
        </select>
      </FormRow>
      <FormRow name={l10n.t('Browser')}>
        <label class="check">
          <input
            type="checkbox"
            checked={fields.asBrowser}
            onChange={(event) => onChange({ asBrowser: event.currentTarget.checked })}
          />
          {l10n.t('Connect as a browser')}
        </label>
        <span class="dim form-words">
          {l10n.t(
            'sends the headers that Chromium sends, so that servers and proxies answer as they answer a page',
          )}
        </span>
      </FormRow>
      <FormRow name={l10n.t('Cookies')}>
        <label class="check">
          <input
            type="checkbox"
            checked={fields.cookieJar === true}
            onChange={(event) => onChange({ cookieJar: event.currentTarget.checked })}
          />
          {l10n.t('Use cookies')}
        </label>
        <span class="dim form-words">
          {l10n.t('sends those that earlier responses set, and stores new ones')}
        </span>
      </FormRow>
      <FormRow name={l10n.t('Proxy')} problem={problems.proxy} control="form-proxy">
        <TextField
          id="form-proxy"
          label={l10n.t('Proxy')}
          placeholder={l10n.t('Empty: the editor’s proxy')}
          value={fields.proxy}
          isWrong={problems.proxy !== undefined}
          onChange={(proxy) => onChange({ proxy })}
        />
      </FormRow>
    </>
  )
}

function ReconnectRow({ fields, problems, onChange }: FormFieldsProps) {
  return (
    <FormRow
      name={l10n.t('Reconnect')}
      problem={problems.delay}
      hint={RECONNECT_NAMES[fields.reconnect].hint || undefined}
    >
      <Segments
        label={l10n.t('Reconnect')}
        choices={RECONNECTS.map((value) => ({ value, name: RECONNECT_NAMES[value].name }))}
        value={fields.reconnect}
        onChange={(reconnect) => onChange({ reconnect })}
      />
      {fields.reconnect === 'fixed' && (
        <>
          <TextField
            label={l10n.t('Milliseconds between attempts')}
            isNarrow
            value={fields.delay}
            isWrong={problems.delay !== undefined}
            onChange={(delay) => onChange({ delay })}
          />
          <span class="dim">{l10n.t('ms')}</span>
        </>
      )}
    </FormRow>
  )
}

const CONTENT_TYPE = 'Content-Type'
const JSON_TYPE = 'application/json'
const AUTHORIZATION = 'Authorization'

/** The headers that follow from other fields. */
function derivedHeaders(fields: FormFields): DerivedHeader[] {
  const spec = specOf(fields)
  const isJson = alwaysHasEffect('data', spec) && impliesJson(spec)
  const { credentials } = spec
  const shown =
    authorizationOf(fields) === undefined
      ? credentials && shownHeader(credentials)
      : ([AUTHORIZATION, `${fields.auth === 'basic' ? 'Basic' : 'Bearer'} ${MASK}`] as const)
  return [
    ...(isJson ? [{ name: CONTENT_TYPE, value: JSON_TYPE, from: l10n.t('from the body') }] : []),
    ...(shown === undefined
      ? []
      : [
          {
            name: shown[0],
            value: shown[1].replace(MASK, '••••••'),
            from: l10n.t('from Authorization below'),
          },
        ]),
  ]
}
