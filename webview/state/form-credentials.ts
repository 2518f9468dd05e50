/** The authorization of the form: what is typed, the credentials that it stands for, and how a request shows them. */
import type { ApiKeyCredentials, AwsCredentials, Credentials } from '../../src/shared/credentials.ts'
import { MASK } from '../../src/shared/secrets.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { addToQuery } from '../../src/shared/url-params.ts'

export const AUTH_KINDS = ['none', 'basic', 'bearer', 'api-key', 'digest', 'aws'] as const
export type AuthKind = (typeof AUTH_KINDS)[number]

export interface AuthFields {
  readonly auth: AuthKind
  /** The user, or the ID of the access key. */
  readonly user: string
  /** The password, the token or the key; `***` stands for the one that the host has. */
  readonly secret: string
  /** Basic and bearer credentials that the connection was opened with, rather than with a header. */
  readonly hasCredentials: boolean
  readonly keyName: string
  readonly keyPlace: ApiKeyCredentials['in']
  readonly sessionToken: string
  readonly region: string
  readonly service: string
  readonly signaturePlace: AwsCredentials['in']
}

const EMPTY: AuthFields = {
  ...{ auth: 'none', user: '', secret: '', hasCredentials: false, keyName: '', keyPlace: 'header' },
  ...{ sessionToken: '', region: '', service: '', signaturePlace: 'header' },
}

/** The fields for credentials. Those of a kind that the form does not have stay as they are in the specification. */
export function authFieldsOf(credentials: Credentials | undefined): AuthFields {
  switch (credentials?.kind) {
    case 'basic':
    case 'digest':
      return { ...EMPTY, ...authOf(credentials.kind), user: credentials.user, secret: credentials.password }
    case 'bearer':
      return { ...EMPTY, ...authOf('bearer'), secret: credentials.token }
    case 'api-key':
      return {
        ...{ ...EMPTY, ...authOf('api-key'), secret: credentials.value },
        ...{ keyName: credentials.name, keyPlace: credentials.in },
      }
    case 'aws': {
      const { accessKeyId, secretAccessKey, sessionToken = '', region = '', service = '' } = credentials
      return {
        ...{ ...EMPTY, ...authOf('aws'), user: accessKeyId, secret: secretAccessKey },
        ...{ sessionToken, region, service, signaturePlace: credentials.in },
      }
    }
    default:
      return EMPTY
  }
}

function authOf(auth: AuthKind): Pick<AuthFields, 'auth' | 'hasCredentials'> {
  return { auth, hasCredentials: true }
}

/** Whether what is typed becomes the `Authorization` header, which is written out here. */
export function isHeader({ auth, hasCredentials }: Pick<AuthFields, 'auth' | 'hasCredentials'>): boolean {
  return (auth === 'basic' || auth === 'bearer') && !hasCredentials
}

/** The credentials that the fields stand for; undefined if nothing is typed. */
export function credentialsOf(fields: AuthFields): Credentials | undefined {
  const { auth, user, secret, keyName, keyPlace, signaturePlace } = fields
  if (isHeader(fields) || (user === '' && secret === '' && keyName === '')) return undefined
  switch (auth) {
    case 'basic':
    case 'digest':
      return { kind: auth, user, password: secret }
    case 'bearer':
      return { kind: auth, token: secret }
    case 'api-key':
      return { kind: auth, in: keyPlace, name: keyName.trim(), value: secret }
    case 'aws': {
      const [sessionToken, region, service] = [
        fields.sessionToken,
        fields.region.trim(),
        fields.service.trim(),
      ]
      return {
        ...{ kind: auth, accessKeyId: user.trim(), secretAccessKey: secret, in: signaturePlace },
        ...(sessionToken !== '' && { sessionToken }),
        ...(region !== '' && { region }),
        ...(service !== '' && { service }),
      }
    }
    case 'none':
      return undefined
  }
}

const SCHEMES = {
  basic: 'Basic',
  bearer: 'Bearer',
  digest: 'Digest',
  aws: 'AWS4-HMAC-SHA256',
  oauth2: 'Bearer',
} as const satisfies Record<Exclude<Credentials['kind'], 'api-key'>, string>

/** The header that credentials add, with its secret masked; undefined if they add none. */
export function shownHeader(credentials: Credentials): readonly [name: string, value: string] | undefined {
  if (credentials.kind === 'api-key')
    return credentials.in === 'header' ? [credentials.name, MASK] : undefined
  if (credentials.kind === 'aws' && credentials.in === 'query') return undefined
  return ['Authorization', `${SCHEMES[credentials.kind]} ${MASK}`]
}

/** The specification with its credentials where they are sent, masked. */
export function withShownCredentials({ credentials, ...spec }: ConnectionSpec): ConnectionSpec {
  if (credentials === undefined) return spec
  const header = shownHeader(credentials)
  if (header !== undefined) return { ...spec, headers: { ...spec.headers, [header[0]]: header[1] } }
  if (credentials.kind !== 'api-key') return { ...spec, url: withParam(spec.url, 'X-Amz-Signature') }
  if (credentials.in === 'query') return { ...spec, url: withParam(spec.url, credentials.name) }
  const { name } = credentials
  const added = /\W$/.test(name) ? [name + MASK] : [name, MASK]
  return { ...spec, subprotocols: [...(spec.subprotocols ?? []), ...added] }
}

function withParam(url: string, name: string): string {
  return addToQuery(url, `${encodeURIComponent(name)}=${MASK}`)
}
