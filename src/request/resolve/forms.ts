/** Messages that are written as the fields of a form of the protocol that is spoken. */
import { standIns } from '../../shared/compose/template.ts'
import { Failure } from '../../shared/failure.ts'
import { isFields } from '../../shared/fields.ts'
import { isSpoken, SPOKEN } from '../../shared/spoken/table.ts'
import type { SpokenForm } from '../../shared/spoken/traits.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'
import { membersOf } from '../variables/json-members.ts'

/** A member that names the form. It is not sent. */
const FORM = 'form'

export interface FormMessage {
  readonly form: string
  /** JSON of the fields, with the placeholders of the template. */
  readonly values: string
}

/** Whether the names are fields of the form, with all those that it needs. */
function fits({ fields }: SpokenForm, names: readonly string[]): boolean {
  return (
    names.every((name) => fields.some((field) => field.name === name)) &&
    fields.every(({ name, isRequired }) => isRequired !== true || names.includes(name))
  )
}

/**
 * The form that a template stands for: a JSON object whose members are fields of it. Undefined for a message that is
 * sent as it is. Throws a `Failure` `FORM` if several forms fit, or if the one that is named does not.
 */
export function formOf(template: string, protocol: string | undefined): FormMessage | undefined {
  if (protocol === undefined || !isSpoken(protocol)) return undefined
  const json = standIns(template)
  const value = tryParseJson(json)
  if (!isFields(value)) return undefined
  const forms: readonly SpokenForm[] = SPOKEN[protocol].forms
  const names = Object.keys(value).filter((name) => name !== FORM)
  const named = forms.find(({ name }) => name === value[FORM])
  if (named !== undefined) {
    if (!fits(named, names))
      throw new Failure('FORM', `The form ${named.name} of ${protocol} has ${fieldsOf(named)}.`)
    return { form: named.name, values: withoutMember(template, json, FORM) }
  }
  if (Object.hasOwn(value, FORM)) return undefined
  const fitting = forms.filter((form) => fits(form, names))
  const [form] = fitting
  if (fitting.length > 1)
    throw new Failure(
      'FORM',
      `The message fits several forms of ${protocol}; add "form": with one of ${fitting.map(({ name }) => `"${name}"`).join(', ')}, or write # @format text to send it as it is.`,
    )
  return form === undefined ? undefined : { form: form.name, values: template }
}

function fieldsOf({ fields }: SpokenForm): string {
  if (fields.length === 0) return 'no fields'
  const names = fields.map(({ name, isRequired }) => (isRequired === true ? `${name} (required)` : name))
  return `the fields ${names.join(', ')}`
}

/** The template of a JSON object without a member. `json` has the same places. */
function withoutMember(template: string, json: string, name: string): string {
  const members = membersOf(json, 1)
  const at = members.findIndex(({ path }) => path[0] === name)
  const member = members[at]
  if (member === undefined) return template
  const previous = members[at - 1]
  const next = members[at + 1]
  const start = next === undefined ? (previous?.end ?? member.offset) : member.offset
  const end = next === undefined ? member.end : next.offset
  return template.slice(0, start) + template.slice(end)
}
