import * as l10n from '@vscode/l10n'
import { API_KEY_PLACES, SIGNATURE_PLACES } from '../../src/shared/credentials.ts'
import { MASK } from '../../src/shared/secrets.ts'
import type { FormFields } from '../state/connect-form.ts'
import { AUTH_KINDS, type AuthKind, isHeader } from '../state/form-credentials.ts'
import { LinkButton } from '../ui/buttons.tsx'
import { TextField } from './FormRow.tsx'

const NAMES: Readonly<Record<AuthKind, string>> = {
  none: l10n.t('None'),
  basic: 'Basic',
  bearer: 'Bearer',
  'api-key': l10n.t('API Key'),
  digest: 'Digest',
  aws: 'AWS',
}

/** What the user and the secret are. */
const USERS: Readonly<Partial<Record<AuthKind, string>>> = {
  basic: l10n.t('User'),
  digest: l10n.t('User'),
  aws: l10n.t('Access key ID'),
}
const SECRETS: Readonly<Record<AuthKind, string>> = {
  none: '',
  basic: l10n.t('Password'),
  bearer: l10n.t('Token'),
  'api-key': l10n.t('Key'),
  digest: l10n.t('Password'),
  aws: l10n.t('Secret access key'),
}

const PLACES = {
  header: l10n.t('in a header'),
  query: l10n.t('in the query'),
  subprotocol: l10n.t('as a subprotocol'),
} as const

interface AuthorizationFieldProps {
  readonly fields: FormFields
  /** The secrets are in the secret storage. */
  readonly isRemembered: boolean
  readonly onChange: (change: Partial<FormFields>) => void
  readonly onForget: () => void
}

/** The credentials of the request, and whether they are remembered. */
export function AuthorizationField({ fields, isRemembered, onChange, onForget }: AuthorizationFieldProps) {
  const { auth, user, secret, remember } = fields
  const isKept = secret === MASK
  const userName = USERS[auth]
  return (
    <div class="form-line">
      <select
        class="chip"
        aria-label={l10n.t('Kind of authorization')}
        value={auth}
        onChange={(event) =>
          onChange({
            auth: event.currentTarget.value as AuthKind,
            secret: isKept ? '' : secret,
            sessionToken: '',
            hasCredentials: false,
          })
        }
      >
        {AUTH_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {NAMES[kind]}
          </option>
        ))}
      </select>
      {auth === 'api-key' && <KeyFields fields={fields} onChange={onChange} />}
      {userName !== undefined && !(isKept && isHeader(fields)) && (
        <TextField
          label={userName}
          placeholder={userName}
          isNarrow
          value={user}
          onChange={(value) => onChange({ user: value })}
        />
      )}
      {auth !== 'none' && isKept && (
        <>
          <span class="mono">••••••</span>
          <span class="dim">
            {isRemembered ? l10n.t('kept in the editor’s secret storage') : l10n.t('as before')}
          </span>
          <LinkButton onClick={() => onChange({ secret: '', sessionToken: '' })}>
            {l10n.t('Change…')}
          </LinkButton>
        </>
      )}
      {auth !== 'none' && !isKept && (
        <TextField
          label={SECRETS[auth]}
          placeholder={SECRETS[auth]}
          isSecret
          value={secret}
          onChange={(value) => onChange({ secret: value })}
        />
      )}
      {auth === 'aws' && <AwsFields fields={fields} isKept={isKept} onChange={onChange} />}
      {isRemembered && <LinkButton onClick={onForget}>{l10n.t('Forget')}</LinkButton>}
      <label class="check" title={l10n.t('All secrets of this connection, in the editor’s secret storage')}>
        <input
          type="checkbox"
          checked={remember}
          onChange={(event) => onChange({ remember: event.currentTarget.checked })}
        />
        {l10n.t('Remember')}
      </label>
    </div>
  )
}

type PartProps = Pick<AuthorizationFieldProps, 'fields' | 'onChange'>

function KeyFields({ fields, onChange }: PartProps) {
  return (
    <>
      <PlaceField
        places={API_KEY_PLACES}
        value={fields.keyPlace}
        onChange={(keyPlace) => onChange({ keyPlace })}
      />
      <TextField
        label={l10n.t('Name of the key')}
        placeholder={l10n.t('Name')}
        isNarrow
        value={fields.keyName}
        onChange={(keyName) => onChange({ keyName })}
      />
    </>
  )
}

function AwsFields({ fields, isKept, onChange }: PartProps & { readonly isKept: boolean }) {
  return (
    <>
      {!isKept && (
        <TextField
          label={l10n.t('Session token')}
          placeholder={l10n.t('Session token, if the key is temporary')}
          isSecret
          value={fields.sessionToken}
          onChange={(sessionToken) => onChange({ sessionToken })}
        />
      )}
      <TextField
        label={l10n.t('Region')}
        placeholder={l10n.t('Region: that of the host')}
        isNarrow
        value={fields.region}
        onChange={(region) => onChange({ region })}
      />
      <TextField
        label={l10n.t('Service')}
        placeholder={l10n.t('Service: that of the host')}
        isNarrow
        value={fields.service}
        onChange={(service) => onChange({ service })}
      />
      <PlaceField
        places={SIGNATURE_PLACES}
        value={fields.signaturePlace}
        onChange={(signaturePlace) => onChange({ signaturePlace })}
      />
    </>
  )
}

interface PlaceFieldProps<Place extends keyof typeof PLACES> {
  readonly places: readonly Place[]
  readonly value: Place
  readonly onChange: (place: Place) => void
}

function PlaceField<Place extends keyof typeof PLACES>({ places, value, onChange }: PlaceFieldProps<Place>) {
  return (
    <select
      class="chip"
      aria-label={l10n.t('Where it is sent')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as Place)}
    >
      {places.map((place) => (
        <option key={place} value={place}>
          {PLACES[place]}
        </option>
      ))}
    </select>
  )
}
