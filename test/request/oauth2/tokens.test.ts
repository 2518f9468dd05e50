import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { DeviceCode, OAuth2Host } from '../../../src/request/oauth2/host.ts'
import { memoryStore, Tokens } from '../../../src/request/oauth2/tokens.ts'
import {
  type OAuth2Configuration,
  readSettings,
  settingsOf,
} from '../../../src/request/variables/auth-configuration.ts'
import { authIn } from '../../../src/request/variables/environments.ts'
import type { Failure } from '../../../src/shared/failure.ts'
import { closeServers, refusedPort, serveHttp } from '../../support/loopback.ts'
import {
  CLIENT_SECRET,
  type OAuthServer,
  PERSON,
  PersonsBrowser,
  serveOAuth,
} from '../../support/oauth-server.ts'
import { removeTempDirs } from '../../support/temp-dir.ts'
import { environmentsOf, folderWith } from '../variables/disk.ts'

const { signal } = new AbortController()

/** A configuration as a file of environments has it. */
async function configured(members: Readonly<Record<string, unknown>>): Promise<OAuth2Configuration> {
  const api = { Type: 'OAuth2', ...members }
  const root = folderWith({
    'http-client.env.json': JSON.stringify({ dev: { Security: { Auth: { api } } } }),
  })
  const environments = await environmentsOf(root)
  assert.deepEqual(environments.problems, [])
  const auth = authIn(environments, 'dev').get('api')
  assert.ok(auth)
  return readSettings('api', await settingsOf(auth, async (text) => text))
}

interface Person extends Partial<OAuth2Host> {
  /** What the browser does with the URL that it is sent to. */
  readonly browse?: (url: string) => Promise<string>
}

function hostOf({ browse, ...others }: Person = {}): OAuth2Host {
  return {
    fetch,
    now: Date.now,
    sleep: (milliseconds, signal) => delay(milliseconds, undefined, { signal }),
    receive: async ({ redirectUrl = 'http://127.0.0.1/callback' }) => ({
      redirectUrl,
      open: async (url) => new URL((await browse?.(url)) ?? ''),
      close() {},
    }),
    showCode() {},
    ...others,
  }
}

function tokensWith(person: Person = {}): Tokens {
  return new Tokens({ host: hostOf(person), store: memoryStore() })
}

async function tokenOf(members: Readonly<Record<string, unknown>>, person: Person = {}): Promise<string> {
  return (await tokensWith(person).token(await configured(members), signal)).token
}

const service = ({ tokenUrl }: OAuthServer) => ({
  'Grant Type': 'Client Credentials',
  'Token URL': tokenUrl,
  'Client ID': 'service',
  'Client Secret': CLIENT_SECRET,
})

describe('tokens of OAuth 2', () => {
  afterEach(() => {
    closeServers()
    removeTempDirs()
  })

  it('are given for the credentials of the client, in a header or in the body', async () => {
    const server = await serveOAuth()
    assert.ok(await server.isValid(await tokenOf(service(server))))
    const inBody = { ...service(server), 'Client ID': 'post', 'Client Credentials': 'in body' }
    assert.ok(await server.isValid(await tokenOf(inBody)))
    assert.deepEqual(server.granted, ['client_credentials', 'client_credentials'])
  })

  it('are given for a password', async () => {
    const server = await serveOAuth()
    const members = {
      ...service(server),
      'Grant Type': 'Password',
      'Client ID': 'legacy',
      Username: PERSON.login,
      Password: PERSON.password,
    }
    assert.ok(await server.isValid(await tokenOf(members)))
    await assert.rejects(tokenOf({ ...members, Password: 'wrong' }), {
      code: 'AUTH',
      message:
        'No token for "api": invalid_grant: The password is wrong; check "Username" and "Password", or sign in again.',
    })
  })

  it('are given for a code that a person enters elsewhere', async () => {
    const server = await serveOAuth()
    let shown: DeviceCode | undefined
    let waits = 0
    const token = await tokenOf(
      {
        'Grant Type': 'Device Authorization',
        'Token URL': server.tokenUrl,
        'Device Auth URL': server.deviceAuthUrl,
        'Client ID': 'tv',
        Scope: 'openid chat',
      },
      {
        showCode: (code) => {
          shown = code
        },
        // The person is only as fast as the second poll.
        sleep: async () => {
          if (++waits !== 2) return
          assert.match(shown?.code ?? '', /^[A-Z]{4}-[A-Z]{4}$/)
          assert.equal(shown?.url, `${server.url}/device`)
          await new PersonsBrowser(server).signIn(shown?.completeUrl ?? '')
        },
      },
    )
    assert.equal(waits, 2)
    assert.deepEqual(server.refused.length, 1, 'the first poll came too early')
    assert.ok(await server.isValid(token))
  })

  it('are given for a code with PKCE, which arrives through the browser', async () => {
    const server = await serveOAuth()
    const browser = new PersonsBrowser(server)
    let opened = ''
    const members = {
      'Grant Type': 'Authorization Code',
      'Token URL': server.tokenUrl,
      'Auth URL': server.authUrl,
      'Client ID': 'app',
      Scope: 'openid chat',
      'Custom Request Parameters': { ui_locales: { Value: 'en', Use: 'In Auth Request' } },
    }
    const person = {
      browse: async (url: string) => {
        opened = url
        return (await browser.signIn(url)) ?? ''
      },
    }
    const tokens = tokensWith(person)
    const configuration = await configured(members)
    const { token } = await tokens.token(configuration, signal)
    assert.ok(await server.isValid(token))
    const { searchParams } = new URL(opened)
    assert.equal(searchParams.get('code_challenge_method'), 'S256')
    assert.equal(searchParams.get('ui_locales'), 'en')
    const { token: idToken } = await tokens.token({ ...configuration, useIdToken: true }, signal)
    const [, payload = ''] = idToken.split('.')
    assert.equal(JSON.parse(Buffer.from(payload, 'base64url').toString()).sub, PERSON.login)
    assert.deepEqual(server.granted, ['authorization_code'], 'both came at once')
  })

  it('are not given for a redirect with the state of another sign-in', async () => {
    const server = await serveOAuth()
    const members = {
      'Grant Type': 'Authorization Code',
      'Token URL': server.tokenUrl,
      'Auth URL': server.authUrl,
      'Client ID': 'app',
    }
    const browse = async () => 'http://127.0.0.1/callback?code=stolen&state=other'
    await assert.rejects(tokenOf(members, { browse }), { code: 'TOKEN_RESPONSE', message: /state/ })
    assert.deepEqual([server.granted, server.refused], [[], []], 'no code was exchanged')
    const denied = async (url: string) =>
      `http://127.0.0.1/callback?error=access_denied&state=${new URL(url).searchParams.get('state')}`
    await assert.rejects(tokenOf(members, { browse: denied }), {
      message: 'No token for "api": access_denied; sign in again, and allow the access.',
    })
  })

  it('are used until shortly before they expire, and asked for once at a time', async () => {
    const server = await serveOAuth({ lifetime: 100 })
    const configuration = await configured(service(server))
    let now = Date.now()
    const tokens = tokensWith({ now: () => now })
    const get = async () => (await tokens.token(configuration, signal)).token
    const [one, other] = await Promise.all([get(), get()])
    assert.equal(one, other)
    now += 89_000
    assert.equal(await get(), one)
    assert.equal(server.granted.length, 1)
    now += 2000
    assert.notEqual(await get(), one, 'a tenth of its time is left')
    assert.equal(server.granted.length, 2)
    const latest = await get()
    assert.notEqual((await tokens.token(configuration, signal, latest)).token, latest, 'it was refused')
    assert.equal(server.granted.length, 3)
  })

  it('are renewed without the person by a refresh token, and with the person if that has become invalid', async () => {
    const server = await serveOAuth({ lifetime: 100 })
    const browser = new PersonsBrowser(server)
    const configuration = await configured({
      'Grant Type': 'Authorization Code',
      'Token URL': server.tokenUrl,
      'Auth URL': server.authUrl,
      'Client ID': 'app',
      Scope: 'openid offline_access chat',
    })
    let now = Date.now()
    let signIns = 0
    const store = memoryStore()
    const person = {
      now: () => now,
      browse: async (url: string) => {
        signIns++
        return (await browser.signIn(url)) ?? ''
      },
    }
    const tokens = new Tokens({ host: hostOf(person), store })
    const get = async () => (await tokens.token(configuration, signal)).token
    const first = await get()
    now += 95_000
    const second = await get()
    assert.notEqual(second, first)
    assert.deepEqual([server.granted, signIns], [['authorization_code', 'refresh_token'], 1])
    const { keyOf } = await import('../../../src/request/oauth2/tokens.ts')
    const key = await keyOf(configuration)
    const kept = JSON.parse((await store.get(key)) ?? '')
    await store.keep(key, JSON.stringify({ ...kept, refreshToken: 'revoked' }))
    now += 95_000
    assert.ok(await server.isValid(await get()))
    assert.equal(signIns, 2)
  })

  it('are not asked for any more if nobody waits for them', async () => {
    const news = new EventEmitter()
    const [asked, ended] = [once(news, 'asked'), once(news, 'ended')]
    const url = await serveHttp((request) => {
      request.socket.on('close', () => news.emit('ended'))
      news.emit('asked')
    })
    const configuration = await configured({
      'Grant Type': 'Client Credentials',
      'Token URL': url,
      'Client ID': 'service',
    })
    const [first, second] = [new AbortController(), new AbortController()]
    const tokens = tokensWith()
    const wait = (control: AbortController) =>
      assert.rejects(tokens.token(configuration, control.signal), { code: 'CANCELLED' })
    const waiting = [wait(first), wait(second)]
    await asked
    first.abort()
    await waiting[0]
    second.abort()
    await waiting[1]
    await ended
  })

  it('say in one sentence why there are none', async () => {
    const server = await serveOAuth()
    const said = async (members: Readonly<Record<string, unknown>>) =>
      await tokenOf(members).then(
        () => '',
        ({ message }: Failure) => message,
      )
    assert.equal(
      await said({ ...service(server), 'Client Secret': 'wrong' }),
      'No token for "api": invalid_client: client authentication failed; check "Client ID", "Client Secret" and "Client Credentials".',
    )
    assert.equal(
      await said({ ...service(server), Scope: 'openid' }),
      'No token for "api": invalid_scope: requested scope is not allowed; check "Scope".',
    )
    const page = await serveHttp((_, response) =>
      response.setHeader('content-type', 'text/html').end('<p>Hello'),
    )
    assert.equal(
      await said({ ...service(server), 'Token URL': page }),
      `No token for "api": ${page} did not answer as OAuth 2 requires (status 502); check the URL in Security.Auth.`,
    )
    const nothing = `http://127.0.0.1:${await refusedPort()}/token`
    assert.equal(
      await said({ ...service(server), 'Token URL': nothing }),
      `No token for "api": ${nothing} could not be reached (ECONNREFUSED); check the URL in Security.Auth, and whether the server runs.`,
    )
    assert.equal(
      await said({ ...service(server), 'Token URL': 'http://id.example/token' }),
      "The client's credentials are not sent to http://id.example, because others could read them and the token; use https:.",
    )
    const github = await serveHttp((_, response) =>
      response.setHeader('content-type', 'application/json').end('{"error":"bad_verification_code"}'),
    )
    assert.equal(
      await said({ ...service(server), 'Token URL': github }),
      'No token for "api": bad_verification_code; see what the server documents about it.',
    )
  })
})
