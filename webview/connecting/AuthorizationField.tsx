import * as l10n from '@vscode/l10n'
import { MASK } from '../../src/shared/secrets.ts'
import { AUTH_KINDS, type AuthKind, type FormFields } from '../state/connect-form.ts'
import { LinkButton } from '../ui/buttons.tsx'
import { TextField } from './FormRow.tsx'

const NAMES: Readonly<Record<AuthKind, string>> = {
  none: l10n.t('None'),
  basic: 'Basic',
  bearer: 'Bearer',
}

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
          })
        }
      >
        {AUTH_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {NAMES[kind]}
          </option>
        ))}
      </select>
      {auth !== 'none' && isKept && (
        <>
          <span class="mono">••••••</span>
          <span class="dim">
            {isRemembered ? l10n.t('kept in the editor’s secret storage') : l10n.t('as before')}
          </span>
          <LinkButton onClick={() => onChange({ secret: '' })}>{l10n.t('Change…')}</LinkButton>
        </>
      )}
      {auth === 'basic' && !isKept && (
        <TextField
          label={l10n.t('User')}
          placeholder={l10n.t('User')}
          isNarrow
          value={user}
          onChange={(value) => onChange({ user: value })}
        />
      )}
      {auth !== 'none' && !isKept && (
        <TextField
          label={auth === 'basic' ? l10n.t('Password') : l10n.t('Token')}
          placeholder={auth === 'basic' ? l10n.t('Password') : l10n.t('Token')}
          isSecret
          value={secret}
          onChange={(value) => onChange({ secret: value })}
        />
      )}
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
