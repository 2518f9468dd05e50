import * as l10n from '@vscode/l10n'
import { splitNames } from '../../src/request/options.ts'
import type { FormDraft } from '../../src/shared/protocol/connecting.ts'
import { suggestedProtocol } from '../../src/shared/spoken/suggested.ts'
import { isSpoken, SPOKEN_NAMES } from '../../src/shared/spoken/table.ts'
import { SpokenFields } from '../spoken/SpokenFields.tsx'
import { type FormFields, meantUrl, OF_PROTOCOL, optionsOf, type Problems } from '../state/connect-form.ts'
import { Chip } from '../ui/buttons.tsx'
import { FormRow } from './FormRow.tsx'

interface ProtocolRowProps {
  readonly draft: FormDraft
  readonly fields: FormFields
  readonly problems: Problems
  readonly onChange: (change: Partial<FormFields>) => void
}

/** The protocol that is spoken on the connection, and its options. */
export function ProtocolRow({ draft, fields, problems, onChange }: ProtocolRowProps) {
  const { protocol, protocolOptions } = fields
  const suggested =
    protocol === '' ? suggestedProtocol(meantUrl(fields), splitNames(fields.subprotocols)) : undefined
  return (
    <FormRow name={l10n.t('Protocol')}>
      <select
        class="chip"
        aria-label={l10n.t('Protocol')}
        value={protocol}
        onChange={({ currentTarget: { value } }) => onChange({ protocol: isSpoken(value) ? value : '' })}
      >
        <option value="">{l10n.t('None')}</option>
        {SPOKEN_NAMES.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      {suggested !== undefined && (
        <Chip onClick={() => onChange({ protocol: suggested })}>{l10n.t('Speak {0}', suggested)}</Chip>
      )}
      <span class="dim form-words">
        {protocol === ''
          ? l10n.t('Only what you send is sent.')
          : l10n.t('The handshake and the heartbeats are sent automatically.')}
      </span>
      {optionsOf(protocol).length > 0 && (
        <SpokenFields
          fields={optionsOf(protocol)}
          typed={protocolOptions}
          problems={optionProblems(problems)}
          known={draft.known}
          onChange={(typed) => onChange({ protocolOptions: typed })}
        />
      )}
    </FormRow>
  )
}

function optionProblems(problems: Problems): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(problems).flatMap(([field, problem]) =>
      field.startsWith(OF_PROTOCOL) ? [[field.slice(OF_PROTOCOL.length), problem]] : [],
    ),
  )
}
