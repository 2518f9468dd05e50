/** A connection as it is remembered: its specification without secrets, which are asked for again. */
import { type Credentials, type CredentialsKind, maskCredentials } from '../shared/credentials.ts'
import type { Headers } from '../shared/event.ts'
import {
  MASK,
  maskForm,
  maskHeaders,
  maskSubprotocols,
  maskText,
  maskUrl,
  maskValues,
  USERINFO,
} from '../shared/secrets.ts'
import type { ConnectionSpec } from '../shared/spec.ts'
import { withPlaceholdersOf } from './secret-placeholders.ts'

/**
 * Replaces secrets with `***`. The whole body counts as a secret, because its content is unknown. Certificates and keys
 * are left out. `{{$secret NAME}}` in a URL, a header or a subprotocol stays.
 */
export function withoutSecrets(spec: ConnectionSpec): ConnectionSpec {
  const { headers, subprotocols, credentials, tokens: _, body, tls, proxy, protocolOptions, ...rest } = spec
  const url = (original: string) => withPlaceholdersOf(original, maskUrl(original))
  const texts = (originals: readonly string[], masked: readonly string[]) =>
    originals.map((original, i) => withPlaceholdersOf(original, masked[i] ?? MASK))
  return {
    ...rest,
    url: url(spec.url),
    ...(headers === undefined ? {} : { headers: maskedHeaders(headers, texts) }),
    ...(subprotocols === undefined
      ? {}
      : { subprotocols: texts(subprotocols, maskSubprotocols(subprotocols)) }),
    ...(credentials && { credentials: maskedCredentials(credentials) }),
    ...(body === undefined ? {} : { body: MASK }),
    ...(tls?.insecure === undefined ? {} : { tls: { insecure: tls.insecure } }),
    ...(proxy === undefined ? {} : { proxy: url(proxy) }),
    ...(protocolOptions === undefined ? {} : { protocolOptions: maskValues(protocolOptions) }),
  }
}

function maskedCredentials(credentials: Credentials): Credentials {
  const masked = maskCredentials(credentials)
  return withPlaceholders(credentials, masked) as Credentials
}

/** The masked value with the placeholders back that the original has where it is masked. */
function withPlaceholders(original: unknown, masked: unknown): unknown {
  if (typeof original === 'string' && typeof masked === 'string') return withPlaceholdersOf(original, masked)
  if (typeof original !== 'object' || original === null || typeof masked !== 'object' || masked === null)
    return masked
  const own: Readonly<Record<string, unknown>> = { ...original }
  return Object.fromEntries(
    Object.entries(masked).map(([name, value]) => [name, withPlaceholders(own[name], value)]),
  )
}

function maskedHeaders(
  headers: Headers,
  texts: (originals: readonly string[], masked: readonly string[]) => readonly string[],
): Headers {
  const masked = maskHeaders(headers)
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const kept = texts([value].flat(), [masked[name] ?? MASK].flat())
      return [name, typeof value === 'string' ? (kept[0] ?? MASK) : kept]
    }),
  )
}

/**
 * The specification as a form shows it. A body in which nothing looks like a secret is shown, so that it can be edited.
 */
export function forEditing(spec: ConnectionSpec): ConnectionSpec {
  const { body } = spec
  const isPlain = typeof body === 'string' && maskText(body) === body && maskForm(body) === body
  return { ...withoutSecrets(spec), ...(isPlain && { body }) }
}

/** Equal for specifications without secrets that are remembered as one connection. */
export function identityOf({ url, transport = 'auto' }: ConnectionSpec): string {
  return `${transport} ${url}`
}

/** Whether a remembered spec has secrets that are to be asked for. */
export function hasMask(spec: ConnectionSpec): boolean {
  return JSON.stringify(spec).includes(MASK)
}

/** Asks for one secret by its name. An empty answer leaves it out. Rejects if the user cancels. */
export type AskSecret = (name: string) => Promise<string>

/** The names by which these secrets are asked for. */
export const SUBPROTOCOL = 'subprotocol'
export const BODY = 'request body'

/** The name of a secret in a URL, by the text before and after it: a parameter, or the credentials. */
export function secretNameAfter(before: string, after: string): string {
  const param = /[?&#;]([^=?&#;]*)=$/.exec(before)?.[1]
  return param ?? (after.startsWith('@') ? USERINFO : 'token')
}

async function fillUrl(url: string, ask: AskSecret): Promise<string> {
  const [first = '', ...pieces] = url.split(MASK)
  let filled = first
  for (const piece of pieces) {
    const name = secretNameAfter(filled, piece)
    const secret = await ask(name)
    if (name !== USERINFO) filled += (filled.endsWith('=') ? encodeURIComponent(secret) : secret) + piece
    else filled += secret === '' ? piece.slice(1) : encodeUserinfo(secret) + piece
  }
  return filled
}

function encodeUserinfo(userinfo: string): string {
  const [user = '', ...password] = userinfo.split(':')
  return [user, ...(password.length > 0 ? [password.join(':')] : [])].map(encodeURIComponent).join(':')
}

/** Fills in each value, and leaves out those that the user leaves empty. */
async function fillValues(name: string, values: readonly string[], ask: AskSecret): Promise<string[]> {
  const filled: string[] = []
  for (const value of values) {
    const answer = value.includes(MASK) ? await ask(name) : value
    if (answer !== '' || value === '') filled.push(answer)
  }
  return filled
}

async function fillHeaders(headers: Headers, ask: AskSecret): Promise<Headers> {
  const filled: Record<string, string | readonly string[]> = {}
  for (const [name, value] of Object.entries(headers)) {
    const values = await fillValues(name, [value].flat(), ask)
    const [only] = values
    if (only !== undefined) filled[name] = values.length === 1 ? only : values
  }
  return filled
}

/** The value with each text that is masked filled in, by the name of the member that has it. */
async function fillValue<T>(name: string, value: T, ask: AskSecret): Promise<T>
async function fillValue(name: string, value: unknown, ask: AskSecret): Promise<unknown> {
  if (value === MASK) return await ask(name)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items: unknown[] = []
    for (const item of value) items.push(await fillValue(name, item, ask))
    return items
  }
  const filled: Record<string, unknown> = {}
  for (const [member, each] of Object.entries(value)) filled[member] = await fillValue(member, each, ask)
  return filled
}

/** The name by which a secret of credentials is asked for. */
export function credentialName(kind: CredentialsKind, field: string): string {
  return kind === 'api-key' ? 'API key' : field
}

async function fillCredentials(credentials: Credentials, ask: AskSecret): Promise<Credentials> {
  const { kind } = credentials
  return await fillValue('', credentials, (field) => ask(credentialName(kind, field)))
}

/** Fills in every secret, each asked for in turn. */
export async function fillSecrets(spec: ConnectionSpec, ask: AskSecret): Promise<ConnectionSpec> {
  const url = await fillUrl(spec.url, ask)
  const headers = spec.headers === undefined ? undefined : await fillHeaders(spec.headers, ask)
  const subprotocols = await fillValues(SUBPROTOCOL, spec.subprotocols ?? [], ask)
  const body = spec.body === MASK ? await ask(BODY) : spec.body
  const proxy = spec.proxy === undefined ? undefined : await fillUrl(spec.proxy, ask)
  const options = spec.protocolOptions
  const protocolOptions = options === undefined ? undefined : await fillValue('', options, ask)
  const credentials = spec.credentials && (await fillCredentials(spec.credentials, ask))
  const { body: _body, proxy: _proxy, headers: _headers, subprotocols: _subprotocols, ...rest } = spec
  return {
    ...rest,
    url,
    ...(headers === undefined ? {} : { headers }),
    ...(subprotocols.length === 0 ? {} : { subprotocols }),
    ...(body === undefined || body === '' ? {} : { body }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(protocolOptions === undefined ? {} : { protocolOptions }),
    ...(credentials && { credentials }),
  }
}
