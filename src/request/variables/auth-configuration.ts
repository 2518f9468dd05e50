/** Configurations of `Security.Auth`: merged from the files of environments, and as OAuth 2 needs them. */
import { Failure } from '../../shared/failure.ts'
import { fieldsOf, isFields, ownValue } from '../../shared/fields.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'
import {
  type AuthKeyName,
  authKey,
  type ChallengeMethod,
  type ClientCredentials,
  GRANTS,
  type Grant,
  type ParameterUse,
} from './auth-keys.ts'
import { type AuthEntry, type AuthField, fieldProblem } from './security-auth.ts'

/** A configuration as it holds in an environment. */
export interface Auth {
  readonly name: string
  readonly place: AuthEntry['place']
  readonly fields: ReadonlyMap<string, AuthField>
}

/** A parameter beside those of OAuth 2, such as `audience`. */
export interface CustomParameter {
  readonly name: string
  readonly value: string
  readonly use: ParameterUse
}

export interface OAuth2Configuration {
  readonly name: string
  readonly grant: Grant
  readonly tokenUrl: string
  readonly authUrl?: string
  readonly deviceAuthUrl?: string
  /** Where the authorization server sends the browser. If absent, the program that asks decides. */
  readonly redirectUrl?: string
  readonly clientId: string
  readonly clientSecret?: string
  readonly clientCredentials: ClientCredentials
  readonly scope?: string
  readonly username?: string
  readonly password?: string
  /** Undefined: without PKCE. */
  readonly pkce?: { readonly method: ChallengeMethod; readonly verifier?: string }
  /** `$auth.token` is the ID token. */
  readonly useIdToken: boolean
  readonly parameters: readonly CustomParameter[]
  /** Seconds that a token is valid if the server does not say. */
  readonly expiresIn?: number
}

/** Merges entries by the keys of their members, from what wins to what is used last. */
export function mergeAuth(entries: Iterable<AuthEntry>): Map<string, Auth> {
  const merged = new Map<
    string,
    { name: string; place: AuthEntry['place']; fields: Map<string, AuthField> }
  >()
  for (const { name, place, fields } of entries) {
    const auth = merged.get(name) ?? { name, place, fields: new Map() }
    merged.set(name, auth)
    for (const field of fields) if (!auth.fields.has(field.key)) auth.fields.set(field.key, field)
  }
  return merged
}

/** Values by JetBrains' keys. What is not a text there is its JSON. */
export type AuthSettings = Readonly<Record<string, string>>

/**
 * The values of a configuration with their texts filled by `fill`. Rejects with a `Failure` `BAD_AUTH` that says what is
 * missing, or as `fill` does.
 */
export async function settingsOf(
  auth: Auth,
  fill: (text: string, key: string) => Promise<string>,
): Promise<AuthSettings> {
  const settings: Record<string, string> = {}
  for (const { key, value } of auth.fields.values())
    settings[key] = asText(await filled(value, (text) => fill(text, key)))
  readSettings(auth.name, settings)
  return settings
}

/** Why a configuration cannot be used, before its texts are filled; undefined if nothing is known. */
export function authProblem(auth: Auth): Failure | undefined {
  try {
    const settings = [...auth.fields.values()].map(({ key, value }) => [key, asText(value)] as const)
    readSettings(auth.name, Object.fromEntries(settings))
    return undefined
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown
    throw thrown
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

async function filled(value: unknown, fill: (text: string) => Promise<string>): Promise<unknown> {
  if (typeof value === 'string') return await fill(value)
  if (Array.isArray(value)) return await Promise.all(value.map((each) => filled(each, fill)))
  if (!isFields(value)) return value
  const members: [string, unknown][] = []
  for (const [name, each] of Object.entries(value)) members.push([name, await filled(each, fill)])
  return Object.fromEntries(members)
}

function badAuth(name: string, sentence: string): Failure {
  return new Failure('BAD_AUTH', `Security.Auth ${JSON.stringify(name)} cannot be used: ${sentence}`)
}

/** The configuration in settings. Throws a `Failure` `BAD_AUTH`. */
export function readSettings(name: string, settings: AuthSettings): OAuth2Configuration {
  const json = (key: AuthKeyName) => tryParseJson(ownValue(settings, key) ?? '')
  for (const [key, text] of Object.entries(settings)) {
    const isText = authKey(key)?.kind === 'text'
    const problem = fieldProblem({ key, value: isText ? text : (tryParseJson(text) ?? text) })
    if (problem?.code === 'BAD_AUTH') throw badAuth(name, problem.message)
  }
  const text = (key: AuthKeyName) => ownValue(settings, key) || undefined
  const required = (key: AuthKeyName) => {
    const value = text(key)
    if (value === undefined) throw badAuth(name, `${JSON.stringify(key)} is missing; add it.`)
    return value
  }
  const url = (key: AuthKeyName, isRequired: boolean) => {
    const value = isRequired ? required(key) : text(key)
    if (value !== undefined && !value.includes('{{') && !(/^https?:/i.test(value) && URL.canParse(value)))
      throw badAuth(name, `${JSON.stringify(key)} is not an http: or https: URL.`)
    return value
  }
  const grant = required('Grant Type') as Grant
  const needed: readonly string[] = GRANTS[grant] ?? []
  for (const key of needed) required(key as AuthKeyName)
  const optional = <K extends string>(member: K, value: string | undefined) =>
    (value === undefined ? {} : { [member]: value }) as { readonly [M in K]?: string }
  const secret = text('Client Secret')
  const seconds = Number(ownValue(settings, 'Expires In'))
  const pkce = pkceOf(json('PKCE'))
  return {
    name,
    grant,
    tokenUrl: url('Token URL', true) ?? '',
    ...optional('authUrl', url('Auth URL', false)),
    ...optional('deviceAuthUrl', url('Device Auth URL', false)),
    ...optional('redirectUrl', url('Redirect URL', false)),
    clientId: required('Client ID'),
    ...optional('clientSecret', secret),
    clientCredentials: (text('Client Credentials') ??
      (secret === undefined ? 'none' : 'basic')) as ClientCredentials,
    ...optional('scope', text('Scope')),
    ...optional('username', text('Username')),
    ...optional('password', text('Password')),
    ...(pkce !== undefined && { pkce }),
    useIdToken: ownValue(settings, 'Use ID Token') === 'true',
    parameters: parametersOf(json('Custom Request Parameters')),
    ...(seconds > 0 && { expiresIn: seconds }),
  }
}

/** PKCE is used unless it is turned off: servers that do not know it ignore it. */
function pkceOf(value: unknown): OAuth2Configuration['pkce'] {
  if (String(value) === 'false') return undefined
  const { 'Code Challenge Method': method, 'Code Verifier': verifier } = fieldsOf(value)
  return {
    method: method === 'Plain' ? 'Plain' : 'SHA-256',
    ...(typeof verifier === 'string' && verifier !== '' && { verifier }),
  }
}

function parametersOf(value: unknown): CustomParameter[] {
  return Object.entries(fieldsOf(value)).flatMap(([name, given]) => {
    const { Value = given, Use = 'Everywhere' } = fieldsOf(given)
    return [Value].flat().map((each) => ({ name, value: String(each), use: Use as ParameterUse }))
  })
}

/** Whether the value of a key is secret. */
export function isSecretKey(key: string): boolean {
  return authKey(key)?.isSecret === true
}
