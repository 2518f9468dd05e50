/** `--auth`: which credentials to send. Their secrets are never arguments, which others on the machine can read. */
import { Option } from 'commander'
import { API_KEY_PLACES, type ApiKeyCredentials, type AwsCredentials } from '../../shared/credentials.ts'
import { Failure } from '../../shared/failure.ts'

/** What the option says: credentials without their secrets. */
export type GivenAuth =
  | { readonly kind: 'basic' | 'digest'; readonly user: string }
  | { readonly kind: 'bearer' }
  | { readonly kind: 'oauth2'; readonly name: string; readonly environment?: string }
  | ({ readonly kind: 'aws' } & Pick<AwsCredentials, 'in' | 'service'>)
  | ({ readonly kind: 'api-key' } & Pick<ApiKeyCredentials, 'in' | 'name'>)

const FORM = `basic:USER, digest:USER, bearer, api-key:${API_KEY_PLACES.join('|')}:NAME, aws[:query][:SERVICE], or oauth2:NAME[@ENVIRONMENT]`

/** The variables of the environment that have the secrets. */
export const PASSWORD = 'REALTIME_PASSWORD'
export const TOKEN = 'REALTIME_TOKEN'
export const API_KEY = 'REALTIME_API_KEY'

export function authOption(whose: string): Option {
  return new Option(
    '--auth <SCHEME>',
    `send credentials ${whose}: ${FORM}; the password is in the environment variable ${PASSWORD}, the token in ${TOKEN}, the key in ${API_KEY}, those of aws in AWS_ACCESS_KEY_ID and others, or you are asked; NAME of oauth2 is in Security.Auth of http-client.env.json`,
  ).argParser(readAuth)
}

/** Throws a `Failure` `BAD_VALUE`. */
export function readAuth(text: string): GivenAuth {
  const [kind = '', ...rest] = text.split(':')
  const value = rest.join(':')
  const isSecret =
    kind === 'basic' || kind === 'digest' ? rest.length > 1 : kind === 'bearer' && rest.length > 0
  if (isSecret)
    throw new Failure(
      'BAD_VALUE',
      `It must not have the secret, because others can read the arguments of a program; set ${kind === 'bearer' ? TOKEN : PASSWORD}, or leave the secret out to be asked for it.`,
    )
  if ((kind === 'basic' || kind === 'digest') && value !== '') return { kind, user: value }
  if (kind === 'bearer') return { kind }
  if (kind === 'aws' && rest.length <= 2) {
    const isQuery = rest[0] === 'query'
    const service = isQuery ? rest[1] : rest[0]
    if ((isQuery || rest.length < 2) && service !== '')
      return { kind, in: isQuery ? 'query' : 'header', ...(service !== undefined && { service }) }
  }
  const [, name, environment] = /^([^@]+)(?:@(.+))?$/.exec(value) ?? []
  if (kind === 'oauth2' && name !== undefined)
    return { kind, name, ...(environment !== undefined && { environment }) }
  const [where, ...key] = rest
  const place = API_KEY_PLACES.find((each) => each === where)
  if (kind === 'api-key' && place !== undefined && key.join(':') !== '')
    return { kind, in: place, name: key.join(':') }
  throw new Failure('BAD_VALUE', `It must be ${FORM}.`)
}
