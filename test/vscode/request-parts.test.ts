/** The parts that run and save requests, with answers to what they ask, in a real extension host. */
import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { dirname, join } from 'node:path'
import * as vscode from 'vscode'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { AnswerValues } from '../../src/vscode/requests/answer-values.ts'
import { RunConfirmation } from '../../src/vscode/requests/confirm-run.ts'
import { Environments } from '../../src/vscode/requests/environments.ts'
import { RequestTokens } from '../../src/vscode/requests/oauth2/request-tokens.ts'
import { SignIn } from '../../src/vscode/requests/oauth2/sign-in.ts'
import { UriCallbacks } from '../../src/vscode/requests/oauth2/uri-callbacks.ts'
import { PrivateFiles } from '../../src/vscode/requests/private-files.ts'
import { RequestIndex } from '../../src/vscode/requests/request-index.ts'
import { RequestRuns } from '../../src/vscode/requests/request-runs.ts'
import { RequestSecrets } from '../../src/vscode/requests/request-secrets.ts'
import { RequestSaver } from '../../src/vscode/requests/saving/request-saver.ts'
import { ComposerShelf } from '../../src/vscode/session/composer-shelf.ts'
import { LiveSession } from '../../src/vscode/session/live-session.ts'
import { OpenRecordings } from '../../src/vscode/session/open-recordings.ts'
import { RememberedConnections } from '../../src/vscode/session/remembered-connections.ts'
import type { Action, Notifier } from '../../src/vscode/ui/notifier.ts'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { answering } from './answers.ts'
import { canSearchFiles, until } from './inspector.ts'
import { memento, surroundings } from './parts.ts'

const TOKEN = 'tok-5ecret-value'
const EXTENSION = 'realtime-inspector.realtime-inspector'

/** A secret storage in memory. */
class Storage {
  readonly values = new Map<string, string>()
  get = async (key: string) => this.values.get(key)
  store = async (key: string, value: string) => void this.values.set(key, value)
  delete = async (key: string) => void this.values.delete(key)
}

function makeParts(folder: string) {
  const { engine, storage, log, notifier } = surroundings(join(folder, 'storage'))
  const global = memento()
  const remembered = new RememberedConnections(global, memento())
  const secretStorage = new Storage()
  const tokens = new RequestTokens({ storage: secretStorage, memento: global, workspace: folder })
  const callbacks = new UriCallbacks(EXTENSION)
  const signIn = new SignIn(tokens, callbacks)
  const session = new LiveSession({
    ...{ storage, log, script: engine, remembered },
    authorize: ({ credentials, refused }) => signIn.token(credentials, refused),
  })
  const recordings = new OpenRecordings({ storage, log, script: engine })
  const requests = {
    index: new RequestIndex(),
    environments: new Environments(memento()),
    requestSecrets: new RequestSecrets({ storage: secretStorage, memento: global, workspace: folder }),
    values: new AnswerValues(),
    signIn,
  }
  const confirmation = new RunConfirmation()
  const shelf = new ComposerShelf(memento())
  const runs = new RequestRuns({ ...requests, session, shelf, confirmation, log })
  const saver = new RequestSaver({ ...requests, session, recordings, runs, notifier })
  return {
    ...requests,
    session,
    recordings,
    runs,
    saver,
    secretStorage,
    remembered,
    global,
    callbacks,
    tokens,
  }
}

describe('the parts of requests', () => {
  let folder: string
  let parts: ReturnType<typeof makeParts>
  let answers: ReturnType<typeof answering> | undefined
  let url: string
  const asked: string[] = []
  const heard: string[] = []

  before(async () => {
    url = await serveWebSocket(
      (socket) => {
        socket.on('message', (data) => {
          heard.push(String(data))
          socket.send(JSON.stringify({ type: 'answer' }))
        })
      },
      {
        verifyClient: ({ req }: { req: IncomingMessage }) => {
          asked.push(`${req.url} ${req.headers.authorization ?? ''}`.trim())
          return true
        },
      },
    )
  })
  beforeEach(() => {
    folder = tempDir()
    parts = makeParts(folder)
    asked.length = 0
    heard.length = 0
  })
  afterEach(async () => {
    answers?.restore()
    await parts.session.dispose()
    await parts.recordings.dispose()
    for (const part of [parts.index, parts.environments, parts.requestSecrets, parts.values, parts.runs])
      part.dispose()
    await vscode.commands.executeCommand('workbench.action.closeAllEditors')
  })
  after(() => {
    closeServers()
    removeTempDirs()
  })

  async function file(name: string, text: string): Promise<vscode.Uri> {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
    return vscode.Uri.file(path)
  }

  const statusOf = (id: number) => parts.session.connections.find((each) => each.id === id)
  const opened = (id: number) => until(() => statusOf(id)?.state === 'open')
  /** The text of the file, once it is saved: VS Code gives up to wait for that if the machine is busy. */
  async function textOf(uri: vscode.Uri): Promise<string> {
    const shown = () => vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString())
    await until(() => shown()?.isDirty === false)
    return await readFile(uri.fsPath, 'utf8')
  }

  it('ask for a secret once, and say which request wants it', async () => {
    const uri = await file(
      'chat.http',
      `### Chat\nWEBSOCKET ${url}chat\nAuthorization: Bearer {{$secret CHAT_TOKEN}}\n\n### Other\nWEBSOCKET ${url}other?t={{$secret CHAT_TOKEN}}\n`,
    )
    answers = answering(() => TOKEN)
    await opened(await parts.runs.run(uri, 'Chat'))
    await opened(await parts.runs.run(uri, 'Other'))
    assert.deepEqual(asked, [`/chat Bearer ${TOKEN}`, `/other?t=${TOKEN}`])
    assert.equal(answers.asked.length, 1)
    const [box] = answers.asked
    assert.match(box?.prompt ?? '', /“Chat” needs the secret CHAT_TOKEN/)
    assert.equal(box?.password, true)
    assert.deepEqual(parts.requestSecrets.names(), ['CHAT_TOKEN'])
    assert.deepEqual([...parts.secretStorage.values.values()], [TOKEN])
    await parts.requestSecrets.forget('CHAT_TOKEN')
    await parts.runs.run(uri, 'Chat')
    assert.equal(answers.asked.length, 2)
  })

  it('do nothing if the user cancels', async () => {
    const uri = await file('chat.http', `### Chat\nWEBSOCKET ${url}?t={{$secret CHAT_TOKEN}}\n`)
    answers = answering(() => undefined)
    await assert.rejects(parts.runs.run(uri, 'Chat'), { code: 'CANCELLED' })
    assert.deepEqual(parts.requestSecrets.names(), [])
    assert.deepEqual(parts.session.connections, [])
  })

  it('ask a question once in each run', async () => {
    const uri = await file(
      'ask.http',
      `### Ask\nWEBSOCKET ${url}{{$prompt Which room?}}/{{$prompt Which room?}}\n`,
    )
    answers = answering(() => 'lobby')
    for (const times of [1, 2]) {
      await opened(await parts.runs.run(uri, 'Ask'))
      assert.equal(answers.asked.length, times)
    }
    assert.equal(answers.asked[0]?.prompt, 'Which room?')
    assert.deepEqual(asked, ['/lobby/lobby', '/lobby/lobby'])
  })

  it('ask before the first request runs in production', async () => {
    const uri = await file('env.http', `### Env\nWEBSOCKET {{base}}\n`)
    await file('http-client.env.json', JSON.stringify({ dev: { base: url }, 'prod-eu': { base: url } }))
    let isMeant = false
    answers = answering(({ items }) => (isMeant ? items[0] : undefined))
    await parts.environments.choose('dev')
    await parts.runs.run(uri, 'Env')
    assert.equal(answers.asked.length, 0)
    await parts.environments.choose('prod-eu')
    await assert.rejects(parts.runs.run(uri, 'Env'), { code: 'CANCELLED' })
    isMeant = true
    await parts.runs.run(uri, 'Env')
    await parts.runs.run(uri, 'Env')
    assert.equal(answers.asked.length, 2)
    assert.match(answers.asked[0]?.title ?? '', /Run “Env” in the environment “prod-eu”/)
    const listed = await parts.environments.list(uri)
    assert.deepEqual(
      listed.map(({ name, asksFirst }) => [name, asksFirst]),
      [
        ['dev', false],
        ['prod-eu', true],
      ],
    )
  })

  it('ask before they read a file outside of the workspace', async () => {
    await file('private.txt', 'private')
    await file('shop/body.txt', 'own')
    const uri = await file('shop/a.http', `### A\nWEBSOCKET ${url}\n\n< ./body.txt\n===\n< ../private.txt\n`)
    let isMeant = false
    answers = answering(({ items }) => (isMeant ? items[0] : undefined))
    await assert.rejects(parts.runs.run(uri, 'A'), { code: 'CANCELLED' })
    assert.equal(heard.length, 0)
    isMeant = true
    await parts.runs.run(uri, 'A')
    await until(() => heard.includes('private'))
    await parts.runs.run(uri, 'A')
    assert.equal(answers.asked.length, 2)
    assert.match(answers.asked[0]?.title ?? '', /Let “A” read .*private\.txt, which is outside/)
  })

  it('ask before they send an edited message in another environment', async () => {
    const request = `### Env\nWEBSOCKET ${url}\n\n{"type":"join"}\n`
    const uri = await file('env.http', request)
    await file('http-client.env.json', JSON.stringify({ dev: { word: 'a' }, 'prod-eu': { word: 'b' } }))
    await parts.environments.choose('dev')
    await opened(await parts.runs.run(uri, 'Env'))
    await file('env.http', request.replace('join', '{{word}}'))
    await parts.environments.choose('prod-eu')
    answers = answering(() => undefined)
    await assert.rejects(parts.runs.sendStep(uri, 'Env', 0), { code: 'CANCELLED' })
    assert.match(answers.asked[0]?.title ?? '', /Run “Env” in the environment “prod-eu”/)
    assert.ok(!heard.some((text) => text.includes('"b"')))
  })

  it('are remembered by the names of their secrets, and connect again with them', async () => {
    const uri = await file('chat.http', `### Chat\nWEBSOCKET ${url}chat?token={{$secret CHAT_TOKEN}}\n`)
    await parts.requestSecrets.keep('CHAT_TOKEN', TOKEN)
    await opened(await parts.runs.run(uri, 'Chat'))
    const [recent] = parts.remembered.recents()
    assert.equal(recent?.url, `${url}chat?token={{$secret CHAT_TOKEN}}`)
    assert.ok(!JSON.stringify(parts.global.keys().map((key) => parts.global.get(key))).includes(TOKEN))
  })

  describe('save a connection as a request', () => {
    before(async function () {
      if (!(await canSearchFiles())) this.skip()
    })

    const spec = (): ConnectionSpec => ({
      url: `${url}chat?room=a`,
      headers: { Authorization: `Bearer ${TOKEN}` },
    })

    /** Connects, sends two messages each after an answer, and saves with the answers to what is asked. */
    async function saved(target: vscode.Uri, more: Readonly<Record<string, string | string[]>> = {}) {
      const id = await parts.session.connect(spec())
      await opened(id)
      for (const [n, text] of ['{"type":"join"}', '{"type":"say","text":"{{hi}}"}'].entries()) {
        await parts.session.call('send', { id, message: { format: 'text', text } })
        await until(() => statusOf(id)?.messagesIn === n + 1)
      }
      answers = answering(({ title, prompt, items, value }) => {
        if (prompt.includes('The name of the request')) return 'Chat'
        if (prompt.includes('messages to keep')) return items
        if (title.startsWith('Write {{')) return more.host ?? items[0]
        if (title.startsWith('Secrets of the request')) return more.keep ?? items[0]
        return title === 'Save as Request' && value === '' ? target : undefined
      })
      await parts.saver.save({ connection: id })
      return id
    }

    it('with names for its secrets, its messages, and waits for answers', async () => {
      const target = vscode.Uri.file(join(folder, 'new.http'))
      const id = await saved(target)
      const text = await textOf(target)
      assert.equal(
        text,
        `### Chat
WEBSOCKET ${url}chat?room=a
Authorization: Bearer {{$secret CHAT_TOKEN}}

# @message join
{"type":"join"}
=== wait-for-server
# @message say
{"type":"say","text":"{{$braces}}hi}}"}
`,
      )
      assert.deepEqual([...parts.secretStorage.values.values()], [TOKEN])
      const { document, selection } = vscode.window.activeTextEditor ?? assert.fail('no editor')
      assert.equal(document.uri.toString(), target.toString())
      assert.match(document.lineAt(selection.active.line).text, /^WEBSOCKET/)
      assert.deepEqual(parts.runs.requestOf(id)?.name, 'Chat')

      answers?.asked.splice(0)
      const before = heard.splice(0)
      await opened(await parts.runs.run(target, 'Chat'))
      await until(() => heard.length === 2)
      assert.deepEqual(heard, before)
      assert.deepEqual(asked, [`/chat?room=a Bearer ${TOKEN}`, `/chat?room=a Bearer ${TOKEN}`])
      assert.deepEqual(answers?.asked, [])
    })

    it('with the host as a variable of the environment, below what the file has', async () => {
      const target = await file('shop.http', '# The shop.\n\n### Other\nWEBSOCKET ws://h/\n')
      await file('http-client.env.json', JSON.stringify({ dev: { host: new URL(url).host } }))
      await parts.environments.choose('dev')
      await saved(target, { keep: 'Ask when the request runs' })
      const text = await textOf(target)
      assert.ok(text.startsWith('# The shop.\n\n### Other\nWEBSOCKET ws://h/\n\n### Chat\n'), text)
      assert.match(text, /^WEBSOCKET ws:\/\/\{\{host\}\}\/chat\?room=a$/m)
      assert.deepEqual([...parts.secretStorage.values.values()], [])
    })

    it('from a recording, whose masked secrets are asked for when it runs', async () => {
      const id = await parts.session.connect(spec())
      await opened(id)
      const recording = join(folder, 'recorded.rtsession')
      await parts.session.call('save', { path: recording, reveal: [], mask: [], part: null, ticket: 1 }, 0)
      const target = vscode.Uri.file(join(folder, 'from.http'))
      answers = answering(({ prompt, title }) => {
        if (prompt.includes('The name of the request')) return 'Again'
        return title === 'Save as Request' ? target : TOKEN
      })
      await parts.saver.save({ recording: vscode.Uri.file(recording) })
      assert.match(await textOf(target), /^Authorization: \{\{\$secret AGAIN_AUTHORIZATION\}\}$/m)
      await parts.runs.run(target, 'Again')
      await until(() => asked.length === 2)
      assert.equal(asked[1], `/chat?room=a ${TOKEN}`)
    })
  })

  it('change the request of a connection to what was edited, and keep the rest', async () => {
    const text = `# Comment

### Chat
# A comment of the request.
# @option reconnect never
WEBSOCKET {{base}}chat?room={{room}}
X-Room: {{room}}

{"type":"join"}
`
    const uri = await file('chat.http', `@base = ${url}\n@room = a\n${text}`)
    const id = await parts.runs.run(uri, 'Chat')
    await opened(id)
    const now = parts.session.specOf(id) ?? assert.fail('no specification')
    answers = answering(({ items }) => items[0])
    await parts.saver.update(id, {
      ...now,
      url: `${now.url}&v=2`,
      headers: { ...now.headers, Authorization: `Bearer ${TOKEN}` },
      reconnect: 500,
    })
    assert.equal(
      await textOf(uri),
      `@base = ${url}\n@room = a\n${text
        .replace('reconnect never', 'reconnect 500')
        .replace('room={{room}}', 'room={{room}}&v=2')
        .replace('X-Room: {{room}}', 'X-Room: {{room}}\nAuthorization: Bearer {{$secret CHAT_TOKEN}}')}`,
    )
  })

  it('keep a message in the request of its connection', async () => {
    const uri = await file(
      'chat.http',
      `### Chat\nWEBSOCKET ${url}\n\n{"type":"join"}\n\n### Next\nWEBSOCKET ws://h/\n`,
    )
    const id = await parts.runs.run(uri, 'Chat')
    await opened(id)
    await parts.saver.keepMessage(id, { format: 'text', text: '{"type":"say"}' }, 'say')
    assert.equal(
      await textOf(uri),
      `### Chat\nWEBSOCKET ${url}\n\n{"type":"join"}\n===\n# @message say\n{"type":"say"}\n\n### Next\nWEBSOCKET ws://h/\n`,
    )
  })

  it('offer to let git ignore a private file', async () => {
    await mkdir(join(folder, '.git'))
    await file('.gitignore', 'dist\n')
    const uri = await file('api/chat.http', '### Chat\nWEBSOCKET ws://h/\n')
    await file('api/http-client.private.env.json', JSON.stringify({ dev: { token: TOKEN } }))
    const offered: [message: string, actions: readonly Action[]][] = []
    const notifier = {
      warning: (message: string, ...actions: readonly Action[]) => offered.push([message, actions]),
      internal: (error: unknown) => assert.fail(String(error)),
    } as unknown as Notifier
    const store = memento()
    const privateFiles = new PrivateFiles(parts.environments, store, notifier)
    await parts.environments.of(uri)
    const [message = '', actions = []] = await until(() => offered[0])
    assert.match(message, /^api\/http-client\.private\.env\.json may contain secrets/)
    await actions[0]?.run()
    assert.equal(await readFile(join(folder, '.gitignore'), 'utf8'), 'dist\nhttp-client.private.env.json\n')
    privateFiles.dispose()
    const again = new PrivateFiles(parts.environments, store, notifier)
    await parts.environments.of(vscode.Uri.file(join(folder, 'api', 'other.http')))
    await file('other/http-client.private.env.json', '{}')
    await parts.environments.of(vscode.Uri.file(join(folder, 'other', 'x.http')))
    assert.equal(offered.length, 1)
    again.dispose()
  })
})
