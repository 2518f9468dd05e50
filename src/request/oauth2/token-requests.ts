/** Requests to an authorization server and its responses: the client, and what a response is allowed to be. */

import {
  type AuthorizationServer,
  allowInsecureRequests,
  type Client,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  customFetch,
  None,
  type TokenEndpointResponse,
} from 'oauth4webapi'
import { Failure } from '../../shared/failure.ts'
import { fieldsOf, isFields } from '../../shared/fields.ts'
import { isLoopback } from '../../shared/loopback.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'
import type { OAuth2Configuration } from '../variables/auth-configuration.ts'
import type { ParameterUse } from '../variables/auth-keys.ts'
import type { OAuth2Host } from './host.ts'
import type { TokenSet } from './token-set.ts'

/** Milliseconds in which a server must answer. */
const TIMEOUT = 30_000
/** Bytes of the largest response that is read. */
const MAX_RESPONSE = 1024 * 1024

/** The arguments of the library's functions, for one configuration. */
export interface TokenServer {
  readonly server: AuthorizationServer
  readonly client: Client
  readonly authentication: ClientAuth
  readonly options: {
    readonly [allowInsecureRequests]: true
    readonly [customFetch]: (url: string, init: RequestInit) => Promise<Response>
    readonly signal: AbortSignal
  }
}

/** Throws a `Failure` `AUTH` for a URL to which requests could be read by others on the network. */
export function tokenServer(
  configuration: OAuth2Configuration,
  host: Pick<OAuth2Host, 'fetch'>,
  signal: AbortSignal,
): TokenServer {
  const { tokenUrl, deviceAuthUrl, clientId } = configuration
  for (const url of [tokenUrl, ...(deviceAuthUrl === undefined ? [] : [deviceAuthUrl])]) requireEncrypted(url)
  return {
    // The issuer is not part of the configuration. It is not compared with anything.
    server: {
      issuer: new URL(tokenUrl).origin,
      token_endpoint: tokenUrl,
      ...(deviceAuthUrl !== undefined && { device_authorization_endpoint: deviceAuthUrl }),
    },
    client: { client_id: clientId },
    authentication: authenticationOf(configuration),
    options: {
      [allowInsecureRequests]: true,
      [customFetch]: (url, init) => respond(url, init, host, signal),
      signal,
    },
  }
}

/** Throws unless requests to the URL are encrypted, or stay on this machine or its local network. */
function requireEncrypted(url: string): void {
  const { protocol, hostname, host } = new URL(url)
  if (protocol === 'https:' || isLocal(hostname)) return
  throw new Failure(
    'AUTH',
    `The client's credentials are not sent to http://${host}, because others could read them and the token; use https:.`,
  )
}

/** Loopback, and names without a dot, which only a local network knows. */
export function isLocal(hostname: string): boolean {
  return isLoopback(hostname) || /^[^.[\]:]+$/.test(hostname)
}

function authenticationOf({ clientCredentials, clientSecret }: OAuth2Configuration): ClientAuth {
  if (clientSecret === undefined || clientCredentials === 'none') return None()
  return clientCredentials === 'basic' ? ClientSecretBasic(clientSecret) : ClientSecretPost(clientSecret)
}

/** The custom parameters of requests of a kind. */
export function customParameters(
  { parameters }: OAuth2Configuration,
  use: Exclude<ParameterUse, 'Everywhere'>,
): (readonly [name: string, value: string])[] {
  return parameters
    .filter((each) => each.use === use || each.use === 'Everywhere')
    .map(({ name, value }) => [name, value] as const)
}

/** The custom parameters for tokens, and those of a grant, which win. */
export function tokenParameters(
  configuration: OAuth2Configuration,
  own: Readonly<Record<string, string | undefined>> = {},
): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const [name, value] of customParameters(configuration, 'In Token Request'))
    parameters.append(name, value)
  for (const [name, value] of Object.entries(own)) if (value !== undefined) parameters.set(name, value)
  return parameters
}

/** ID tokens of the responses that were read. The library would check them, for which it has to know the issuer. */
const idTokens = new WeakMap<Response, string>()

/**
 * Sends a request. Some servers answer an error with 200, or with a challenge in a header that hides the error in the body,
 * so the response is made regular before the library reads it.
 */
async function respond(
  url: string,
  init: RequestInit,
  host: Pick<OAuth2Host, 'fetch'>,
  signal: AbortSignal,
): Promise<Response> {
  const response = await host.fetch(url, {
    ...init,
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
  })
  const json = tryParseJson(await readText(response))
  if (!isFields(json)) return new Response(null, { status: response.status === 200 ? 502 : response.status })
  const { id_token, ...rest } = json
  const isError = typeof rest.error === 'string'
  const regular = Response.json(rest, { status: isError ? 400 : response.status })
  if (typeof id_token === 'string') idTokens.set(regular, id_token)
  return regular
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let [text, size] = ['', 0]
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > MAX_RESPONSE) return ''
    text += decoder.decode(chunk, { stream: true })
  }
  return text
}

/** The tokens in a response. A refreshed token keeps what the response leaves out. */
export function tokensIn(
  response: Response,
  tokens: TokenEndpointResponse,
  {
    configuration,
    now,
    previous,
  }: {
    readonly configuration: OAuth2Configuration
    readonly now: number
    readonly previous?: TokenSet
  },
): TokenSet {
  const seconds = tokens.expires_in ?? configuration.expiresIn
  const idToken = idTokens.get(response) ?? previous?.idToken
  const refreshToken = tokens.refresh_token ?? previous?.refreshToken
  return {
    accessToken: tokens.access_token,
    givenAt: now,
    ...(idToken !== undefined && { idToken }),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(seconds !== undefined && { expiresAt: now + seconds * 1000 }),
  }
}

/** Text of an unknown response as a URL that a person may open; undefined if it is not one. */
export function webUrl(value: unknown): string | undefined {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) ? url.href : undefined
}

/** The seconds between two polls that a device response asks for. */
export function intervalOf(response: object): number {
  const { interval } = fieldsOf(response)
  return typeof interval === 'number' && interval > 0 && interval <= 60 ? interval : 5
}
