interface NumberFieldProps {
  readonly name: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly onChange: (value: number) => void
}

/** A field for a whole number. The value is `NaN` while it is empty. */
export function NumberField({ name, value, min, max, onChange }: NumberFieldProps) {
  return (
    <input
      class="field number"
      type="number"
      aria-label={name}
      min={min}
      max={max}
      step={1}
      value={Number.isNaN(value) ? '' : value}
      onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
    />
  )
}
