/** Checks the members of `Security.Auth` in an environment file, each for itself. */
import { isFields } from '../../shared/fields.ts'
import type { Severity } from '../file/request-file.ts'
import { AUTH_KEYS, authKey, CHALLENGE_METHODS, PARAMETER_USES } from './auth-keys.ts'
import { nearMatch } from './near-match.ts'

/** A member of a configuration, as it is written. */
export interface AuthField {
  readonly key: string
  readonly value: unknown
  readonly place: { readonly file: string; readonly offset: number }
}

/** What one environment in one file says of a configuration. */
export interface AuthEntry {
  readonly name: string
  readonly place: { readonly file: string; readonly offset: number }
  readonly fields: readonly AuthField[]
}

/** What `{{$auth.token("NAME")}}` can have between its quotes. */
export const AUTH_NAME = /^[^"'{}\r\n]{1,100}$/

export interface FieldProblem {
  readonly severity: Severity
  readonly code: string
  readonly message: string
}

const warning = (code: string, message: string): FieldProblem => ({ severity: 'warning', code, message })
const badValue = (key: string, advice: string) =>
  warning('BAD_AUTH', `The value of ${JSON.stringify(key)} is not used: ${advice}`)

const isBoolean = (value: unknown) => typeof value === 'boolean' || /^(?:true|false)$/.test(String(value))

/** What is wrong with a member; undefined if nothing is. Values with placeholders are checked when they are filled. */
export function fieldProblem({ key, value }: Pick<AuthField, 'key' | 'value'>): FieldProblem | undefined {
  const known = authKey(key)
  if (known === undefined) {
    const near = nearMatch(key, Object.keys(AUTH_KEYS))
    const advice = near === undefined ? '.' : `; did you mean ${JSON.stringify(near)}?`
    return warning(
      'UNKNOWN_KEY',
      `${JSON.stringify(key.slice(0, 80))} has no effect in Security.Auth${advice}`,
    )
  }
  if (known.noEffect !== undefined)
    return {
      severity: 'info',
      code: 'NO_EFFECT',
      message: `${JSON.stringify(key)} has no effect: ${known.noEffect}`,
    }
  const advice = valueProblem(known, value)
  return advice === undefined ? undefined : badValue(key, advice)
}

function valueProblem(
  { kind, choices }: NonNullable<ReturnType<typeof authKey>>,
  value: unknown,
): string | undefined {
  switch (kind) {
    case 'text':
      if (typeof value !== 'string') return 'write a text in quotes.'
      return choices === undefined || value.includes('{{') || choices.includes(value)
        ? undefined
        : choiceAdvice(value, choices)
    case 'boolean':
      return isBoolean(value) ? undefined : 'write true or false.'
    case 'seconds':
      return Number(value) > 0 ? undefined : 'write a number of seconds.'
    case 'pkce':
      return isBoolean(value) || isPkce(value)
        ? undefined
        : 'write true, false, or {"Code Challenge Method": "SHA-256"}.'
    case 'parameters':
      return isParameters(value)
        ? undefined
        : 'write {"name": "value"}, or {"name": {"Value": "value", "Use": "In Token Request"}}.'
  }
}

function choiceAdvice(value: string, choices: readonly string[]): string {
  if (value === 'Implicit')
    return 'Implicit is not supported, because tokens leak from URLs; use Authorization Code.'
  const near = nearMatch(value, choices)
  return near === undefined ? `write ${choices.join(', or ')}.` : `did you mean ${JSON.stringify(near)}?`
}

function isPkce(value: unknown): boolean {
  if (!isFields(value)) return false
  const { 'Code Challenge Method': method = CHALLENGE_METHODS[0], 'Code Verifier': verifier = '' } = value
  return CHALLENGE_METHODS.some((each) => each === method) && typeof verifier === 'string'
}

function isParameters(value: unknown): boolean {
  const isValue = (each: unknown) =>
    typeof each === 'string' || (Array.isArray(each) && each.every((one) => typeof one === 'string'))
  return (
    isFields(value) &&
    Object.values(value).every(
      (each) =>
        isValue(each) ||
        (isFields(each) &&
          isValue(each.Value) &&
          PARAMETER_USES.some((use) => use === (each.Use ?? PARAMETER_USES[0]))),
    )
  )
}
