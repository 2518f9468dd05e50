/** Credentials as people write them in files of requests, after `Authorization:`. */
import {
  type AwsCredentials,
  basicUserPass,
  type Credentials,
  maskCredentials,
} from '../../shared/credentials.ts'
import type { Filled } from '../variables/fill.ts'

/** Text without white space, in which a placeholder may have some. */
const WORD = String.raw`(?:\{\{[^{}\r\n]{1,300}\}\}|[^\s{]|\{(?!\{))`
const DIGEST = new RegExp(String.raw`^digest[ \t]+(?!\w+\*?=)((?:(?!:)${WORD})+)(?:[ \t]+|:)(\S.*)$`, 'i')
const AWS = new RegExp(
  String.raw`^aws[ \t]+(${WORD}+)[ \t]+(${WORD}+)((?:[ \t]+(?:token|region|service|in):${WORD}+)*)$`,
  'i',
)
const AWS_PART = new RegExp(`(token|region|service|in):(${WORD}+)`, 'gi')

/**
 * `Basic USER PASSWORD`: the credentials of RFC 7617, with white space or a colon between user and password; undefined if
 * the value is something else, such as credentials that are encoded already.
 */
export function basicCredentials(value: string): string | undefined {
  const [, rest] = /^basic[ \t]+(\S.*)$/i.exec(value) ?? []
  if (rest === undefined) return undefined
  const at = rest.search(/[ \t:]/)
  if (at <= 0) return undefined
  return basicUserPass({ user: rest.slice(0, at), password: rest.slice(at + 1).trim() })
}

/**
 * `Digest USER PASSWORD`, or `AWS ACCESS-KEY-ID SECRET [token:TOKEN] [region:REGION] [service:SERVICE] [in:query]`, as REST
 * Client and httpYac read them. Undefined if it is something else, such as the response to a challenge.
 */
function writtenCredentials(value: string): Credentials | undefined {
  const [, user, password] = DIGEST.exec(value) ?? []
  if (user !== undefined && password !== undefined) return { kind: 'digest', user, password }
  const [, accessKeyId, secretAccessKey, parts = ''] = AWS.exec(value) ?? []
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined
  const named = new Map(
    [...parts.matchAll(AWS_PART)].map(([, name = '', part = '']) => [name.toLowerCase(), part] as const),
  )
  const [sessionToken, region, service] = ['token', 'region', 'service'].map((name) => named.get(name))
  const aws: AwsCredentials = {
    ...{ kind: 'aws', accessKeyId, secretAccessKey, in: named.get('in') === 'query' ? 'query' : 'header' },
    ...(sessionToken !== undefined && { sessionToken }),
    ...(region !== undefined && { region }),
    ...(service !== undefined && { service }),
  }
  return aws
}

/** What a header with placeholders says, and what is remembered of it: secrets that cannot be told apart are asked for. */
export function filledCredentials(
  name: string,
  { text, remembered }: Filled,
): Readonly<Record<keyof Filled, Credentials>> | undefined {
  if (name.toLowerCase() !== 'authorization') return undefined
  const credentials = writtenCredentials(text)
  if (credentials === undefined) return undefined
  return { text: credentials, remembered: writtenCredentials(remembered) ?? maskCredentials(credentials) }
}
