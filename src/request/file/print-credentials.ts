/** Credentials as they are written into a file of requests: in headers, the URL or the subprotocols. */
import type { Credentials } from '../../shared/credentials.ts'
import { Failure } from '../../shared/failure.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { addToQuery } from '../../shared/url-params.ts'

/** The specification with its credentials where they are written. Throws a `Failure` `BAD_VALUE` if they cannot be. */
export function withWrittenCredentials({ credentials, ...spec }: ConnectionSpec): ConnectionSpec {
  if (credentials === undefined) return spec
  if (credentials.kind !== 'api-key' || credentials.in === 'header') {
    const [name, value] =
      credentials.kind === 'api-key'
        ? [credentials.name, credentials.value]
        : ['Authorization', authorizationOf(credentials)]
    return { ...spec, headers: { [name]: value, ...spec.headers } }
  }
  const { name, value } = credentials
  if (credentials.in === 'query') {
    return { ...spec, url: addToQuery(spec.url, `${encodeURIComponent(name)}=${encoded(value)}`) }
  }
  const added = /\W$/.test(name) ? [name + value] : [name, value]
  return { ...spec, subprotocols: [...(spec.subprotocols ?? []), ...added] }
}

/** A value for a URL, in which placeholders stay. */
function encoded(value: string): string {
  return /^\{\{.*\}\}$/.test(value) ? value : encodeURIComponent(value)
}

function authorizationOf(credentials: Exclude<Credentials, { readonly kind: 'api-key' }>): string {
  switch (credentials.kind) {
    case 'bearer':
      return `Bearer ${credentials.token}`
    case 'basic':
      return `Basic ${userOf(credentials.user)} ${credentials.password}`
    case 'digest':
      return `Digest ${userOf(credentials.user)} ${credentials.password}`
    case 'aws': {
      const { accessKeyId, secretAccessKey, sessionToken, region, service } = credentials
      const parts = Object.entries({ token: sessionToken, region, service })
      const named = parts.flatMap(([name, value]) => (value === undefined ? [] : [`${name}:${value}`]))
      const place = credentials.in === 'query' ? ['in:query'] : []
      return ['AWS', accessKeyId, secretAccessKey, ...named, ...place].join(' ')
    }
    case 'oauth2':
      throw new Failure(
        'BAD_VALUE',
        `The request gets its token by OAuth 2 (${credentials.name}), which cannot be written; write Authorization: Bearer and a token into the file.`,
      )
  }
}

function userOf(user: string): string {
  if (!/^\{\{.*\}\}$/.test(user) && /[\s:]/.test(user))
    throw new Failure(
      'BAD_VALUE',
      'The name of the user has a space or a colon, which a request file cannot have there; write it as the value of a variable.',
    )
  return user
}
