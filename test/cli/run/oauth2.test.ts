/** Requests with tokens of OAuth 2 in the terminal, against a server that checks them. */
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { cliTests, runCli, startCli } from '../../support/cli.ts'
import { listen, serveWebSocket } from '../../support/loopback.ts'
import { CLIENT_SECRET, type OAuthServer, PersonsBrowser, serveOAuth } from '../../support/oauth-server.ts'
import { writeFiles } from './shop.ts'

interface Api {
  readonly host: string
  /** The tokens of the requests that were accepted. */
  readonly accepted: string[]
  readonly refused: string[]
}

const tokenOf = ({ headers, url = '' }: IncomingMessage) =>
  headers.authorization?.replace('Bearer ', '') ?? new URL(url, 'http://a/').searchParams.get('token') ?? ''

/**
 * Serves `/ticks`, an event stream that ends after one event, and `/chat`, a WebSocket that is cut after one message. Both
 * only for a token that the authorization server has given, and that has not expired.
 */
async function serveApi(oauth: OAuthServer): Promise<Api> {
  const accepted: string[] = []
  const refused: string[] = []
  const accepts = async (request: IncomingMessage) => {
    const token = tokenOf(request)
    const isValid = await oauth.isValid(token)
    ;(isValid ? accepted : refused).push(token)
    return isValid
  }
  const server = createServer(async (request, response) => {
    if (!(await accepts(request))) response.writeHead(401).end()
    else response.writeHead(200, { 'content-type': 'text/event-stream' }).end('retry: 1\ndata: tick\n\n')
  })
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', async (request: IncomingMessage, socket: Duplex, head) => {
    if (!(await accepts(request))) socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n')
    else
      sockets.handleUpgrade(request, socket, head, (peer) => {
        peer.on('error', () => {})
        peer.send('welcome', () => socket.destroy())
      })
  })
  return { host: `127.0.0.1:${await listen(server)}`, accepted, refused }
}

function environments(members: Readonly<Record<string, string>>): string {
  return JSON.stringify({ dev: { Security: { Auth: { api: { Type: 'OAuth2', ...members } } } } })
}

const service = ({ tokenUrl }: OAuthServer) =>
  environments({
    'Grant Type': 'Client Credentials',
    'Token URL': tokenUrl,
    'Client ID': 'service',
    'Client Secret': '{{$secret CLIENT}}',
  })

describe('tokens of OAuth 2 in the terminal', () => {
  cliTests()

  it('are renewed before each reconnect, and nothing of them is printed or saved', async () => {
    // So short that each attempt needs a new one. On a busy machine, one may expire on its way, and is renewed then.
    const oauth = await serveOAuth({ lifetime: 2 })
    const api = await serveApi(oauth)
    const folder = await writeFiles({
      'chat.http': [
        `WEBSOCKET ws://${api.host}/chat`,
        'Authorization: Bearer {{$auth.token("api")}}',
        '# @option reconnect 2100',
        '# @option max-messages 3',
        '',
        '###',
        `SSE http://${api.host}/ticks?token={{$auth.token("api")}}`,
        '# @option reconnect 2100',
        '# @option max-messages 2',
      ].join('\n'),
      'http-client.env.json': service(oauth),
    })
    const { code, stdout, stderr } = await runCli(
      ['run', join(folder, 'chat.http'), '--env', 'dev', '--save', join(folder, 'run.rtsession')],
      { env: { CLIENT: CLIENT_SECRET } },
    )
    assert.equal(code, 0, stderr)
    assert.equal(api.accepted.length, 5)
    assert.equal(new Set(api.accepted.slice(0, 3)).size, 3, 'each attempt of the first had another token')
    assert.equal(new Set(api.accepted.slice(3)).size, 2)
    const files = await readdir(folder)
    const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
    for (const secret of [...api.accepted, CLIENT_SECRET])
      for (const text of [stdout, stderr, ...texts]) assert.ok(!text.includes(secret), 'a secret')
  })

  it('are given to a person who signs in at the printed URL', async () => {
    const oauth = await serveOAuth()
    const api = await serveApi(oauth)
    const folder = await writeFiles({
      'ticks.http': `GET http://${api.host}/ticks\nAccept: text/event-stream\nAuthorization: Bearer {{$auth.token("api")}}\n# @option max-messages 1\n`,
      'http-client.env.json': environments({
        'Grant Type': 'Authorization Code',
        'Token URL': oauth.tokenUrl,
        'Auth URL': oauth.authUrl,
        'Client ID': 'app',
        Scope: 'openid chat',
      }),
    })
    const cli = await startCli(['run', join(folder, 'ticks.http'), '--env', 'dev'])
    const [, url = ''] = await cli.error(/To sign in to "api", open (\S+)\n/)
    const redirect = (await new PersonsBrowser(oauth).signIn(url)) ?? ''
    const wrong = new URL(redirect)
    wrong.searchParams.set('state', 'of another')
    assert.equal((await fetch(wrong)).status, 400)
    const page = await fetch(redirect)
    assert.match(await page.text(), /The sign-in is complete\./)
    const { code, stderr } = await cli.ended
    assert.equal(code, 0, stderr)
    assert.equal(api.accepted.length, 1)
  })

  it('are filled once in messages', async () => {
    const oauth = await serveOAuth()
    const messages: string[] = []
    const url = await serveWebSocket((peer) =>
      peer.on('message', (data) => {
        messages.push(String(data))
        peer.close()
      }),
    )
    const folder = await writeFiles({
      'chat.http': `WEBSOCKET ${url}\n\n{"token":"{{$auth.token("api")}}"}\n`,
      'http-client.env.json': service(oauth),
    })
    const { code, stdout, stderr } = await runCli(['run', join(folder, 'chat.http'), '--env', 'dev'], {
      env: { CLIENT: CLIENT_SECRET },
    })
    assert.equal(code, 0, stderr)
    const { token } = JSON.parse(messages[0] ?? '') as { token: string }
    assert.ok(await oauth.isValid(token))
    assert.ok(!stdout.includes(token))
  })

  it('that the server does not give end the request with one sentence', async () => {
    const oauth = await serveOAuth()
    const api = await serveApi(oauth)
    const folder = await writeFiles({
      'ticks.http': `SSE http://${api.host}/ticks\nAuthorization: Bearer {{$auth.token("api")}}\n`,
      'http-client.env.json': service(oauth),
    })
    const { code, stderr } = await runCli(['run', join(folder, 'ticks.http'), '--env', 'dev'], {
      env: { CLIENT: 'wrong' },
    })
    assert.equal(code, 1)
    assert.match(
      stderr,
      /No token for "api": invalid_client: client authentication failed; check "Client ID", "Client Secret" and "Client Credentials"\.\n/,
    )
    assert.deepEqual(api.refused, [])
  })

  it('of a name that no file has are a mistake', async () => {
    const folder = await writeFiles({
      'ticks.http': 'SSE http://localhost/\nAuthorization: Bearer {{$auth.token("apj")}}\n',
      'http-client.env.json': environments({ 'Grant Type': 'Password' }),
    })
    const { code, stderr } = await runCli(['run', join(folder, 'ticks.http'), '--env', 'dev'])
    assert.equal(code, 2)
    assert.match(stderr, /ticks\.http:2:23: error: There is no Security\.Auth "apj"; did you mean "api"\?\n/)
  })

  it('are sent with --auth, by the name of the configuration', async () => {
    const oauth = await serveOAuth()
    const api = await serveApi(oauth)
    const folder = await writeFiles({
      'ticks.http': `SSE http://${api.host}/ticks\n# @option max-messages 1\n`,
      'http-client.env.json': service(oauth),
    })
    const secret = { env: { CLIENT: CLIENT_SECRET } }
    const file = join(folder, 'ticks.http')
    const { code, stdout, stderr } = await runCli(
      ['run', file, '--env', 'dev', '--auth', 'oauth2:api'],
      secret,
    )
    assert.equal(code, 0, stderr)
    assert.equal(api.accepted.length, 1)
    for (const value of [...api.accepted, CLIENT_SECRET]) assert.ok(!stdout.includes(value), 'a secret')
    const unknown = await runCli(['run', file, '--auth', 'oauth2:other@dev'], secret)
    assert.equal(unknown.code, 2)
    assert.match(unknown.stderr, /--auth oauth2:other: There is no Security\.Auth "other"; /)
  })
})
