import * as l10n from '@vscode/l10n'
import { useId } from 'preact/hooks'
import { MASK } from '../../src/shared/secrets.ts'
import type { SpokenField } from '../../src/shared/spoken/traits.ts'
import { fieldName } from '../format/spoken.ts'
import type { Typed } from '../state/spoken-fields.ts'
import { QueryField, type SchemaSource } from './QueryField.tsx'

/** Fields whose texts may have several lines. */
const LONG = new Set(['body', 'message', 'payload', 'query', 'text'])

interface SpokenFieldsProps {
  readonly fields: readonly SpokenField[]
  readonly typed: Typed
  readonly problems: Readonly<Record<string, string>>
  /** Names of the secrets that the host has. */
  readonly known?: readonly string[]
  readonly onChange: (typed: Typed) => void
  /** Completes queries. Default: they are plain texts. */
  readonly schema?: SchemaSource | undefined
}

/** The fields of a form, or the options of a protocol. */
export function SpokenFields({ fields, typed, problems, known = [], onChange, schema }: SpokenFieldsProps) {
  return (
    <div class="spoken-fields">
      {fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          text={typed[field.name] ?? ''}
          problem={problems[field.name]}
          isKnown={known.includes(field.name)}
          schema={schema}
          onChange={(text) => onChange({ ...typed, [field.name]: text })}
        />
      ))}
    </div>
  )
}

interface FieldProps {
  readonly field: SpokenField
  readonly text: string
  readonly problem: string | undefined
  readonly isKnown: boolean
  readonly schema: SchemaSource | undefined
  readonly onChange: (text: string) => void
}

function Field(props: FieldProps) {
  const { field, problem } = props
  const id = useId()
  const isWide = field.type === 'json' || LONG.has(field.name)
  return (
    <div class={`spoken-field${isWide ? ' wide' : ''}`}>
      <label for={id} class="dim">
        {fieldName(field.name)}
      </label>
      <Control {...props} id={id} />
      {problem !== undefined && (
        <div id={`${id}-problem`} class="form-problem" role="alert">
          {problem}
        </div>
      )}
    </div>
  )
}

function Control({
  id,
  field,
  text,
  problem,
  isKnown,
  schema,
  onChange,
}: FieldProps & { readonly id: string }) {
  const { type, hint, initial, isSecret } = field
  if (type === 'toggle')
    return (
      <label class="check" title={hint}>
        <input
          id={id}
          type="checkbox"
          checked={text === '' ? initial === true : text === 'true'}
          onChange={({ currentTarget }) => onChange(String(currentTarget.checked))}
        />
        <span class="dim form-words">{hint}</span>
      </label>
    )
  if (typeof type !== 'string')
    return (
      <select
        id={id}
        class="chip"
        title={hint}
        value={text === '' ? String(initial ?? type[0]) : text}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      >
        {type.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    )
  const isKept = text === MASK
  const shared = {
    id,
    'aria-invalid': problem !== undefined,
    'aria-describedby': problem === undefined ? undefined : `${id}-problem`,
    title: hint,
    placeholder: isKept ? keptHint(isKnown) : exampleOf(field),
    spellcheck: false,
    value: isKept ? '' : text,
  } as const
  if (field.completes === 'graphql' && schema !== undefined)
    return <QueryField field={shared} text={text} source={schema} onChange={onChange} />
  if (isSecret !== true && (type === 'json' || LONG.has(field.name)))
    return (
      <textarea
        {...shared}
        class="field mono"
        rows={1}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    )
  return (
    <input
      {...shared}
      class={`field mono${type === 'number' ? ' number' : ''}`}
      type={(isSecret ? 'password' : 'text') as 'text'}
      inputMode={type === 'number' ? 'numeric' : undefined}
      autocomplete="off"
      onInput={({ currentTarget }) => onChange(currentTarget.value)}
    />
  )
}

function keptHint(isKnown: boolean): string {
  return isKnown ? l10n.t('•••••• (kept)') : l10n.t('asked for when you connect')
}

/** What an empty field stands for, or what it is. */
function exampleOf({ initial, hint }: SpokenField): string {
  if (initial === undefined) return hint
  return typeof initial === 'string' ? initial : JSON.stringify(initial)
}
