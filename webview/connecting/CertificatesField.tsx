import * as l10n from '@vscode/l10n'
import { CERTIFICATE_FILES, type CertificateFile } from '../../src/shared/protocol/connecting.ts'
import type { FormFields } from '../state/connect-form.ts'
import { usePage } from '../state/page.ts'
import { IconButton, LinkButton } from '../ui/buttons.tsx'

const NAMES: Readonly<Record<CertificateFile, string>> = {
  ca: l10n.t('Authority'),
  cert: l10n.t('Client certificate'),
  key: l10n.t('Key'),
}

interface CertificatesFieldProps {
  readonly form: number
  readonly fields: FormFields
  readonly onChange: (change: Partial<FormFields>) => void
}

/** Whether the server's certificate is checked, and the files of certificates. */
export function CertificatesField({ form, fields, onChange }: CertificatesFieldProps) {
  const page = usePage()
  const { certificates, isUnchecked } = fields
  const choose = async (use: CertificateFile) => {
    const file = await page.call('chooseFile', { form, use }, 0)
    if (file) onChange({ certificates: { ...certificates, [use]: file.name } })
  }
  return (
    <div class="form-line">
      <label class="check">
        <input
          type="checkbox"
          checked={!isUnchecked}
          onChange={(event) => onChange({ isUnchecked: !event.currentTarget.checked })}
        />
        {l10n.t('Check the server’s certificate')}
      </label>
      {CERTIFICATE_FILES.map((use) => {
        const file = certificates[use]
        return file === undefined ? (
          <LinkButton key={use} onClick={() => void choose(use)}>
            {l10n.t('{0}…', NAMES[use])}
          </LinkButton>
        ) : (
          <span key={use} class="file-chip">
            {NAMES[use]}: {file}
            <IconButton
              icon="close"
              name={l10n.t('Remove {0}', NAMES[use])}
              onClick={() => onChange({ certificates: { ...certificates, [use]: undefined } })}
            />
          </span>
        )
      })}
    </div>
  )
}
