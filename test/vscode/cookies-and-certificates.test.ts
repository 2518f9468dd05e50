/** Cookies of a session in their list, and the certificates of the settings. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import * as vscode from 'vscode'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { LiveSession } from '../../src/vscode/session/live-session.ts'
import { manageCookies } from '../../src/vscode/session/manage-cookies.ts'
import { RememberedConnections } from '../../src/vscode/session/remembered-connections.ts'
import { HostCertificateFiles } from '../../src/vscode/settings/host-certificates.ts'
import { closeServers, listen, serveHttp } from '../support/loopback.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { certificates } from '../support/tls.ts'
import { answering } from './answers.ts'
import { until } from './inspector.ts'
import { memento, surroundings } from './parts.ts'

const SETTING = 'realtimeInspector.certificates'
const PASSPHRASE = 'swordfish'

describe('a session of the window', () => {
  let folder: string
  let session: LiveSession
  const stored = new Map<string, string>()

  beforeEach(() => {
    folder = tempDir()
    stored.clear()
    const { engine: script, log, ...rest } = surroundings(folder)
    const storage = {
      get: async (key: string) => stored.get(key),
      store: async (key: string, value: string) => void stored.set(key, value),
    }
    session = new LiveSession({
      ...{ script, log, ...rest },
      remembered: new RememberedConnections(memento(), memento()),
      certificates: new HostCertificateFiles({ storage, log }),
    })
  })
  afterEach(async () => {
    await vscode.workspace.getConfiguration().update(SETTING, undefined, vscode.ConfigurationTarget.Global)
    await session.dispose()
    closeServers()
    removeTempDirs()
  })

  /** Makes a request, and resolves to the state of its connection when it has ended. */
  async function ask(spec: ConnectionSpec): Promise<string> {
    const connection = await session.connect({ ...spec, plainResponse: true, reconnect: 'never' })
    return await until(() => {
      const state = session.connections.find(({ id }) => id === connection)?.state
      return state === 'closed' || state === 'failed' ? state : undefined
    })
  }

  it('lists its cookies without their values, and deletes one', async () => {
    const url = await serveHttp((_, response) =>
      response.setHeader('Set-Cookie', 'sid=hush; Path=/a').end('ok'),
    )
    await ask({ url, cookieJar: true })
    const { asked, restore } = answering(({ title }) => (title === 'Cookies' ? 'sid' : 'Delete'))
    try {
      await manageCookies(session, surroundings(folder).notifier)
    } finally {
      restore()
    }
    assert.deepEqual(
      asked.map(({ title }) => title),
      ['Cookies', 'Cookie sid of 127.0.0.1'],
    )
    assert.doesNotMatch(JSON.stringify(asked), /hush/)
    assert.deepEqual(await session.call('cookies', null), [])
  })

  it('presents the certificate of the settings, and asks once for its passphrase', async () => {
    const { ca, server, client } = certificates()
    const pkcs8 = ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-passout', `pass:${PASSPHRASE}`]
    const files = {
      'ca.pem': ca,
      'client.pem': client.cert,
      'client.key': execFileSync('openssl', pkcs8, { input: client.key }).toString(),
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    const seen: unknown[] = []
    const https = createServer({ ...server, ca, requestCert: true, rejectUnauthorized: false })
    https.on('request', (request, response) => {
      seen.push((request.socket as TLSSocket).getPeerCertificate().subject?.CN)
      response.end('ok')
    })
    const port = await listen(https)
    const entry = {
      host: '127.0.0.1',
      cert: join(folder, 'client.pem'),
      key: join(folder, 'client.key'),
      ca: join(folder, 'ca.pem'),
    }
    await vscode.workspace.getConfiguration().update(SETTING, [entry], vscode.ConfigurationTarget.Global)
    const { asked, restore } = answering(() => PASSPHRASE)
    try {
      assert.equal(await ask({ url: `https://127.0.0.1:${port}/` }), 'closed')
      assert.equal(await ask({ url: `https://127.0.0.1:${port}/` }), 'closed')
    } finally {
      restore()
    }
    assert.deepEqual(seen, ['client', 'client'])
    assert.deepEqual(
      asked.map(({ title, password }) => [title, password]),
      [['Passphrase of client.key', true]],
    )
    assert.deepEqual([...stored.values()], [PASSPHRASE])
  })
})
