/** Whole sessions as commands, run by a real shell with real curl against real servers. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { quote } from '../../../src/engine/copy-as-command/shell-syntax.ts'
import { closeServers, serveHttp, serveWebSocket } from '../../support/loopback.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'
import { Filled } from '../payload/support.ts'

const run = promisify(execFile)
const STAND_IN = fileURLToPath(new URL('../../support/websocat.ts', import.meta.url))

/** Runs a script and returns its standard output. Rejects if one of its commands fails. */
async function sh(script: string): Promise<string> {
  const folder = tempDir()
  const websocat = join(folder, 'websocat')
  writeFileSync(websocat, `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(STAND_IN)} "$@"\n`)
  chmodSync(websocat, 0o755)
  const file = join(folder, 'script')
  writeFileSync(file, script)
  const { stdout } = await run('sh', ['-e', file], {
    maxBuffer: 1 << 26,
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
  })
  return stdout
}

interface Came {
  readonly connection: number
  readonly content: Buffer
  readonly isBinary: boolean
}

describe('the commands of a session', () => {
  let filled: Filled

  beforeEach(() => {
    filled = new Filled()
  })

  afterEach(() => {
    filled.capture.close()
    closeServers()
    removeTempDirs()
  })

  const commands = (reveal = false) => filled.calls.sessionCommands({ reveal })

  /** An echo server that closes after a number of messages over all its connections. */
  async function echo(most: number): Promise<{ url: string; came: Came[] }> {
    const came: Came[] = []
    let connections = 0
    const url = await serveWebSocket((socket) => {
      const connection = ++connections
      socket.on('message', (data: Buffer, isBinary) => {
        came.push({ connection, content: Buffer.from(data), isBinary })
        socket.send(data, { binary: isBinary })
        if (came.length === most) socket.close()
      })
    })
    return { url, came }
  }

  async function sendAll(messages: readonly (string | Uint8Array)[]): Promise<[Came[], string, string]> {
    const { url, came } = await echo(messages.length)
    filled.connect(url, { transport: 'websocket' })
    filled.open()
    for (const message of messages) {
      filled.message(message, 'out')
      filled.message('answer', 'in')
    }
    const { text, omitted } = await commands()
    assert.deepEqual(omitted, [])
    return [came, await sh(text), text]
  }

  it('send every text over one connection, in order and byte for byte, and print the answers', async () => {
    const texts = [
      '{"op":"subscribe",\n  "to": "it\'s"}\n',
      '$HOME `id` $(id) "x" \\ \\n %s !',
      '-n --no-close=1',
      ' a,b\r\n\t',
      '日本 \ud83d\ude00',
      `long ${'z'.repeat(90_000)}`,
    ]
    const [came, printed, text] = await sendAll(texts)
    assert.deepEqual(
      came.map(({ content }) => content.toString()),
      texts,
    )
    assert.ok(came.every(({ connection, isBinary }) => connection === 1 && !isBinary))
    assert.equal(printed, `${texts.join('\n')}\n`)
    assert.match(text, /^# Connection 1, websocket: 6 sent messages, at once over one connection$/m)
  })

  it('send binary, empty and very long messages and texts with NUL through standard input', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
    // In Base64, the last two begin like a prefix.
    const messages = [
      '{"a":1}',
      bytes,
      '',
      Buffer.alloc(0),
      'x\0y\n',
      'w'.repeat(200_000),
      '\x04',
      Buffer.of(76),
    ]
    const [came, printed] = await sendAll(messages)
    assert.deepEqual(
      came.map(({ content, isBinary }) => (isBinary ? [...content] : content.toString())),
      messages.map((message) => (typeof message === 'string' ? message : [...message])),
    )
    assert.ok(came.every(({ connection }) => connection === 1))
    const lines = messages.map(
      (message) => `${typeof message === 'string' ? 'T:' : 'B:'}${Buffer.from(message).toString('base64')}\n`,
    )
    assert.equal(printed, lines.join(''))
  })

  it('send a text that begins with an equals sign through standard input', async () => {
    const [came] = await sendAll(['==x', 'y'])
    assert.deepEqual(
      came.map(({ content }) => content.toString()),
      ['==x', 'y'],
    )
  })

  it('send what is too long for arguments through standard input', async () => {
    const texts = Array.from({ length: 12 }, (_, n) => String.fromCharCode(97 + n).repeat(80_000))
    const [came, , text] = await sendAll(texts)
    assert.doesNotMatch(text, /--preamble/)
    assert.deepEqual(
      came.map(({ content }) => content.toString()),
      texts,
    )
  })

  it('make the requests of the other connections with curl, one after another in one script', async () => {
    const asked: [string, string | undefined, string][] = []
    const url = await serveHttp(async (request, response) => {
      const { method = '', url: path = '', headers } = request
      asked.push([method, headers['x-of'] as string | undefined, path])
      response.end(`${path}\n`)
    })
    filled.connect(`${url}events`, { transport: 'sse', headers: { 'X-Of': "it's" } })
    const made = { type: 'connect', time: 1, transport: 'long-poll', url: `${url}poll`, attempt: 0 } as const
    filled.add({ ...made, connection: 2 })
    for (const index of [0, 7, 9])
      filled.add({
        type: 'request',
        connection: 2,
        time: 2,
        url: `${url}poll?index=${index}`,
        headers: { 'X-Of': 'poll' },
      })
    filled.add({ ...made, connection: 3, transport: 'http-stream', url: `${url}stream`, body: 'x' })
    const { text, connections, omitted } = await commands()
    assert.equal(connections, 3)
    assert.deepEqual(omitted, [])
    const printed = await sh(text)
    assert.deepEqual(asked, [
      ['GET', "it's", '/events'],
      ['GET', 'poll', '/poll?index=0'],
      ['POST', undefined, '/stream'],
    ])
    assert.equal(printed, '/events\n/poll?index=0\n/stream\n')
    assert.match(text, /^# Connection 2, long-poll: its first request, of 3$/m)
  })

  it('do not read the next command as their input', async () => {
    const { url, came } = await echo(2)
    const http = await serveHttp((_, response) => response.end('done'))
    const socket = await serveWebSocket((each) => each.close())
    filled.connect(socket, { transport: 'websocket', connection: 1 })
    filled.connect(url, { transport: 'websocket', connection: 2 })
    filled.message('one', 'out', 2)
    filled.message('two', 'out', 2)
    filled.connect(http, { transport: 'http-stream', connection: 3 })
    const { text } = await commands()
    // As if it were typed into a shell.
    const folder = tempDir()
    writeFileSync(join(folder, 'typed'), text)
    const printed = await sh(`sh -s < ${folder}/typed`)
    assert.equal(printed, 'one\ntwo\ndone')
    assert.equal(came.length, 2)
  })

  it('connect with the recorded fields and subprotocols', async () => {
    let offered: [readonly string[], IncomingMessage['headers']] | undefined
    const url = await serveWebSocket((socket) => socket.close(), {
      handleProtocols: (protocols, { headers }) => {
        offered = [[...protocols], headers]
        return 'b.v2'
      },
    })
    const spec = { headers: { 'X-A': "it's $HOME", 'X-B': ['1', '2'] }, subprotocols: ['a', 'b.v2'] }
    filled.connect(`${url}path`, spec)
    const { text } = await commands()
    await sh(text)
    const [protocols, headers] = offered ?? assert.fail('it did not connect')
    assert.deepEqual(protocols, ['a', 'b.v2'])
    assert.equal(headers['x-a'], "it's $HOME")
    assert.match(text, /--header='X-B: 1' \\\n {2}--header='X-B: 2'/)
  })

  it('mask secrets unless they are requested, and name them', async () => {
    filled.connect('wss://u:pw@host/?token=hunter2', { headers: { Authorization: 'Bearer s3' } })
    filled.connect('https://host/', { connection: 2, transport: 'poll' })
    filled.add({
      type: 'request',
      connection: 2,
      time: 1,
      url: 'https://host/?sig=hunter3',
      headers: { Cookie: 'sid=s4' },
    })
    const hidden = await commands()
    assert.doesNotMatch(hidden.text, /pw@|hunter|s3|s4/)
    assert.deepEqual(hidden.masked, ['Authorization', 'Cookie', 'sig', 'token', 'user:password'])
    assert.match(hidden.text, /^# Secrets masked: Authorization, Cookie, sig, token, user:password\.$/m)
    const shown = await commands(true)
    for (const secret of ['u:pw@host/?token=hunter2', 'Bearer s3', 'sig=hunter3', 'sid=s4'])
      assert.ok(shown.text.includes(secret), secret)
    assert.deepEqual(shown.masked, [])
    assert.doesNotMatch(shown.text, /Secrets masked/)
  })

  it('say what they leave out: what is too long, incomplete or not text, and connections that are not known well enough', async () => {
    filled.connect('ws://host/', { transport: 'websocket', proxy: 'http://proxy/' })
    filled.message('first', 'out')
    filled.add({
      type: 'message',
      connection: 1,
      time: 1,
      direction: 'out',
      opcode: 'text',
      payload: Buffer.of(0xff),
    })
    filled.message('x'.repeat(1024 * 1024), 'out')
    filled.message('after it', 'out')
    filled.connect('ws://host/', { connection: 2, attempt: 3 })
    filled.connect('file:///etc/passwd', { connection: 3 })
    filled.connect('-o/tmp/x', { connection: 4 })
    const { text, omitted, connections } = await commands()
    assert.equal(connections, 4)
    assert.deepEqual(omitted, [
      'connection 1: 2 sent messages, too long for the line',
      'connection 1: 1 sent message, not valid UTF-8, which text must be',
      'connection 1: its proxy, which the command does not use',
      'connection 2: the session does not have the event that opened it',
      'connection 3: there is no command for this URL: its scheme is not http, https, ws or wss',
      'connection 4: there is no command for this URL: its scheme is not http, https, ws or wss',
    ])
    for (const what of omitted) assert.ok(text.includes(`\n# Left out: ${what}.\n`), what)
    assert.match(text, /: 1 of 4 sent messages, at once/)
    assert.doesNotMatch(text, /passwd|after it|-o\/tmp/)
  })

  it('are made for a connection whose start was cleared, and say what was dropped', async () => {
    filled.capture.close()
    filled = new Filled({ memoryLimit: 1024 * 1024, spoolLimit: 1024 * 1024 })
    filled.starts.note({
      type: 'connect',
      connection: 1,
      time: 0,
      transport: 'websocket',
      url: 'ws://host/',
      attempt: 0,
    })
    filled.message('a'.repeat(300_000), 'out')
    for (let n = 0; n < 20; n++) filled.message('b'.repeat(300_000), 'in')
    filled.message('kept', 'out')
    assert.ok(filled.capture.isDropped(0))
    const { text, omitted } = await commands()
    assert.deepEqual(omitted, ['connection 1: 1 sent message, dropped'])
    assert.match(text, /^# Connection 1, websocket: 1 of 2 sent messages, at once over one connection$/m)
    assert.match(text, /--preamble='kept'/)
  })

  it('are of the events at the time of the call, and leave out those dropped in the meantime', async () => {
    filled.capture.close()
    filled = new Filled({ memoryLimit: 1024 * 1024, spoolLimit: 1024 * 1024 })
    filled.connect('ws://host/')
    for (const text of ['early', 'earlier'].map((word) => word.padEnd(200_000))) filled.message(text, 'out')
    for (let n = 0; n < 8192; n++) filled.message('x', 'in')
    const asked = commands()
    for (let n = 0; n < 20; n++) filled.message('b'.repeat(300_000), 'in')
    filled.message('late', 'out')
    const { text, omitted } = await asked
    assert.deepEqual(omitted, ['connection 1: 2 sent messages, dropped'])
    assert.doesNotMatch(text, /'late'|early/)
  })

  it('are rejected if the session is cleared in the meantime', async () => {
    filled.connect('ws://host/')
    const asked = commands()
    filled.capture.clear()
    await assert.rejects(async () => await asked, { code: 'CLEARED' })
  })

  it('are limited in number, and say how many connections there were', async () => {
    for (let connection = 1; connection <= 203; connection++) filled.connect('http://host/', { connection })
    const { text, connections, omitted } = await commands()
    assert.equal(connections, 203)
    assert.deepEqual(omitted, ['3 further connections'])
    assert.equal(text.match(/^curl /gm)?.length, 200)
    assert.match(text, /# Left out: 3 further connections\.\n$/)
  })

  it('end before the text is too long, and say which connections are left out', async () => {
    const body = 'y'.repeat(1_000_000)
    for (let connection = 1; connection <= 9; connection++)
      filled.connect('http://host/', { connection, body })
    const { text, omitted } = await commands()
    assert.deepEqual(omitted, ['connection 9: its command, too long for the text'])
    assert.ok(text.length < 8 * 1024 * 1024 + 10_000)
  })

  it('have comments that are harmless if a shell runs them as commands, as an interactive zsh does', async () => {
    filled.connect('https://host/', { headers: { "x-token-'$(id)`;&|<>": 'a', 'X-Token': 'b' } })
    const { text } = await commands()
    for (const line of text.split('\n').filter((each) => each.startsWith('#')))
      assert.match(line, /^# [\w .,:+-]+$/)
  })

  it('leave out header fields that could not have been sent, which curl would read as files', async () => {
    filled.connect('http://host/', { headers: { '@/etc/passwd': 'x', 'X-Fine': 'y' } })
    const { text } = await commands()
    assert.doesNotMatch(text, /@/)
    assert.match(text, /X-Fine: y/)
  })

  it('have no control characters that a terminal would act on when they are pasted', async () => {
    const nasty = 'x\x1b[201~\x03\nrm -r ~\n'
    filled.connect('ws://host/')
    filled.message(nasty, 'out')
    filled.connect('http://host/', { connection: 2, headers: { 'X-A': nasty } })
    filled.connect(`http://host/${nasty}`, { connection: 3 })
    filled.connect('http://host/', { connection: 4, body: nasty })
    filled.connect('http://host/', { connection: 5, transport: 'poll' })
    filled.add({ type: 'request', connection: 5, time: 1, url: '-o/tmp/x', headers: {} })
    const { text, omitted } = await commands()
    assert.doesNotMatch(text, /(?!\n)\p{Cc}|rm -r|-o\/tmp/u)
    const sentence =
      'the request has a control character, which is not safe to paste into a terminal; remove it and connect again'
    assert.deepEqual(omitted, [
      `connection 2: ${sentence}`,
      `connection 3: ${sentence}`,
      'connection 5: there is no command for this URL: its scheme is not http, https, ws or wss',
    ])
    const encoded = Buffer.from(nasty).toString('base64')
    assert.ok(text.includes(`T:${encoded}`) && text.includes(`'${encoded}' | base64 -d | curl`))
  })

  it('are rejected if there is no connection, with a sentence', async () => {
    filled.add({ type: 'mark', time: 1, text: 'x' })
    await assert.rejects(async () => await commands(), {
      code: 'NO_CONNECTION',
      message: /; connect first\.$/,
    })
  })
})
