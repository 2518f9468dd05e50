import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { cliTests, parseLines, runCli, startCli } from '../support/cli.ts'
import { serveHttp, serveWebSocket } from '../support/loopback.ts'
import { message, opened } from '../support/recording.ts'
import { writeHar, writeSession } from '../support/recording-file.ts'
import { tempDir } from '../support/temp-dir.ts'

interface Listening {
  readonly listening: string
  readonly transport: string
  readonly connection: number
}

/** Starts the server and waits for its first lines. */
async function startServing(file: string, ...args: string[]) {
  const cli = await startCli(['serve', file, ...args])
  while (!cli.stdout.includes('\n')) {
    const ended = await Promise.race([cli.ended, new Promise((resolve) => setTimeout(resolve, 20))])
    if (ended !== undefined) throw new Error(`it ended: ${JSON.stringify(ended)}`)
  }
  const lines = cli.stdout.trim().split('\n')
  const listening = lines.map((line) => JSON.parse(line) as Listening)
  return { cli, listening, url: listening[0]?.listening ?? '' }
}

describe('serve', () => {
  cliTests()
  let folder: string
  beforeEach(() => {
    folder = tempDir()
  })
  const recorded = () =>
    writeSession(folder, 'recorded.rtsession', [
      ...opened(1, 0, 'wss://chat.example/room?id=7'),
      message(2, 'hello'),
      message(3, 'hi', { direction: 'out' }),
      message(4, 'bye'),
      { type: 'close', connection: 1, time: 5, by: 'server', code: 1000 },
    ])

  it('prints one line for each connection, and nothing else', async () => {
    const file = writeSession(folder, 'two.rtsession', [
      ...opened(1, 0, 'wss://chat.example/room?id=7'),
      { type: 'connect', connection: 2, time: 5, transport: 'sse', url: 'https://h/events', attempt: 0 },
    ])
    const { cli, listening } = await startServing(file)
    const { port } = new URL(listening[0]?.listening ?? '')
    assert.deepEqual(listening, [
      { listening: `ws://127.0.0.1:${port}/room?id=7`, transport: 'websocket', connection: 1 },
      { listening: `http://127.0.0.1:${port}/events`, transport: 'sse', connection: 2 },
    ])
    cli.child.kill('SIGINT')
    const { code, stdout, stderr } = await cli.ended
    assert.deepEqual([code, stderr, stdout.trim().split('\n').length], [130, '', 2])
  })

  it('serves a recording of connect so that connect records the same again', async () => {
    const live = await serveWebSocket((socket) => {
      socket.on('message', (data) => {
        socket.send(`${data}!`)
        socket.send(Buffer.from([0, 255]))
        socket.close(1000)
      })
    })
    const file = path.join(folder, 'a.rtsession')
    const first = await runCli(['connect', live, '--send', 'x', '--save', file])
    const { url } = await startServing(file)
    const second = await runCli(['connect', url, '--send', 'x'])
    const told = (stdout: string) =>
      parseLines(stdout)
        .filter(({ type }) => type === 'message' || type === 'close')
        .map(({ time, ...rest }) => rest)
    assert.deepEqual([first.code, second.code], [0, 0])
    assert.deepEqual(told(second.stdout), told(first.stdout))
    assert.equal(told(first.stdout).length, 4)
  })

  it('serves an event stream that connect recorded', async () => {
    const live = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-a': 'b' })
      response.write(': hi\n\nid: 1\ndata: one\n\nid: 2\nevent: tick\ndata: two\ndata: lines\n\n')
    })
    const file = path.join(folder, 'a.rtsession')
    await runCli(['connect', live, '--max-messages', '2', '--save', file])
    const { url, listening } = await startServing(file, '--speed', 'max')
    assert.equal(listening[0]?.transport, 'sse')
    const { stdout } = await runCli(['connect', url, '--max-messages', '2'])
    const lines = parseLines(stdout)
    assert.deepEqual(
      lines.filter(({ type }) => type === 'message').map(({ event, id, text }) => [event, id, text]),
      [
        ['message', '1', 'one'],
        ['tick', '2', 'two\nlines'],
      ],
    )
    assert.deepEqual(lines.find(({ type }) => type === 'comment')?.text, ' hi')
    const open = lines.find(({ type }) => type === 'open')
    assert.match(JSON.stringify(open), /"x-a":"b"/)
  })

  it('serves a HAR with its secrets masked, and says what it leaves out', async () => {
    const file = writeHar(folder)
    const { cli, url, listening } = await startServing(file, '--speed', 'max')
    assert.deepEqual(
      listening.map(({ transport }) => transport),
      ['websocket'],
    )
    assert.match(url, /\?token=\*\*\*$/)
    const { code, stdout } = await runCli(['connect', url, '--send', 'hi', '--max-messages', '2'])
    assert.equal(code, 0)
    assert.deepEqual(
      parseLines(stdout)
        .filter(({ type, direction }) => type === 'message' && direction === 'in')
        .map(({ text, base64 }) => text ?? base64),
      ['hello', '/wA='],
    )
    cli.child.kill('SIGINT')
    assert.match((await cli.ended).stderr, /^1 requests? for pages, scripts.* left out\.\n$/)
  })

  it('says that a file is not a HAR', async () => {
    const file = path.join(folder, 'none.har')
    writeFileSync(file, '{"log":7}')
    const { code, stderr } = await runCli(['serve', file])
    assert.equal(code, 1)
    assert.match(stderr, /none\.har is not a HAR/)
  })

  it('logs what clients do with --log', async () => {
    const { cli, url } = await startServing(recorded(), '--log', '--match', 'equal')
    await runCli(['connect', url, '--send', 'hi'])
    await cli.line('gone')
    assert.deepEqual(cli.lines.slice(1), [
      { type: 'client', client: 1, connection: 1, attempt: 0 },
      { type: 'received', client: 1, size: 2, text: 'hi', matched: true },
      { type: 'gone', client: 1 },
    ])
  })

  it('answers an allowed page, refuses another, and logs both without secrets', async () => {
    const { cli, url } = await startServing(recorded(), '--log', '--allow-origin', 'https://app.example')
    const ask = async (origin: string) => {
      const asked = new URL(`/nothing?token=hunter2&a=b`, url.replace('ws:', 'http:'))
      return (await fetch(asked, { headers: { origin } })).status
    }
    assert.deepEqual([await ask('https://app.example'), await ask('https://other.example')], [404, 403])
    const refused = await cli.line('refused')
    assert.equal(refused.url, '/nothing?token=***&a=b')
    await cli.line('refused', ({ reason }) =>
      /not served to pages of https:\/\/other\.example/.test(`${reason}`),
    )
    assert.doesNotMatch(cli.stdout, /hunter2/)
  })

  it('says how many payloads the recording does not have', async () => {
    const file = path.join(folder, 'other.rtsession')
    const lines = ['"size":5', '"size":0,"text":""', '"size":7'].map(
      (fields) => `{"type":"message","connection":1,"time":5,"direction":"in",${fields}}`,
    )
    const head = readFileSync(writeSession(folder, 'head.rtsession', opened()), 'utf8')
    writeFileSync(file, `${head}${lines.join('\n')}\n`)
    const { cli } = await startServing(file)
    cli.child.kill('SIGTERM')
    assert.match((await cli.ended).stderr, /^The recording did not keep 0 events and 2 payloads; .*\n$/)
  })

  it('warns if other machines can connect', async () => {
    const { cli } = await startServing(recorded(), '--host', '0.0.0.0')
    cli.child.kill('SIGTERM')
    assert.match(
      (await cli.ended).stderr,
      /^The server listens on 0\.0\.0\.0: everyone who can reach this machine .*\n$/,
    )
  })

  it("stops after --duration and at SIGTERM, and closes its clients' connections", async () => {
    const file = recorded()
    assert.equal((await runCli(['serve', file, '--duration', '0.2'])).code, 0)
    const { cli, url } = await startServing(file)
    const client = await startCli(['connect', url, '--reconnect', 'never'])
    await client.line('message')
    cli.child.kill('SIGTERM')
    assert.equal((await cli.ended).code, 143)
    assert.equal((await client.line('close')).code, 1001)
  })

  it('continues if nobody reads its output', async () => {
    const { cli, url } = await startServing(recorded(), '--log')
    cli.child.stdout?.destroy()
    for (let n = 0; n < 3; n++) {
      const { code } = await runCli(['connect', url, '--send', 'hi'])
      assert.equal(code, 0)
    }
  })

  describe('whose log is not read', () => {
    /** Requests many URLs that were not recorded, while the reader has read only the first lines. */
    async function overflow() {
      const cli = await startCli(['serve', recorded(), '--log'], { unread: true })
      const { stdout } = cli.child
      assert.ok(stdout)
      const [first] = await once(stdout, 'data')
      stdout.pause()
      const { listening } = JSON.parse(`${first}`.split('\n')[0] ?? '') as Listening
      const nothing = new URL(`/${'x'.repeat(12_000)}`, listening.replace('ws:', 'http:'))
      for (let n = 0; n < 200; n++) assert.equal((await fetch(nothing)).status, 404)
      return cli
    }

    it('drops lines instead of buffering them, and says how many', async () => {
      const cli = await overflow()
      cli.read()
      cli.child.stdout?.resume()
      const { count } = await cli.line('dropped')
      assert.equal(cli.lines.filter(({ type }) => type === 'refused').length + Number(count), 200)
    })

    it('still ends at SIGTERM', async () => {
      const cli = await overflow()
      cli.child.kill('SIGTERM')
      const [code] = await once(cli.child, 'exit')
      assert.equal(code, 143)
    })
  })

  it('says in one sentence that a port is in use, nothing can be served, or a file is not a session', async () => {
    const file = recorded()
    const { url } = await startServing(file)
    const taken = await runCli(['serve', file, '--port', new URL(url).port])
    assert.equal(taken.code, 1)
    assert.match(taken.stderr, /^Port \d+ of 127\.0\.0\.1 is taken; .*\n$/)
    const empty = await runCli(['serve', writeSession(folder, 'empty.rtsession', [])])
    assert.deepEqual([empty.code, empty.stdout], [1, ''])
    assert.match(empty.stderr, /^The session has no connection, so there is nothing to serve; .*\n$/)
    const none = await runCli(['serve', path.join(folder, 'nowhere')])
    assert.equal(none.code, 1)
    assert.match(none.stderr, /^There is no file .*\n$/)
    const host = await runCli(['serve', file, '--host', '192.0.2.1'])
    assert.equal(host.code, 1)
    assert.match(host.stderr, /^192\.0\.2\.1 is not an address of this machine/)
  })

  for (const [what, args] of Object.entries({
    'no file': [],
    'an invalid port': ['a.rtsession', '--port', '70000'],
    'an origin with a path': ['a.rtsession', '--allow-origin', 'https://app.example/page'],
    'an invalid way to match': ['a.rtsession', '--match', 'fuzzy'],
  })) {
    it(`treats ${what} as wrong usage`, async () => {
      const { code, stderr } = await runCli(['serve', ...args])
      assert.equal(code, 2)
      assert.match(stderr, /^error: .+\nUsage: realtime-inspector serve \[options\] FILE\n$/)
    })
  }

  it('explains serve and replay within 80 columns, with examples', async () => {
    for (const command of ['serve', 'replay']) {
      const { code, stdout } = await runCli([command, '--help'])
      assert.equal(code, 0)
      assert.match(stdout, new RegExp(`Examples:\\n.*\\n +\\$ realtime-inspector ${command} `))
      for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line)
    }
  })
})
