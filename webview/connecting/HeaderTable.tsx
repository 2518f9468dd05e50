import * as l10n from '@vscode/l10n'
import { isSecretHeader, MASK } from '../../src/shared/secrets.ts'
import type { HeaderRow, Problems } from '../state/connect-form.ts'
import { IconButton } from '../ui/buttons.tsx'
import { FieldProblem } from './FormRow.tsx'

/** A header that another field sets. */
export interface DerivedHeader {
  readonly name: string
  readonly value: string
  readonly from: string
}

interface HeaderTableProps {
  readonly headers: readonly HeaderRow[]
  readonly derived: readonly DerivedHeader[]
  /** Names of the secrets that the host has. */
  readonly known: readonly string[]
  readonly problems: Problems
  readonly onChange: (headers: readonly HeaderRow[]) => void
}

const EMPTY: HeaderRow = { isUsed: true, name: '', value: '' }

/** The headers of the request: each can be left out. The last row adds one. */
export function HeaderTable({ headers, derived, known, problems, onChange }: HeaderTableProps) {
  const set = (at: number, change: Partial<HeaderRow>) => {
    const rows = at < headers.length ? headers : [...headers, EMPTY]
    onChange(rows.map((row, i) => (i === at ? { ...row, ...change } : row)))
  }
  const rows = [...headers, EMPTY]
  const problem = Object.entries(problems).find(([field]) => field.startsWith('header '))?.[1]
  return (
    <>
      <table class="headers mono">
        <colgroup>
          <col class="header-tick" />
          <col class="header-name" />
          <col />
          <col class="header-action" />
        </colgroup>
        <thead class="visually-hidden">
          <tr>
            <th scope="col">{l10n.t('Sent')}</th>
            <th scope="col">{l10n.t('Name')}</th>
            <th scope="col">{l10n.t('Value')}</th>
            <th scope="col">{l10n.t('Remove')}</th>
          </tr>
        </thead>
        <tbody>
          {derived.map(({ name, value, from }) => (
            <tr key={name}>
              <td>
                <input type="checkbox" checked disabled aria-label={l10n.t('Send {0}', name)} />
              </td>
              <td>{name}</td>
              <td colSpan={2}>
                <span class="derived-value">
                  <span class="clip">{value}</span>
                  <span class="dim">{from}</span>
                </span>
              </td>
            </tr>
          ))}
          {rows.map((row, i) => (
            <Row
              key={i}
              row={row}
              number={i + 1}
              isNew={i === headers.length}
              isKnown={known.some((name) => name.toLowerCase() === row.name.trim().toLowerCase())}
              isWrong={problems[`header ${i}`] !== undefined}
              onChange={(change) => set(i, change)}
              onRemove={() => onChange(headers.filter((_, at) => at !== i))}
            />
          ))}
        </tbody>
      </table>
      <FieldProblem problem={problem} />
    </>
  )
}

interface RowProps {
  readonly row: HeaderRow
  readonly number: number
  readonly isNew: boolean
  readonly isKnown: boolean
  readonly isWrong: boolean
  readonly onChange: (change: Partial<HeaderRow>) => void
  readonly onRemove: () => void
}

function Row({ row, number, isNew, isKnown, isWrong, onChange, onRemove }: RowProps) {
  const { isUsed, name, value } = row
  const isKept = value === MASK
  const keptHint = isKnown ? l10n.t('•••••• (kept)') : l10n.t('asked for when you connect')
  const shownName = name === '' ? String(number) : name
  return (
    <tr class={isUsed ? '' : 'unused'}>
      <td>
        {!isNew && (
          <input
            type="checkbox"
            checked={isUsed}
            aria-label={l10n.t('Send {0}', shownName)}
            onChange={(event) => onChange({ isUsed: event.currentTarget.checked })}
          />
        )}
      </td>
      <td>
        <input
          type="text"
          autocomplete="off"
          spellcheck={false}
          aria-label={l10n.t('Name of header {0}', number)}
          aria-invalid={isWrong}
          placeholder={isNew ? l10n.t('Name') : ''}
          value={name}
          onInput={(event) => onChange({ name: event.currentTarget.value })}
        />
      </td>
      <td>
        <input
          type={(isSecretHeader(name) && !isKept ? 'password' : 'text') as 'text'}
          autocomplete="off"
          spellcheck={false}
          aria-label={l10n.t('Value of header {0}', number)}
          placeholder={isKept ? keptHint : isNew ? l10n.t('Value') : ''}
          value={isKept ? '' : value}
          onInput={(event) => onChange({ value: event.currentTarget.value })}
        />
      </td>
      <td>
        {!isNew && <IconButton icon="trash" name={l10n.t('Remove {0}', shownName)} onClick={onRemove} />}
      </td>
    </tr>
  )
}
