/** The schemes by kind of credentials. To add a kind, add a row. */
import { basicUserPass, type Credentials, type CredentialsKind } from '../../shared/credentials.ts'
import { apiKey } from './api-key.ts'
import { aws } from './aws.ts'
import { Digest } from './digest/digest.ts'
import { OAuth } from './oauth.ts'
import { withHeader } from './request-changes.ts'
import type { Scheme, SchemeHost } from './scheme.ts'

const SCHEMES: {
  readonly [Kind in CredentialsKind]: (
    credentials: Extract<Credentials, { readonly kind: Kind }>,
    host: SchemeHost,
  ) => Scheme
} = {
  basic: (credentials) => authorization(`Basic ${basicUserPass(credentials)}`),
  bearer: ({ token }) => authorization(`Bearer ${token}`),
  'api-key': apiKey,
  digest: (credentials, host) => new Digest(credentials, host),
  aws,
  oauth2: (credentials, host) => new OAuth(credentials, host),
}

function authorization(value: string): Scheme {
  return { outgoing: (request) => withHeader(request, 'authorization', value) }
}

export function makeScheme<Kind extends CredentialsKind>(
  credentials: Extract<Credentials, { readonly kind: Kind }>,
  host: SchemeHost,
): Scheme {
  return SCHEMES[credentials.kind as Kind](credentials, host)
}
