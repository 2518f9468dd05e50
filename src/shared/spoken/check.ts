/** Checks what the user set of a protocol, and reads it. */
import { Failure } from '../failure.ts'
import { isSpoken, SPOKEN, SPOKEN_NAMES, type SpokenName } from './table.ts'
import type { FieldValues, SpokenField } from './traits.ts'

/** Whether the value fits the field. A text may stand for JSON that is a string, but not for an object that is not closed. */
function fits({ type, among }: SpokenField, value: unknown): boolean {
  if (typeof type !== 'string') return typeof value === 'string' && type.includes(value)
  switch (type) {
    case 'text':
      return ['string', 'number', 'boolean'].includes(typeof value)
    case 'number':
      return (
        typeof value === 'number' && Number.isFinite(value) && value >= 0 && among?.includes(value) !== false
      )
    case 'toggle':
      return typeof value === 'boolean'
    case 'json':
      return value !== undefined && !(typeof value === 'string' && /^\s*[{[]/.test(value))
  }
}

function wanted({ type, among }: SpokenField): string {
  if (typeof type !== 'string') return `one of ${type.join(', ')}`
  if (among !== undefined) return `one of ${among.join(', ')}`
  return { text: 'a text', number: 'a number from 0', toggle: 'true or false', json: 'JSON' }[type]
}

/** Throws a `Failure` `BAD_SPEC` unless the values have the types of the fields; `of` is what has them. */
export function checkFields(
  fields: readonly SpokenField[],
  values: FieldValues,
  { of, noun }: { readonly of: string; readonly noun: 'option' | 'field' },
): void {
  for (const [name, value] of Object.entries(values)) {
    const field = fields.find((each) => each.name === name)
    if (field === undefined) {
      const names = fields.map((each) => each.name)
      const known = names.length === 0 ? 'it has none' : `use ${names.join(', ')}`
      throw new Failure('BAD_SPEC', `${of} has no ${noun} ${name}; ${known}.`)
    }
    for (const each of field.type === 'json' ? [value] : [value].flat())
      if (!fits(field, each))
        throw new Failure('BAD_SPEC', `The ${noun} ${name} of ${of} must be ${wanted(field)}.`)
  }
  const missing = fields.find(({ name, isRequired }) => isRequired && values[name] === undefined)
  if (missing !== undefined)
    throw new Failure('BAD_SPEC', `${of} needs the ${noun} ${missing.name}: ${missing.hint}.`)
}

/** The protocol with that name. Throws a `Failure` `BAD_SPEC` if it is not spoken, or if an option is wrong. */
export function requireSpoken(name: string, options: FieldValues = {}): SpokenName {
  if (!isSpoken(name))
    throw new Failure(
      'BAD_SPEC',
      `The protocol ${name} cannot be spoken; use one of ${SPOKEN_NAMES.join(', ')}.`,
    )
  checkFields(SPOKEN[name].options, options, { of: name, noun: 'option' })
  return name
}
