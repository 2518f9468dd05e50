/** VS Code's proxy settings, which connections follow while the engine runs. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import * as vscode from 'vscode'
import type { RealtimeInspectorApi } from '../../src/vscode/api.ts'
import { closeServers, listen } from '../support/loopback.ts'
import { startProxy } from '../support/proxy.ts'
import { activated, run, until } from './inspector.ts'

const SETTINGS = ['http.proxy', 'http.proxySupport', 'http.noProxy'] as const

describe('the proxy settings of the editor', () => {
  let api: RealtimeInspectorApi
  let url: string

  before(async () => {
    api = await activated()
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: hello\n\n')
    })
    url = `http://127.0.0.1:${await listen(server)}/events`
    // The engine runs before a setting changes.
    await open()
  })

  after(async () => {
    for (const name of SETTINGS) await set(name, undefined)
    closeServers()
    await run('clear')
  })

  const set = (name: (typeof SETTINGS)[number], value: unknown) =>
    vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Global)

  /** Opens a connection and ends it. */
  async function open(): Promise<void> {
    const id = await api.connect({ url, reconnect: 'never' })
    await until(() => api.connections().some((each) => each.id === id && each.messagesIn > 0))
    await run('disconnect', id)
  }

  it('apply to the next connection without a reload, until they are removed', async () => {
    const proxy = await startProxy()
    await set('http.proxy', proxy.url)
    await open()
    assert.ok(proxy.seen.length > 0, 'it went through the proxy')
    const before = proxy.seen.length
    await set('http.noProxy', ['127.0.0.1'])
    await open()
    await set('http.noProxy', undefined)
    await set('http.proxySupport', 'off')
    await open()
    assert.equal(proxy.seen.length, before, 'it went direct')
    await set('http.proxySupport', undefined)
    await open()
    assert.ok(proxy.seen.length > before, 'it went through the proxy again')
  })
})
