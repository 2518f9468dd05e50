/** A connection as a request that is saved: its secrets become `{{$secret NAME}}`, and other braces stay as they are. */
import type { Credentials } from '../../shared/credentials.ts'
import { MASK, maskForm, maskText, USERINFO } from '../../shared/secrets.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { escapeBraces } from '../file/print-text.ts'
import { SUBPROTOCOL, secretNameAfter, withoutSecrets } from '../remembered.ts'
import { valuesBetween } from '../values-between.ts'
import type { SecretNames } from './secret-names.ts'

/** The name of the secret between two texts; undefined if it has none, so that a mask there may be a text like any other. */
type NameAt = (before: string, after: string) => string | undefined

/** The specification with placeholders. What it has of certificates are texts, which no request can have: left out. */
export function withPlaceholders(spec: ConnectionSpec, names: SecretNames): ConnectionSpec {
  const masked = withoutSecrets(spec)
  const { headers, subprotocols, credentials, body, tls, proxy, protocolOptions, ...rest } = spec
  const url = (original: string, hidden: string | undefined) => replaced(original, hidden, urlName, names)
  return {
    ...rest,
    url: url(spec.url, masked.url),
    ...(headers !== undefined && { headers: headersOf(headers, masked.headers ?? {}, names) }),
    ...(subprotocols !== undefined && {
      subprotocols: subprotocols.map((each, i) =>
        replaced(each, masked.subprotocols?.[i], () => SUBPROTOCOL, names),
      ),
    }),
    ...(credentials && { credentials: credentialsOf(credentials, masked.credentials, names) }),
    ...(body !== undefined && { body: bodyOf(body, names) }),
    ...(masked.tls !== undefined && { tls: { ...masked.tls, ...onlySwitches(tls) } }),
    ...(proxy !== undefined && { proxy: url(proxy, masked.proxy) }),
    ...(protocolOptions !== undefined && {
      protocolOptions: optionsOf(protocolOptions, masked.protocolOptions ?? {}, names),
    }),
  }
}

/** The text of a message with placeholders for what is, or looks like, a secret. */
export function textWithPlaceholders(text: string, names: SecretNames): string {
  const masked = maskText(maskForm(text))
  return replaced(text, masked, fieldBefore, names)
}

function headersOf(
  headers: NonNullable<ConnectionSpec['headers']>,
  masked: NonNullable<ConnectionSpec['headers']>,
  names: SecretNames,
): NonNullable<ConnectionSpec['headers']> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const hidden = [masked[name] ?? ''].flat()
      const values = [value].flat().map((each, i) => headerValue(name, each, hidden[i], names))
      return [name, typeof value === 'string' ? (values[0] ?? '') : values]
    }),
  )
}

/** The scheme of credentials is no secret. */
function headerValue(name: string, value: string, masked: string | undefined, names: SecretNames): string {
  const [, scheme, credentials] = /^(Bearer|Basic|Token|Digest) +(\S.*)$/i.exec(value) ?? []
  if (masked !== MASK || scheme === undefined || credentials === undefined)
    return replaced(value, masked, () => name, names)
  const field = scheme.toLowerCase() === 'basic' ? 'credentials' : 'token'
  return `${scheme} ${replaced(credentials, MASK, () => field, names)}`
}

function bodyOf(
  body: NonNullable<ConnectionSpec['body']>,
  names: SecretNames,
): NonNullable<ConnectionSpec['body']> {
  if (typeof body !== 'string') return body
  return body === MASK ? names.placeholder('body') : textWithPlaceholders(body, names)
}

/** A key has the name of its header or parameter, and other secrets have those of their fields. */
function credentialsOf(
  credentials: Credentials,
  masked: Credentials | undefined,
  names: SecretNames,
): Credentials {
  if (credentials.kind !== 'api-key') return optionOf(credentials, masked, names, '') as Credentials
  const { name, value } = credentials
  return { ...credentials, value: value === MASK ? names.placeholder(name) : names.placeholder(name, value) }
}

function onlySwitches(tls: ConnectionSpec['tls']): NonNullable<ConnectionSpec['tls']> {
  return tls?.plainRedirects === undefined ? {} : { plainRedirects: tls.plainRedirects }
}

function optionsOf(
  options: NonNullable<ConnectionSpec['protocolOptions']>,
  masked: NonNullable<ConnectionSpec['protocolOptions']>,
  names: SecretNames,
): NonNullable<ConnectionSpec['protocolOptions']> {
  const entries = Object.entries(options)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, optionOf(value, masked[name], names, name)]),
  )
}

function optionOf(value: unknown, masked: unknown, names: SecretNames, name: string): unknown {
  if (typeof value === 'string')
    return replaced(value, typeof masked === 'string' ? masked : undefined, () => name, names)
  if (masked === MASK) return names.placeholder(name, JSON.stringify(value))
  if (typeof value !== 'object' || value === null) return value
  const hidden: Readonly<Record<string, unknown>> = { ...Object(masked) }
  if (Array.isArray(value)) return value.map((each, i) => optionOf(each, hidden[i], names, name))
  return Object.fromEntries(
    Object.entries(value).map(([member, each]) => [member, optionOf(each, hidden[member], names, member)]),
  )
}

function urlName(before: string, after: string): string {
  const name = secretNameAfter(before, after)
  return name === USERINFO ? 'credentials' : name
}

/** The name of the member or field whose whole value is between the texts, such as `token` in `"token": "…"`. */
function fieldBefore(before: string, after: string): string | undefined {
  const [, name, quote = ''] =
    /([\w-]{1,64})["']?[ \t]{0,8}[:=][ \t]{0,8}(["']?)$/.exec(before.slice(-100)) ?? []
  const isWhole = quote === '' ? /^(?:[&,;}\r\n]|$)/.test(after) : after.startsWith(quote)
  return isWhole ? name : undefined
}

/** The original with placeholders where the masked text has masks, and where it has values that have names. */
function replaced(original: string, masked: string | undefined, nameAt: NameAt, names: SecretNames): string {
  const hidden = masked ?? original
  if (!hidden.includes(MASK)) return withKnown(original, names)
  const values = valuesBetween(hidden, original)
  // The parts cannot be told apart: all of it is secret.
  if (values === undefined) return names.placeholder(nameAt('', '') ?? '', original)
  const pieces = hidden.split(MASK)
  let before = ''
  let text = ''
  for (const [i, piece] of pieces.entries()) {
    text += withKnown(piece, names)
    before += piece
    const value = values[i]
    if (value === undefined) break
    const name = nameAt(before, pieces[i + 1] ?? '')
    if (value !== MASK) text += names.placeholder(name ?? '', value)
    else text += name === undefined ? MASK : names.placeholder(name)
  }
  return text
}

/** A text that is not masked, with placeholders for the values that have names. */
function withKnown(text: string, names: SecretNames): string {
  let parts: readonly { readonly text: string; readonly isPlaceholder: boolean }[] = [
    { text, isPlaceholder: false },
  ]
  for (const value of names.values)
    parts = parts.flatMap((part) => {
      if (part.isPlaceholder || !part.text.includes(value)) return [part]
      const placeholder = { text: names.placeholder('', value), isPlaceholder: true }
      const literals = part.text.split(value).map((literal) => ({ text: literal, isPlaceholder: false }))
      return literals.flatMap((literal, at) => (at === 0 ? [literal] : [placeholder, literal]))
    })
  return parts.map((part) => (part.isPlaceholder ? part.text : escapeBraces(part.text))).join('')
}
