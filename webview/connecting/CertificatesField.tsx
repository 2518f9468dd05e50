import * as l10n from '@vscode/l10n'
import { certificatesFor } from '../../src/shared/host-certificates.ts'
import {
  CERTIFICATE_FILES,
  type CertificateFile,
  type HostFiles,
} from '../../src/shared/protocol/connecting.ts'
import { type FormFields, meantUrl } from '../state/connect-form.ts'
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
  /** Those of the settings. */
  readonly ofHosts: readonly HostFiles[] | undefined
  readonly onChange: (change: Partial<FormFields>) => void
}

/** Whether the server's certificate is checked, and the files of certificates. */
export function CertificatesField({ form, fields, ofHosts, onChange }: CertificatesFieldProps) {
  const page = usePage()
  const { certificates, isUnchecked } = fields
  const ofSettings = certificates.cert === undefined ? filesForUrl(fields, ofHosts) : undefined
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
      {ofSettings !== undefined && (
        <span class="dim form-words">
          {l10n.t('From settings: {0} for {1}', ofSettings.files.join(', '), ofSettings.host)}
        </span>
      )}
    </div>
  )
}

/** The files of the settings that are used for the URL of the form. */
function filesForUrl(fields: FormFields, ofHosts: readonly HostFiles[] | undefined): HostFiles | undefined {
  const url = meantUrl(fields)
  return /^(?:https|wss):/i.test(url) && URL.canParse(url)
    ? certificatesFor(new URL(url), ofHosts)
    : undefined
}
