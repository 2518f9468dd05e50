/** An authorization server on 127.0.0.1: oidc-provider, with a client for each grant, and a person with a browser. */
import { createServer } from 'node:http'
import Provider from 'oidc-provider'
import { listen } from './loopback.ts'

/** What the person signs in with. The server takes any password, except in the password grant. */
export const PERSON = { login: 'ada', password: 'pass word' } as const
export const CLIENT_SECRET = 'client-secret-0123456789'

export interface OAuthServer {
  readonly url: string
  readonly tokenUrl: string
  readonly authUrl: string
  readonly deviceAuthUrl: string
  /** The grant types of the token requests that were answered, in their order. */
  readonly granted: string[]
  /** The errors of the token requests that were refused. */
  readonly refused: string[]
  /** Whether a token was given by this server, and has not expired. */
  isValid(token: string): Promise<boolean>
}

export interface OAuthServerOptions {
  /** Seconds that access tokens are valid. */
  readonly lifetime?: number
  readonly redirectUrl?: string
}

/** The server says on the console that it is not for production, and which of its defaults are used. */
function silenced(print: (...texts: unknown[]) => void): (...texts: unknown[]) => void {
  return (...texts) => {
    if (!String(texts[0]).startsWith('oidc-provider ')) print(...texts)
  }
}
console.info = silenced(console.info)
console.warn = silenced(console.warn)

/** Ends with the test, by `closeServers`. */
export async function serveOAuth({
  lifetime = 600,
  redirectUrl = 'http://127.0.0.1/callback',
}: OAuthServerOptions = {}): Promise<OAuthServer> {
  const server = createServer()
  const url = `http://127.0.0.1:${await listen(server)}`
  const secret = { client_secret: CLIENT_SECRET }
  const none = { redirect_uris: [], response_types: [] }
  const provider = new Provider(url, {
    clients: [
      { client_id: 'service', ...secret, grant_types: ['client_credentials'], scope: 'chat', ...none },
      {
        client_id: 'post',
        ...secret,
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'client_secret_post',
        ...none,
      },
      { client_id: 'legacy', ...secret, grant_types: ['password'], ...none },
      {
        client_id: 'app',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [redirectUrl],
      },
      {
        client_id: 'tv',
        token_endpoint_auth_method: 'none',
        grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
        ...none,
      },
    ],
    features: { clientCredentials: { enabled: true }, deviceFlow: { enabled: true } },
    scopes: ['openid', 'offline_access', 'chat'],
    ttl: { AccessToken: lifetime, ClientCredentials: lifetime },
    issueRefreshToken: async () => true,
    cookies: { keys: ['test'] },
  })
  const granted: string[] = []
  const refused: string[] = []
  provider.on('grant.success', ({ oidc }) => granted.push(oidc.params.grant_type ?? ''))
  provider.on('grant.error', (_, thrown) => refused.push(String(thrown)))
  addPasswordGrant(provider, lifetime)
  server.on('request', provider.callback())
  return {
    ...{ url, granted, refused },
    tokenUrl: `${url}/token`,
    authUrl: `${url}/auth`,
    deviceAuthUrl: `${url}/device/auth`,
    isValid: async (token) => {
      const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token))
      return found?.isValid === true
    },
  }
}

/** OAuth 2.1 has no such grant, so the server does not have it either. */
function addPasswordGrant(provider: Provider, lifetime: number): void {
  const { AccessToken, Grant } = provider
  provider.registerGrantType(
    'password',
    async (context) => {
      const { client, params } = context.oidc
      if (params.username !== PERSON.login || params.password !== PERSON.password) {
        context.status = 400
        context.body = { error: 'invalid_grant', error_description: 'The password is wrong.' }
        return
      }
      const grant = new Grant({ clientId: 'legacy', accountId: params.username })
      grant.addOIDCScope(params.scope ?? 'chat')
      const token = new AccessToken({
        client,
        accountId: params.username,
        grantId: await grant.save(),
        gty: 'password',
        scope: params.scope,
      })
      context.body = { access_token: await token.save(), token_type: 'Bearer', expires_in: lifetime }
    },
    ['username', 'password', 'scope'],
  )
}

const MAX_PAGES = 20

/** The browser of a person who signs in, agrees, and enters codes. */
export class PersonsBrowser {
  readonly #cookies = new Map<string, string>()
  readonly #origin: string

  /** Cookies are only sent to the server. */
  constructor({ url }: Pick<OAuthServer, 'url'>) {
    this.#origin = url
  }

  /** Opens a URL, and fills in forms and follows redirects until one leads away from the server: to that URL. */
  async signIn(url: string): Promise<string | undefined> {
    let request: { url: string; body?: URLSearchParams } | undefined = { url }
    for (let page = 0; request !== undefined && page < MAX_PAGES; page++) {
      if (!request.url.startsWith(this.#origin)) return request.url
      request = await this.#load(request)
    }
    return undefined
  }

  async #load({
    url,
    body,
  }: {
    readonly url: string
    readonly body?: URLSearchParams
  }): Promise<{ readonly url: string; readonly body?: URLSearchParams } | undefined> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(body !== undefined && { method: 'POST', body }),
    })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(set)) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    const location = response.headers.get('location')
    const html = await response.text()
    return location === null ? formIn(html, url) : { url: new URL(location, url).href }
  }
}

/** The form of a page, filled in; undefined if it has none. */
function formIn(
  html: string,
  page: string,
): { readonly url: string; readonly body: URLSearchParams } | undefined {
  const [, action] = /<form[^>]*action="([^"]+)"/.exec(html) ?? []
  if (action === undefined) return undefined
  const body = new URLSearchParams()
  for (const [input] of html.matchAll(/<input[^>]*>/g)) {
    const [, name = ''] = /name="([^"]+)"/.exec(input) ?? []
    const [, value = ''] = /value="([^"]*)"/.exec(input) ?? []
    body.set(name, name === 'login' || name === 'password' ? PERSON[name] : value)
  }
  return { url: new URL(action.replaceAll('&amp;', '&'), page).href, body }
}
