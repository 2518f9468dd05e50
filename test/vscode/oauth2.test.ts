/** Tokens of OAuth 2 in the editor: a person signs in, the URI handler gets the code, and the secret storage the tokens. */
import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { AnswerValues } from '../../src/vscode/requests/answer-values.ts'
import { RunConfirmation } from '../../src/vscode/requests/confirm-run.ts'
import { Environments } from '../../src/vscode/requests/environments.ts'
import { RequestTokens } from '../../src/vscode/requests/oauth2/request-tokens.ts'
import { SignIn } from '../../src/vscode/requests/oauth2/sign-in.ts'
import { UriCallbacks } from '../../src/vscode/requests/oauth2/uri-callbacks.ts'
import { RequestIndex } from '../../src/vscode/requests/request-index.ts'
import { RequestRuns } from '../../src/vscode/requests/request-runs.ts'
import { RequestSecrets } from '../../src/vscode/requests/request-secrets.ts'
import { ComposerShelf } from '../../src/vscode/session/composer-shelf.ts'
import { LiveSession } from '../../src/vscode/session/live-session.ts'
import { RememberedConnections } from '../../src/vscode/session/remembered-connections.ts'
import { closeServers, listen } from '../support/loopback.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { until } from './inspector.ts'
import { memento, surroundings } from './parts.ts'

const EXTENSION = 'realtime-inspector.realtime-inspector'
const TOKENS = ['acce55-t0ken-1', 'acce55-t0ken-2'] as const
const REFRESH = 'refre5h-t0ken'

describe('tokens of OAuth 2 in the editor', () => {
  const env = vscode.env as unknown as Record<string, unknown>
  const { openExternal, asExternalUri } = vscode.env

  afterEach(() => {
    Object.assign(env, { openExternal, asExternalUri })
    closeServers()
    removeTempDirs()
  })

  it('come by the URI handler, are kept in the secret storage only, and renewed if a reconnect is refused', async () => {
    const folder = tempDir()
    const grants: URLSearchParams[] = []
    const seen: string[] = []
    const server = createServer((request, response) => {
      if (request.url === '/token') {
        let body = ''
        request.on('data', (chunk) => {
          body += chunk
        })
        request.on('end', () => {
          grants.push(new URLSearchParams(body))
          response.setHeader('content-type', 'application/json')
          response.end(
            JSON.stringify({
              access_token: TOKENS[grants.length - 1],
              token_type: 'Bearer',
              expires_in: 600,
              refresh_token: REFRESH,
            }),
          )
        })
        return
      }
      seen.push(request.headers.authorization ?? '')
      if (seen.length === 2) {
        // The first token was revoked when the stream ended.
        response.writeHead(401).end()
        return
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      if (seen.length === 1) response.end('retry: 10\ndata: first\n\n')
      else response.write('data: second\n\n')
    })
    const origin = `http://127.0.0.1:${await listen(server)}`

    const { engine, storage, log } = surroundings(join(folder, 'storage'))
    const values = new Map<string, string>()
    const secretStorage = {
      get: async (key: string) => values.get(key),
      store: async (key: string, value: string) => void values.set(key, value),
      delete: async (key: string) => void values.delete(key),
    }
    const global = memento()
    const secretOptions = { storage: secretStorage, memento: global, workspace: folder }
    const callbacks = new UriCallbacks(EXTENSION)
    const tokens = new RequestTokens(secretOptions)
    const signIn = new SignIn(tokens, callbacks)
    const session = new LiveSession({
      ...{ storage, log, script: engine, remembered: new RememberedConnections(global, memento()) },
      authorize: ({ credentials, refused }) => signIn.token(credentials, refused),
    })
    const requests = {
      index: new RequestIndex(),
      environments: new Environments(memento()),
      requestSecrets: new RequestSecrets(secretOptions),
      values: new AnswerValues(),
      signIn,
    }
    const runs = new RequestRuns({
      ...{ ...requests, session, log },
      shelf: new ComposerShelf(memento()),
      confirmation: new RunConfirmation(),
    })

    let redirect = ''
    env.asExternalUri = async (uri: vscode.Uri) => uri
    env.openExternal = async (target: unknown) => {
      const { searchParams } = new URL(String(target))
      redirect = searchParams.get('redirect_uri') ?? ''
      const back = (state: string) =>
        vscode.Uri.parse(redirect).with({ query: `code=c0de&state=${encodeURIComponent(state)}` })
      // Anybody can open a URI of the extension.
      callbacks.handleUri(back('of somebody else'))
      callbacks.handleUri(back(searchParams.get('state') ?? ''))
      return true
    }

    try {
      await writeFile(
        join(folder, 'http-client.env.json'),
        JSON.stringify({
          $shared: {
            Security: {
              Auth: {
                api: {
                  Type: 'OAuth2',
                  'Grant Type': 'Authorization Code',
                  'Auth URL': `${origin}/authorize`,
                  'Token URL': `${origin}/token`,
                  'Client ID': 'app',
                },
              },
            },
          },
        }),
      )
      const path = join(folder, 'a.http')
      await writeFile(
        path,
        `### A\nSSE ${origin}/events\nAuthorization: Bearer {{$auth.token("api")}}\n# @option reconnect 10\n`,
      )
      const id = await runs.run(vscode.Uri.file(path), 'A')
      await until(() => session.connections.some((each) => each.id === id && each.messagesIn >= 2))
      assert.match(redirect, /^[\w-]+:\/\/realtime-inspector\.realtime-inspector\/oauth2$/)
      assert.deepEqual(
        grants.map((each) => each.get('grant_type')),
        ['authorization_code', 'refresh_token'],
      )
      const [first, second] = TOKENS.map((token) => `Bearer ${token}`)
      assert.deepEqual(seen, [first, first, second])
      const [kept] = tokens.all()
      assert.equal(kept && tokens.nameOf(kept), 'api')
      assert.match([...values.values()].join(), new RegExp(TOKENS[1]))
      const names = await readdir(folder, { recursive: true, withFileTypes: true })
      for (const file of names.filter((each) => each.isFile())) {
        const text = await readFile(join(file.parentPath, file.name), 'latin1')
        for (const secret of [...TOKENS, REFRESH]) assert.ok(!text.includes(secret), file.name)
      }
      const listed = JSON.stringify(global.keys().map((key) => global.get(key)))
      for (const secret of [...TOKENS, REFRESH]) assert.ok(!listed.includes(secret), 'a memento')
      if (kept !== undefined) await tokens.forget(kept)
      assert.equal(values.size, 0)
    } finally {
      await session.dispose()
      signIn.dispose()
      for (const part of [
        requests.index,
        requests.environments,
        requests.requestSecrets,
        requests.values,
        runs,
      ])
        part.dispose()
    }
  })
})
