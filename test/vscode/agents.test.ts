/** The tools for language models, in a real extension host. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import * as vscode from 'vscode'
import type { AgentHost, Tool } from '../../src/agents/tool.ts'
import { TOOLS } from '../../src/agents/tools.ts'
import { languageModelTool } from '../../src/vscode/agents/agent-tools.ts'
import type { RealtimeInspectorApi } from '../../src/vscode/api.ts'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { message, opened } from '../support/recording.ts'
import { writeSession } from '../support/recording-file.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { activated, run, until } from './inspector.ts'

interface Listed {
  readonly connections: readonly {
    readonly connection: number
    readonly url: string
    readonly openedBy?: string
  }[]
}

/** A host whose live session has one connection, of the user or of an agent. */
function hostWith(byAgent: boolean): AgentHost {
  const unused = () => assert.fail('not used')
  const connections = [{ id: 1, url: 'ws://localhost/feed?token=***', state: 'open' }]
  return {
    mask: [],
    live: { call: async () => ({ connections, events: 0 }) as never, findings: unused },
    isAgents: () => byAgent,
    ...{ connect: unused, read: unused, recordings: unused, compare: unused },
  }
}

function toolNamed(name: string): Tool {
  return TOOLS.find((each) => each.name === name) ?? assert.fail(name)
}

describe('tools for language models', () => {
  let api: RealtimeInspectorApi

  before(async () => {
    api = await activated()
  })

  afterEach(async () => {
    await run('disconnectAll')
    await run('clear')
    closeServers()
    removeTempDirs()
  })

  async function invoke<T>(name: string, input: object = {}): Promise<T> {
    const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined })
    const [part] = content
    assert.ok(part instanceof vscode.LanguageModelTextPart)
    return JSON.parse(part.value)
  }

  it('are registered', () => {
    const names = vscode.lm.tools.map(({ name }) => name)
    for (const { name } of TOOLS) assert.ok(names.includes(name), `${name} of ${names}`)
  })

  it('list, read, wait for and diagnose the live session', async () => {
    const url = await serveWebSocket((peer) => {
      peer.send('{"n":1}')
      peer.on('message', (data) => peer.send(data.toString()))
    })
    const id = await api.connect({ url: `${url}?token=hunter2` })
    await invoke('realtime_wait', { filter: '$.n == 1', connection: id, from: 1 })
    await run('send', id, '{"n":2}')
    const { event } = await invoke<{ event: { text: string } }>('realtime_wait', {
      ...{ filter: 'dir:in $.n == 2', connection: id, from: 1 },
    })
    assert.equal(event.text, '{"n":2}')
    const { events } = await invoke<{ events: readonly { text: string }[] }>('realtime_events', {
      ...{ connection: id, filter: 'type:message dir:in' },
    })
    assert.deepEqual(
      events.map(({ text }) => text),
      ['{"n":1}', '{"n":2}'],
    )
    const listed = await invoke<Listed>('realtime_list')
    const found = listed.connections.find(({ connection }) => connection === id)
    assert.deepEqual([found?.url, found?.openedBy], [`${url}?token=***`, undefined])
    const { findings } = await invoke<{ findings: readonly unknown[] }>('realtime_diagnose')
    assert.ok(Array.isArray(findings))
  })

  it('open a connection, send over it and end it, marked as one of an agent', async () => {
    const url = await serveWebSocket((peer) =>
      peer.on('message', (data) => peer.send(`re: ${data.toString()}`)),
    )
    // A window under test confirms what it is asked.
    const { connection, state } = await invoke<{ connection: number; state: string }>('realtime_connect', {
      url,
    })
    assert.equal(state, 'open')
    const { next } = await invoke<{ next: number }>('realtime_send', { connection, text: 'hello' })
    const waited = await invoke<{ event: { text: string } }>('realtime_wait', {
      ...{ connection, from: next, filter: 'dir:in' },
    })
    assert.equal(waited.event.text, 're: hello')
    const { connections } = await invoke<Listed>('realtime_list')
    assert.equal(connections.find((each) => each.connection === connection)?.openedBy, 'agent')
    await invoke('realtime_disconnect', { connection })
    await until(() => api.connections().find(({ id }) => id === connection)?.state === 'closed')
  })

  it('read no file outside of the workspace', async () => {
    const folder = tempDir()
    const file = writeSession(folder, 'a.rtsession', [
      ...opened(1, 0, 'ws://localhost/'),
      message(1, { n: 1 }),
    ])
    for (const recording of [file, join('..', '..', 'a.rtsession')])
      await assert.rejects(invoke('realtime_events', { recording }), /cannot be read/)
    await assert.rejects(invoke('realtime_compare', { a: file, b: 'live' }), /cannot be read/)
  })

  it('have an event explained, by the clipboard if no model answers here', async () => {
    const url = await serveWebSocket((peer) => peer.send('{"password":"hunter2"}'))
    const id = await api.connect({ url: `${url}?token=hunter2` })
    await until(() => api.connections().find((each) => each.id === id)?.messagesIn === 1)
    assert.equal(await run('explainEvent', 2), 'clipboard')
    const text = await vscode.env.clipboard.readText()
    assert.match(text, /^Explain this event of a realtime connection/)
    assert.match(text, /"number": 3/)
    assert.doesNotMatch(text, /hunter2/)
  })

  it('ask before they open, send, and end what an agent did not open', async () => {
    const token = new vscode.CancellationTokenSource().token
    const prepare = async (name: string, input: object, host = hostWith(false)) => {
      const tool = languageModelTool(toolNamed(name), host)
      const prepared = await tool.prepareInvocation?.({ input }, token)
      const { title = '', message = '' } = prepared?.confirmationMessages ?? {}
      return [title, typeof message === 'string' ? message : message.value]
    }
    const [title, text = ''] = await prepare('realtime_connect', {
      ...{ url: 'wss://example.com/?token=hunter2', headers: { Authorization: 'Bearer hunter2' } },
    })
    assert.equal(title, 'Open a realtime connection?')
    assert.match(text, /Authorization/)
    assert.match(text, /example/)
    assert.doesNotMatch(text, /hunter2/)
    const [sending, sent = ''] = await prepare('realtime_send', {
      connection: 1,
      text: '[x](command:evil)\n```\n# y',
    })
    assert.equal(sending, 'Send this over connection 1?')
    assert.match(sent, /^.*````text\n\[x\]\(command:evil\)\n```\n# y\n````/s)
    assert.equal((await prepare('realtime_disconnect', { connection: 1 }))[0], 'End connection 1?')
    assert.equal((await prepare('realtime_disconnect', { connection: 1 }, hostWith(true)))[0], '')
    for (const name of ['realtime_list', 'realtime_events', 'realtime_diagnose'])
      assert.equal((await prepare(name, {}))[0], '')
    await assert.rejects(prepare('realtime_connect', { url: 'gopher://x' }), /gopher/)
  })
})
