/** What Postman's files have in common: pairs, placeholders, and credentials, in the forms of all its versions. */
import { type Fields, fieldsOf, isFields } from '../../../shared/fields.ts'
import { dynamicValue } from '../dynamic-values.ts'
import { listOf, textOf } from '../foreign-values.ts'
import type { Credentials, Pair } from '../parts.ts'
import { variableName } from '../placeholders.ts'
import { Translation } from '../translation.ts'

export class PostmanTranslation extends Translation {
  constructor() {
    super(translate)
  }
}

function translate(inside: string): string | undefined {
  if (inside.startsWith('$')) return dynamicValue(inside.slice(1))
  const [, kept] = /^vault:(.{1,100})$/.exec(inside) ?? []
  const name = variableName(kept ?? inside)
  if (name === '') return undefined
  return kept === undefined ? `{{${name}}}` : `{{$secret ${name}}}`
}

/** A list of objects with keys and values, or an object of them. */
function entriesOf(value: unknown): readonly Fields[] {
  if (isFields(value)) return Object.entries(value).map(([key, each]) => ({ key, value: each }))
  return listOf(value).map(fieldsOf)
}

/** Pairs without those that are disabled. */
export function pairsOf(value: unknown): Pair[] {
  return entriesOf(value)
    .filter(({ key, disabled, enabled }) => disabled !== true && enabled !== false && textOf(key) !== '')
    .map(({ key, value: text }) => ({ name: textOf(key), value: textOf(text) }))
}

/** How many are disabled. */
export function disabledIn(...values: readonly unknown[]): number {
  return values.flatMap(entriesOf).filter(({ disabled, enabled }) => disabled === true || enabled === false)
    .length
}

/** A text, or the text of an object with `content`, as descriptions are written. */
export function descriptionOf(value: unknown): string {
  return isFields(value) ? textOf(value.content) : textOf(value)
}

/** The nearest credentials that are not those of the folder above. The innermost comes first. */
export function credentialsOf(auths: readonly unknown[], texts: PostmanTranslation): Credentials {
  const auth = auths.map(fieldsOf).find(({ type }) => !['', 'inherit'].includes(textOf(type)))
  if (auth === undefined) return { kind: 'none' }
  const type = textOf(auth.type)
  const given = new Map(
    pairsOf(auth.credentials ?? auth[type]).map(({ name, value }) => [name, texts.text(value)]),
  )
  const value = (name: string) => given.get(name) ?? ''
  switch (type) {
    case 'noauth':
      return { kind: 'none' }
    case 'basic':
      return { kind: 'basic', user: value('username'), password: value('password') }
    case 'bearer':
      return { kind: 'bearer', token: value('token') }
    case 'apikey':
      return {
        kind: 'key',
        place: value('in') === 'query' ? 'query' : 'header',
        name: value('key'),
        value: value('value'),
      }
    case 'oauth2':
      // The token that was asked for last.
      return value('accessToken') === ''
        ? { kind: 'other', name: 'OAuth 2' }
        : { kind: 'bearer', token: value('accessToken') }
    default:
      return { kind: 'other', name: type }
  }
}
