/** What the command of a connection says of its credentials. Their secrets are `***`. */
import { type Credentials, keySubprotocols } from '../../shared/credentials.ts'
import type { ConnectEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { MASK } from '../../shared/secrets.ts'
import { withParams } from '../../shared/url-params.ts'
import type { Option } from './shell-syntax.ts'

/** The URL with the credentials that are sent in it. */
export function urlWith(url: string, credentials: Credentials | undefined): string {
  return credentials?.kind === 'api-key' && credentials.in === 'query'
    ? withParams(url, { [credentials.name]: MASK })
    : url
}

/** The options of curl for credentials. Those in the URL are left to `urlWith`. */
export function curlCredentials(credentials: Credentials): readonly Option[] {
  switch (credentials.kind) {
    case 'basic':
      return [['--user', `${credentials.user}:${MASK}`]]
    case 'digest':
      return [['--digest'], ['--user', `${credentials.user}:${MASK}`]]
    case 'bearer':
    case 'oauth2':
      return [['--header', `Authorization: Bearer ${MASK}`]]
    case 'api-key':
      return credentials.in === 'header' ? [['--header', `${credentials.name}: ${MASK}`]] : []
    case 'aws': {
      const { region, service, accessKeyId } = credentials
      const scope = ['aws:amz', ...(region === undefined ? [] : [region, ...(service ? [service] : [])])]
      return [
        ['--aws-sigv4', scope.join(':')],
        ['--user', `${accessKeyId}:${MASK}`],
      ]
    }
  }
}

/** The subprotocols and options of websocat. Throws a `Failure` `NO_TOOL` for credentials that it cannot send. */
export function websocatCredentials({ credentials, subprotocols = [] }: ConnectEvent): {
  readonly subprotocols: readonly string[]
  readonly options: readonly Option[]
} {
  const header = (value: string) => ({ subprotocols, options: [['--header', value]] as const })
  switch (credentials?.kind) {
    case undefined:
      return { subprotocols, options: [] }
    case 'basic':
      return header(`Authorization: Basic ${MASK}`)
    case 'bearer':
    case 'oauth2':
      return header(`Authorization: Bearer ${MASK}`)
    case 'api-key':
      if (credentials.in === 'header') return header(`${credentials.name}: ${MASK}`)
      return {
        subprotocols:
          credentials.in === 'query'
            ? subprotocols
            : [...subprotocols, ...keySubprotocols({ ...credentials, value: MASK })],
        options: [],
      }
    case 'digest':
    case 'aws':
      throw new Failure(
        'NO_TOOL',
        'websocat cannot send the credentials of this connection; save it as a request instead.',
      )
  }
}
