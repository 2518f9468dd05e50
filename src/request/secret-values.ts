/** The secrets of a connection by the names by which they are asked for, so that they can be filled in again. */
import { MASK, USERINFO } from '../shared/secrets.ts'
import type { ConnectionSpec } from '../shared/spec.ts'
import {
  type AskSecret,
  BODY,
  credentialName,
  SUBPROTOCOL,
  secretNameAfter,
  withoutSecrets,
} from './remembered.ts'
import { valuesBetween } from './values-between.ts'

/** Values in the order in which they are asked for. */
export type SecretValues = Readonly<Record<string, readonly string[]>>

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** The secrets of a URL, which are where the masked one has masks. */
function urlValues(masked: string, url: string): (readonly [name: string, value: string])[] {
  const pieces = masked.split(MASK)
  const values = valuesBetween(masked, url) ?? []
  return values.map((value, i) => {
    const name = secretNameAfter(pieces.slice(0, i + 1).join(MASK), pieces[i + 1] ?? '')
    return [name, name === USERINFO ? value.split(':').map(decode).join(':') : decode(value)]
  })
}

/** The secrets that `withoutSecrets` masks, apart from certificates, keys, and bodies of bytes. */
export function secretValues(spec: ConnectionSpec): SecretValues {
  const masked = withoutSecrets(spec)
  const values: Record<string, string[]> = Object.create(null)
  const add = (name: string, value: string) => {
    values[name] = [...(values[name] ?? []), value]
  }
  for (const [name, value] of urlValues(masked.url, spec.url)) add(name, value)
  for (const [name, value] of Object.entries(spec.headers ?? {})) {
    const hidden = [masked.headers?.[name] ?? ''].flat()
    for (const [i, each] of [value].flat().entries()) if (hidden[i]?.includes(MASK)) add(name, each)
  }
  for (const [i, each] of (spec.subprotocols ?? []).entries())
    if (masked.subprotocols?.[i]?.includes(MASK)) add(SUBPROTOCOL, each)
  if (typeof spec.body === 'string') add(BODY, spec.body)
  if (spec.proxy !== undefined)
    for (const [name, value] of urlValues(masked.proxy ?? '', spec.proxy)) add(name, value)
  addMasked(masked.protocolOptions, spec.protocolOptions, '', add)
  const { credentials } = spec
  if (credentials !== undefined)
    addMasked(masked.credentials, credentials, '', (field, value) =>
      add(credentialName(credentials.kind, field), value),
    )
  return { ...values }
}

/** Adds the values that are masked, by the names of their members. */
function addMasked(
  masked: unknown,
  value: unknown,
  name: string,
  add: (name: string, value: string) => void,
): void {
  if (masked === MASK) add(name, typeof value === 'string' ? value : JSON.stringify(value))
  else if (typeof masked === 'object' && masked !== null && typeof value === 'object' && value !== null) {
    const own: Readonly<Record<string, unknown>> = { ...value }
    for (const [member, each] of Object.entries(masked))
      addMasked(each, own[member], Array.isArray(masked) ? name : member, add)
  }
}

/** Answers with the known values, each once, and asks for the others. */
export function knownOr(known: SecretValues, ask: AskSecret): AskSecret {
  const left = new Map(Object.entries(known).map(([name, values]) => [name, [...values]]))
  return async (name) => left.get(name)?.shift() ?? (await ask(name))
}
