/** The credentials that a connection sends with each of its requests. */
import { hide, MASK, type Masking } from './secrets/masking.ts'
import { maskValues } from './secrets/values.ts'
import { latin1 } from './text/decode.ts'

/** Where an API key is sent. */
export const API_KEY_PLACES = ['header', 'query', 'subprotocol'] as const

/** RFC 7617. */
export interface BasicCredentials {
  readonly kind: 'basic'
  readonly user: string
  readonly password: string
}

/** RFC 6750. */
export interface BearerCredentials {
  readonly kind: 'bearer'
  readonly token: string
}

export interface ApiKeyCredentials {
  readonly kind: 'api-key'
  readonly in: (typeof API_KEY_PLACES)[number]
  /**
   * Of the header or the parameter. As a subprotocol, it is offered before the key; if it ends with a dot or another
   * separator, the key follows it in the same subprotocol.
   */
  readonly name: string
  readonly value: string
}

/** RFC 7616. */
export interface DigestCredentials {
  readonly kind: 'digest'
  readonly user: string
  readonly password: string
}

/** Where a signature is sent. */
export const SIGNATURE_PLACES = ['header', 'query'] as const

/** Signature Version 4 of AWS. */
export interface AwsCredentials {
  readonly kind: 'aws'
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** Default: that in the name of the host. */
  readonly region?: string
  readonly service?: string
  readonly in: (typeof SIGNATURE_PLACES)[number]
}

/** What describes an OAuth 2 client, by the names of its settings. */
export type OAuthSettings = Readonly<Record<string, string>>

/** OAuth 2.0 (RFC 6749): a token is fetched when it is needed. */
export interface OAuthCredentials {
  readonly kind: 'oauth2'
  /** The name of the settings, as the user wrote it. */
  readonly name: string
  readonly settings: OAuthSettings
}

export type Credentials =
  | BasicCredentials
  | BearerCredentials
  | ApiKeyCredentials
  | DigestCredentials
  | OAuthCredentials
  | AwsCredentials
export type CredentialsKind = Credentials['kind']

/** The secrets among the fields of each kind. */
const SECRETS: { readonly [Kind in CredentialsKind]: readonly string[] } = {
  basic: ['password'],
  bearer: ['token'],
  'api-key': ['value'],
  digest: ['password'],
  oauth2: [],
  aws: ['secretAccessKey', 'sessionToken'],
}

/** The credentials with each secret changed, called by the name of its field. Those of OAuth settings are not changed. */
export function withSecrets(
  credentials: Credentials,
  change: (value: string, field: string) => string,
): Credentials {
  const secrets = SECRETS[credentials.kind]
  const entries = Object.entries(credentials).map(([name, value]: [string, unknown]) => [
    name,
    secrets.includes(name) && typeof value === 'string' ? change(value, name) : value,
  ])
  return Object.fromEntries(entries) as Credentials
}

/** The credentials with their secrets replaced by `***`, to be stored and shown. */
export function maskCredentials(credentials: Credentials, masking: Masking = {}): Credentials {
  if (credentials.kind === 'oauth2')
    return { ...credentials, settings: maskValues(credentials.settings, masking) as OAuthSettings }
  return withSecrets(credentials, (value, name) => (hide(name, masking) ? MASK : value))
}

/** The secret values, and what is made of them: to be masked wherever they appear. */
export function secretsOf(credentials: Credentials): readonly string[] {
  const secrets: string[] = []
  if (credentials.kind === 'oauth2') {
    const masked = maskValues(credentials.settings)
    for (const [name, value] of Object.entries(credentials.settings))
      if (masked[name] !== value) secrets.push(value)
  }
  withSecrets(credentials, (value) => {
    secrets.push(value)
    return value
  })
  if (credentials.kind === 'basic') secrets.push(basicUserPass(credentials))
  return secrets.filter((value) => value !== '')
}

/** The `user-pass` of RFC 7617 in base64. */
export function basicUserPass({ user, password }: Omit<BasicCredentials, 'kind'>): string {
  return btoa(latin1(new TextEncoder().encode(`${user}:${password}`)))
}

/** The value of `Authorization` for the user and password in a URL (RFC 7617). */
export function basicOf({ username, password }: URL): string {
  return `Basic ${basicUserPass({ user: percentDecode(username), password: percentDecode(password) })}`
}

/** Decodes the user or the password of a URL. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A percent sign that does not encode anything stands for itself.
    return text
  }
}

/** The subprotocols in which an API key is offered. */
export function keySubprotocols({
  name,
  value,
}: Pick<ApiKeyCredentials, 'name' | 'value'>): readonly string[] {
  return /\W$/.test(name) ? [name + value] : [name, value]
}

/** The header that the credentials set, in lower case; undefined if they set none. */
export function headerOf(credentials: Credentials): string | undefined {
  if (credentials.kind !== 'api-key')
    return credentials.kind === 'aws' && credentials.in === 'query' ? undefined : 'authorization'
  return credentials.in === 'header' ? credentials.name.toLowerCase() : undefined
}
