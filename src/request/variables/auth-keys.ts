/** The keys of JetBrains' `Security.Auth` in environment files. To add one, add a row: checks and hovers derive from it. */

/** How to get a token, by JetBrains' names. */
export const GRANTS = {
  'Client Credentials': ['Token URL'],
  Password: ['Token URL', 'Username', 'Password'],
  'Device Authorization': ['Token URL', 'Device Auth URL'],
  'Authorization Code': ['Token URL', 'Auth URL'],
} as const satisfies Readonly<Record<string, readonly string[]>>
export type Grant = keyof typeof GRANTS

/** Grants in which a person signs in. */
export const INTERACTIVE: ReadonlySet<Grant> = new Set(['Device Authorization', 'Authorization Code'])

/** Where the client's id and secret are in a request for a token. */
export const CLIENT_CREDENTIALS = ['none', 'in body', 'basic'] as const
export type ClientCredentials = (typeof CLIENT_CREDENTIALS)[number]

/** Which requests have a custom parameter. */
export const PARAMETER_USES = ['Everywhere', 'In Auth Request', 'In Token Request'] as const
export type ParameterUse = (typeof PARAMETER_USES)[number]

export const CHALLENGE_METHODS = ['SHA-256', 'Plain'] as const
export type ChallengeMethod = (typeof CHALLENGE_METHODS)[number]

type Kind = 'text' | 'boolean' | 'seconds' | 'pkce' | 'parameters'

interface AuthKey {
  readonly kind: Kind
  /** Its value is secret. */
  readonly isSecret?: boolean
  readonly choices?: readonly string[]
  /** Why it does nothing. */
  readonly noEffect?: string
}

export const AUTH_KEYS = {
  Type: { kind: 'text', choices: ['OAuth2'] },
  'Grant Type': { kind: 'text', choices: Object.keys(GRANTS) },
  'Token URL': { kind: 'text' },
  'Auth URL': { kind: 'text' },
  'Device Auth URL': { kind: 'text' },
  'Redirect URL': { kind: 'text' },
  'Client ID': { kind: 'text' },
  'Client Secret': { kind: 'text', isSecret: true },
  'Client Credentials': { kind: 'text', choices: CLIENT_CREDENTIALS },
  Scope: { kind: 'text' },
  Username: { kind: 'text' },
  Password: { kind: 'text', isSecret: true },
  PKCE: { kind: 'pkce' },
  'Use ID Token': { kind: 'boolean' },
  'Custom Request Parameters': { kind: 'parameters' },
  'Expires In': { kind: 'seconds' },
  'Acquire Automatically': {
    kind: 'boolean',
    noEffect: 'a token is requested whenever a request needs one.',
  },
  'Response Type': { kind: 'text', noEffect: 'it follows from the grant type.' },
  'Revoke URL': { kind: 'text', noEffect: 'tokens are not revoked; they expire.' },
} as const satisfies Readonly<Record<string, AuthKey>>
export type AuthKeyName = keyof typeof AUTH_KEYS

const KEYS: Readonly<Record<string, AuthKey>> = AUTH_KEYS

/** The row of a key; undefined if the key is unknown. */
export function authKey(name: string): AuthKey | undefined {
  return Object.hasOwn(KEYS, name) ? KEYS[name] : undefined
}
