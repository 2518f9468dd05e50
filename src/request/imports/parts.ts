/** Parts of requests of other programs: fields, URLs, and who is asking. */
import * as v from 'valibot'
import { basicUserPass } from '../../shared/credentials.ts'
import { isSecretName } from '../../shared/secrets/names.ts'
import { isSecretHeader } from '../../shared/secrets.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { addToQuery } from '../../shared/url-params.ts'
import { groupHeaders, headerField } from '../headers.ts'
import type { ImportedVariable } from './imported.ts'
import { variableName } from './placeholders.ts'

/** A header, a parameter or a field of a form, with placeholders. */
export interface Pair {
  readonly name: string
  readonly value: string
}

/** What is known of how a request says who is asking. Texts have placeholders. */
export type Credentials =
  | { readonly kind: 'basic' | 'digest'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string; readonly scheme?: string }
  | ({ readonly kind: 'key'; readonly place: 'header' | 'query' | 'cookie' } & Pair)
  | { readonly kind: 'none' }
  /** A way that is not imported, by its name. */
  | { readonly kind: 'other'; readonly name: string }

/** Between placeholders are texts. */
const PLACEHOLDERS = /(\{\{[^{}]{1,300}\}\})/

/** Encodes a part of a URL, but neither its placeholders nor what is encoded already. */
export function encodePart(text: string): string {
  return text
    .replaceAll(/[\ud800-\udfff]/gu, '')
    .split(PLACEHOLDERS)
    .map((part, index) =>
      index % 2 === 1 ? part : encodeURIComponent(part).replaceAll(/%25(?=[\dA-Fa-f]{2})/g, '%'),
    )
    .join('')
}

/** The fields in the form of a query, or of `application/x-www-form-urlencoded`. */
export function fieldsText(pairs: readonly Pair[]): string {
  return pairs
    .map(({ name, value }) => encodePart(name) + (value === '' ? '' : `=${encodePart(value)}`))
    .join('&')
}

/** The URL with more fields in its query. */
export function withQuery(url: string, pairs: readonly Pair[]): string {
  return addToQuery(url, fieldsText(pairs))
}

/** The fields that are not in the query yet. Some programs write them in the URL and beside it. */
export function newIn(url: string, pairs: readonly Pair[]): Pair[] {
  const known = new Set(url.split(/[?&#]/).slice(1))
  return pairs.filter((pair) => !known.has(fieldsText([pair])) && !known.has(`${pair.name}=${pair.value}`))
}

/** The URL with the values of the parameters in its path: `/rooms/:id`. */
export function withPath(url: string, pairs: readonly Pair[]): string {
  const values = new Map(pairs.map(({ name, value }) => [name, value]))
  return url.replaceAll(/\/:([\w-]{1,64})(?=[/?#]|$)/g, (written, name: string) => {
    const value = values.get(name) ?? ''
    return value === '' ? written : `/${encodePart(value)}`
  })
}

export interface ReadHeaders {
  readonly headers: NonNullable<ConnectionSpec['headers']>
  readonly notTaken: readonly string[]
}

/** The headers that a request can have. */
export function readHeaders(pairs: readonly Pair[]): ReadHeaders {
  const fields = pairs.map(({ name, value }) => [name.trim(), value.trim()] as const)
  const isField = (field: unknown) => v.is(headerField, field)
  const bad = fields.filter((field) => field[0] !== '' && !isField(field)).map(([name]) => name)
  return {
    headers: groupHeaders(fields.filter(isField)),
    notTaken: bad.map((name) => `The header ${JSON.stringify(name.slice(0, 80))} cannot be sent over HTTP.`),
  }
}

/** Whether one of the headers has the name. */
export function hasHeader(pairs: readonly Pair[], name: string): boolean {
  return pairs.some((pair) => pair.name.trim().toLowerCase() === name.toLowerCase())
}

/** The headers, and one more unless it is among them. */
export function orHeader(pairs: readonly Pair[], name: string, value: string): readonly Pair[] {
  return value === '' || hasHeader(pairs, name) ? pairs : [...pairs, { name, value }]
}

/** The headers, and those of `more` that are not among them. */
export function orHeaders(pairs: readonly Pair[], more: readonly Pair[]): readonly Pair[] {
  return more.reduce((all, { name, value }) => orHeader(all, name, value), pairs)
}

export interface SaidCredentials {
  readonly headers: readonly Pair[]
  readonly query: readonly Pair[]
  /** Of the file: what has to be kept as a secret, and does not look like one. */
  readonly variables: readonly ImportedVariable[]
  readonly notTaken: readonly string[]
}

const NOTHING: SaidCredentials = { headers: [], query: [], variables: [], notTaken: [] }

/** How a request says who is asking. */
export function sayCredentials(credentials: Credentials): SaidCredentials {
  switch (credentials.kind) {
    case 'none':
      return NOTHING
    case 'other':
      return {
        ...NOTHING,
        notTaken: [`Its credentials (${credentials.name.slice(0, 80)}) were not imported; add them here.`],
      }
    case 'bearer': {
      const { token, scheme = 'Bearer' } = credentials
      return header('Authorization', `${scheme} ${token}`.trim())
    }
    case 'basic':
    case 'digest':
      return userAndPassword(credentials)
    case 'key':
      return key(credentials)
  }
}

/** A value whose name does not say that it is secret is one as a variable. */
function key({ place, name, value }: Credentials & { readonly kind: 'key' }): SaidCredentials {
  if (name.trim() === '') return NOTHING
  const isSaid = place === 'query' ? isSecretName(name) : place === 'cookie' || isSecretHeader(name)
  const variable = isSaid || /^(?:\{\{[^{}]*\}\})?$/.test(value) ? '' : variableName(name)
  const sent = variable === '' ? value : `{{${variable}}}`
  const said: SaidCredentials =
    place === 'query'
      ? { ...NOTHING, query: [{ name, value: sent }] }
      : place === 'header'
        ? header(name, sent)
        : header('Cookie', `${name}=${sent}`)
  return { ...said, variables: variable === '' ? [] : [{ name: variable, value, isSecret: true }] }
}

function header(name: string, value: string): SaidCredentials {
  return { ...NOTHING, headers: [{ name, value }] }
}

/** `Basic user:password` is encoded when the request runs, `Digest user:password` answers a challenge. */
function userAndPassword({
  kind,
  user,
  password,
}: Credentials & { readonly kind: 'basic' | 'digest' }): SaidCredentials {
  const scheme = kind === 'basic' ? 'Basic' : 'Digest'
  if (user !== '' && !/[\s:]/.test(user.replaceAll(/\{\{[^{}]{1,300}\}\}/g, '')))
    return header('Authorization', `${scheme} ${user}:${password}`)
  if (kind === 'digest' || `${user}${password}`.includes('{{'))
    return {
      ...NOTHING,
      notTaken: [`Its user name is empty or has a space or a colon; write the ${scheme} credentials here.`],
    }
  return header('Authorization', `Basic ${basicUserPass({ user, password })}`)
}
