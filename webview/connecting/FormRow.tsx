/** The rows of the form: a name at the side, the field, and what is wrong with it. */
import * as l10n from '@vscode/l10n'
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { type OptionName, REQUEST_OPTIONS } from '../../src/request/options.ts'
import { TECHNIQUES } from './techniques.ts'

/** A row keeps its place if its field does not apply: it says what the field is for. */
export interface FormRowProps {
  readonly name: string
  /** The option of the request. The field applies to some techniques only. */
  readonly option?: OptionName
  readonly applies?: boolean
  readonly problem?: string | undefined
  /** Text after the field. */
  readonly hint?: string
  /** Id of the control that the name belongs to. Without it, the row is a group. */
  readonly control?: string
  readonly children: ComponentChildren
}

/** For which techniques an option is. */
function purposeOf(option: OptionName): string {
  const transports = REQUEST_OPTIONS[option].transports ?? []
  const [first = '', second, third, ...more] = transports.map((name) => TECHNIQUES[name].name)
  if (second === undefined) return l10n.t('Only for {0}', first)
  if (third === undefined) return l10n.t('Only for {0} and {1}', first, second)
  return more.length === 0
    ? l10n.t('Only for {0}, {1} and {2}', first, second, third)
    : l10n.t('Not for WebSocket')
}

export function FormRow({ name, option, applies = true, problem, hint, control, children }: FormRowProps) {
  const label = useId()
  const field = (
    <div class="form-field">
      {applies ? (
        children
      ) : (
        <span class="dim form-words">{option === undefined ? '' : purposeOf(option)}</span>
      )}
      {applies && hint !== undefined && <span class="dim form-words">{hint}</span>}
      {applies && <FieldProblem problem={problem} />}
    </div>
  )
  if (control !== undefined && applies)
    return (
      <div class="form-row">
        <label class="form-name" for={control}>
          {name}
        </label>
        {field}
      </div>
    )
  return (
    <div class="form-row" role="group" aria-labelledby={label}>
      <span class="form-name" id={label}>
        {name}
      </span>
      {field}
    </div>
  )
}

export function FieldProblem({ problem }: { readonly problem: string | undefined }) {
  return problem === undefined ? null : (
    <div class="form-problem" role="alert">
      {problem}
    </div>
  )
}

interface TextFieldProps {
  readonly id?: string
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly placeholder?: string
  readonly isSecret?: boolean
  readonly isNarrow?: boolean
  readonly isWrong?: boolean
}

/** A field for one line. */
export function TextField({
  id,
  label,
  value,
  onChange,
  placeholder,
  isSecret = false,
  isNarrow = false,
  isWrong = false,
}: TextFieldProps) {
  return (
    <input
      id={id}
      class={`field mono${isNarrow ? ' narrow-field' : ''}`}
      type={(isSecret ? 'password' : 'text') as 'text'}
      autocomplete="off"
      spellcheck={false}
      aria-label={label}
      aria-invalid={isWrong}
      placeholder={placeholder}
      value={value}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  )
}

interface SegmentsProps<Value extends string> {
  readonly label: string
  readonly choices: readonly { readonly value: Value; readonly name: string; readonly title?: string }[]
  readonly value: Value
  readonly onChange: (value: Value) => void
}

/** A few choices side by side. */
export function Segments<Value extends string>({ label, choices, value, onChange }: SegmentsProps<Value>) {
  const name = useId()
  return (
    <div class="segments" role="radiogroup" aria-label={label}>
      {choices.map((choice) => (
        <label key={choice.value} class="segment" title={choice.title}>
          <input
            type="radio"
            name={name}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          {choice.name}
        </label>
      ))}
    </div>
  )
}
