/** The failures of requests for tokens. */
import { AuthorizationResponseError, OperationProcessingError, ResponseBodyError } from 'oauth4webapi'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import { shortened } from '../../shared/text/shortened.ts'

/** Longest description of a server that is shown, in characters. */
const MAX_DESCRIPTION = 300

/** What to try for an error of RFC 6749, RFC 8628 and OpenID Connect. */
const ADVICE: Readonly<Record<string, string>> = {
  invalid_client: 'check "Client ID", "Client Secret" and "Client Credentials".',
  invalid_grant: 'check "Username" and "Password", or sign in again.',
  invalid_request: 'check the configuration, such as "PKCE" and "Custom Request Parameters".',
  invalid_scope: 'check "Scope".',
  unauthorized_client: 'allow this grant type for the client on the server, or choose another "Grant Type".',
  unsupported_grant_type: 'choose a "Grant Type" that the server has.',
  access_denied: 'sign in again, and allow the access.',
  expired_token: 'the code was not entered in time, so try again.',
  redirect_uri_mismatch: 'register "Redirect URL" on the server.',
}
const OTHERWISE = 'see what the server documents about it.'

/** The sentence for an error of the server. */
function serverError(
  name: string,
  { error, error_description }: ResponseBodyError | AuthorizationResponseError,
): Failure {
  const description = shortened((error_description ?? '').replaceAll(/\s+/g, ' ').trim(), MAX_DESCRIPTION)
  const said = description === '' ? error : `${error}: ${description.replace(/[.;]+$/, '')}`
  const advice = Object.hasOwn(ADVICE, error) ? ADVICE[error] : OTHERWISE
  return new Failure('AUTH', `No token for ${JSON.stringify(name)}: ${said}; ${advice}`)
}

/** The `Failure` for what a flow threw. `endpoint` is the URL that was asked. */
export function tokenFailure(name: string, endpoint: string, thrown: unknown, signal: AbortSignal): Failure {
  if (thrown instanceof Failure) return thrown
  if (signal.aborted) return cancelledSignIn(name)
  if (thrown instanceof ResponseBodyError || thrown instanceof AuthorizationResponseError)
    return serverError(name, thrown)
  if (thrown instanceof OperationProcessingError)
    return new Failure(
      'TOKEN_RESPONSE',
      `No token for ${JSON.stringify(name)}: ${endpoint} did not answer as OAuth 2 requires (${responseOf(thrown)}); check the URL in Security.Auth.`,
    )
  return new Failure(
    'TOKEN_UNREACHABLE',
    `No token for ${JSON.stringify(name)}: ${endpoint} could not be reached (${causeOf(thrown)}); check the URL in Security.Auth, and whether the server runs.`,
  )
}

export function cancelledSignIn(name: string): Failure {
  return new Failure('CANCELLED', `The sign-in to ${JSON.stringify(name)} was canceled.`)
}

function responseOf({ cause, message }: OperationProcessingError): string {
  return cause instanceof Response ? `status ${cause.status}` : message
}

function causeOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return code === '' ? sentenceOf(cause) : code
}
