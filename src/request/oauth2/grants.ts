/** The grants of OAuth 2: each gets tokens of a configuration. */
import {
  authorizationCodeGrantRequest,
  calculatePKCECodeChallenge,
  clientCredentialsGrantRequest,
  deviceAuthorizationRequest,
  deviceCodeGrantRequest,
  generateRandomCodeVerifier,
  generateRandomState,
  genericTokenEndpointRequest,
  nopkce,
  processAuthorizationCodeResponse,
  processClientCredentialsResponse,
  processDeviceAuthorizationResponse,
  processDeviceCodeResponse,
  processGenericTokenEndpointResponse,
  processRefreshTokenResponse,
  ResponseBodyError,
  refreshTokenGrantRequest,
  type TokenEndpointResponse,
  validateAuthResponse,
} from 'oauth4webapi'
import { Failure } from '../../shared/failure.ts'
import type { OAuth2Configuration } from '../variables/auth-configuration.ts'
import type { Grant } from '../variables/auth-keys.ts'
import { tokenFailure } from './failures.ts'
import type { OAuth2Host } from './host.ts'
import {
  customParameters,
  intervalOf,
  type TokenServer,
  tokenParameters,
  tokenServer,
  tokensIn,
  webUrl,
} from './token-requests.ts'
import type { TokenSet } from './token-set.ts'

interface Context {
  readonly configuration: OAuth2Configuration
  readonly host: OAuth2Host
  readonly to: TokenServer
  readonly signal: AbortSignal
}

interface Answer {
  readonly response: Response
  readonly tokens: TokenEndpointResponse
}

/** Longest time in seconds for which a device code is polled, whatever the server says. */
const MAX_DEVICE_TIME = 1800

const ACQUIRE: { readonly [G in Grant]: (context: Context) => Promise<Answer> } = {
  'Client Credentials': clientCredentials,
  Password: password,
  'Device Authorization': device,
  'Authorization Code': authorizationCode,
}

/** Gets tokens. Rejects with a `Failure`, which is `CANCELLED` if the signal aborts. */
export async function acquireTokens(
  configuration: OAuth2Configuration,
  host: OAuth2Host,
  signal: AbortSignal,
): Promise<TokenSet> {
  return await answered(configuration, host, signal, (context) => ACQUIRE[configuration.grant](context))
}

/** Renews tokens by their refresh token. Rejects as `acquireTokens` does: with `AUTH` if that is not valid. */
export async function refreshTokens(
  configuration: OAuth2Configuration,
  previous: TokenSet & { readonly refreshToken: string },
  host: OAuth2Host,
  signal: AbortSignal,
): Promise<TokenSet> {
  const refresh = async ({ to: { server, client, authentication, options } }: Context) => {
    const additionalParameters = tokenParameters(configuration)
    const response = await refreshTokenGrantRequest(server, client, authentication, previous.refreshToken, {
      ...options,
      additionalParameters,
    })
    return { response, tokens: await processRefreshTokenResponse(server, client, response) }
  }
  return await answered(configuration, host, signal, refresh, previous)
}

async function answered(
  configuration: OAuth2Configuration,
  host: OAuth2Host,
  signal: AbortSignal,
  ask: (context: Context) => Promise<Answer>,
  previous?: TokenSet,
): Promise<TokenSet> {
  try {
    const { response, tokens } = await ask({
      configuration,
      host,
      to: tokenServer(configuration, host, signal),
      signal,
    })
    return tokensIn(response, tokens, { configuration, now: host.now(), ...(previous && { previous }) })
  } catch (thrown) {
    throw tokenFailure(configuration.name, configuration.tokenUrl, thrown, signal)
  }
}

async function clientCredentials({ configuration, to }: Context): Promise<Answer> {
  const { server, client, authentication, options } = to
  const parameters = tokenParameters(configuration, { scope: configuration.scope })
  const response = await clientCredentialsGrantRequest(server, client, authentication, parameters, options)
  return { response, tokens: await processClientCredentialsResponse(server, client, response) }
}

async function password({ configuration, to }: Context): Promise<Answer> {
  const { server, client, authentication, options } = to
  const { username, password: secret, scope } = configuration
  const parameters = tokenParameters(configuration, { username, password: secret, scope })
  const response = await genericTokenEndpointRequest(
    server,
    client,
    authentication,
    'password',
    parameters,
    options,
  )
  return { response, tokens: await processGenericTokenEndpointResponse(server, client, response) }
}

async function device({ configuration, host, to, signal }: Context): Promise<Answer> {
  const { server, client, authentication, options } = to
  const parameters = new URLSearchParams(
    customParameters(configuration, 'In Auth Request').map((each) => [...each]),
  )
  if (configuration.scope !== undefined) parameters.set('scope', configuration.scope)
  const first = await deviceAuthorizationRequest(server, client, authentication, parameters, options)
  const granted = await processDeviceAuthorizationResponse(server, client, first)
  const url = webUrl(granted.verification_uri)
  if (url === undefined)
    throw new Failure(
      'TOKEN_RESPONSE',
      'The server named no web page on which to enter the code; check "Device Auth URL".',
    )
  const completeUrl = webUrl(granted.verification_uri_complete)
  const seconds = Math.min(granted.expires_in, MAX_DEVICE_TIME)
  const over = new AbortController()
  const until = host.now() + seconds * 1000
  host.showCode(
    {
      ...{ name: configuration.name, code: granted.user_code, url, expiresIn: seconds * 1000 },
      ...(completeUrl !== undefined && { completeUrl }),
    },
    AbortSignal.any([signal, over.signal]),
  )
  try {
    for (let interval = intervalOf(granted); ; ) {
      await host.sleep(interval * 1000, signal)
      try {
        const additionalParameters = tokenParameters(configuration)
        const response = await deviceCodeGrantRequest(server, client, authentication, granted.device_code, {
          ...options,
          additionalParameters,
        })
        return { response, tokens: await processDeviceCodeResponse(server, client, response) }
      } catch (thrown) {
        const error = thrown instanceof ResponseBodyError ? thrown.error : undefined
        if (error === 'slow_down') interval += 5
        else if (error !== 'authorization_pending' || host.now() > until) throw thrown
      }
    }
  } finally {
    over.abort()
  }
}

async function authorizationCode({ configuration, host, to, signal }: Context): Promise<Answer> {
  const { server, client, authentication, options } = to
  const { name, authUrl = '', clientId, redirectUrl: wanted, pkce, scope } = configuration
  const state = generateRandomState()
  const receiver = await host.receive({ name, redirectUrl: wanted, state })
  try {
    const { redirectUrl } = receiver
    const verifier = pkce === undefined ? undefined : (pkce.verifier ?? generateRandomCodeVerifier())
    const url = new URL(authUrl)
    for (const [parameter, value] of customParameters(configuration, 'In Auth Request'))
      url.searchParams.append(parameter, value)
    const own = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUrl,
      scope,
      state,
      ...(verifier !== undefined && {
        code_challenge: pkce?.method === 'Plain' ? verifier : await calculatePKCECodeChallenge(verifier),
        code_challenge_method: pkce?.method === 'Plain' ? 'plain' : 'S256',
      }),
    }
    for (const [parameter, value] of Object.entries(own))
      if (value !== undefined) url.searchParams.set(parameter, value)
    const { searchParams } = await receiver.open(url.href, signal)
    // RFC 9207: whoever knows the issuer compares it. Here, only the state says which sign-in this is.
    searchParams.delete('iss')
    const callback = validateAuthResponse(server, client, searchParams, state)
    const additionalParameters = tokenParameters(configuration)
    const response = await authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      callback,
      redirectUrl,
      verifier ?? nopkce,
      { ...options, additionalParameters },
    )
    return { response, tokens: await processAuthorizationCodeResponse(server, client, response) }
  } finally {
    receiver.close()
  }
}
