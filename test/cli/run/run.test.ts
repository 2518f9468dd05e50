import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cliTests, type Line, parseLines, runCli } from '../../support/cli.ts'
import { refusedUrl, serveWebSocket } from '../../support/loopback.ts'
import { PASSWORD, type Shop, serveShop, TOKEN, writeFiles, writeRequests } from './shop.ts'

const REQUESTS = `# The shop.

### Log in
# @name login
# @set token = $.session.token
POST http://{{host}}/login
Content-Type: application/json

{"user": "{{user}}", "password": "{{$secret SHOP_PASSWORD}}"}

### Chat
# @name chat
# @set last = $.id when $.type == "sayed"
WEBSOCKET ws://{{host}}/chat?room={{room}}
Authorization: Bearer {{token}}

{"type":"join","user":"{{user}}"}
=== wait-for-server
{"type":"say"}
===
{"type":"answer","to":{{last}}}
=== wait-for-server

### Three events
SSE http://{{host}}/events?after={{last}}

### Ticks
# @max-messages 2
GET http://{{host}}/ticks
Accept: text/event-stream

### News
LONGPOLL http://{{host}}/news
# @option interval 1
# @max-messages 2
`

const ENVIRONMENTS = JSON.stringify({
  $shared: { user: 'ada' },
  dev: { room: 'dev' },
  prod: { room: 'prod', user: 'root' },
})

/** The inbound messages of a connection. */
function received(lines: readonly Line[], connection: number): unknown[] {
  return lines
    .filter((line) => line.type === 'message' && line.direction === 'in' && line.connection === connection)
    .map(({ text }) => text)
}

describe('run', () => {
  cliTests()

  let shop: Shop
  let file: string

  beforeEach(async () => {
    shop = await serveShop()
    const folder = await writeFiles({ 'shop.http': REQUESTS, 'http-client.env.json': ENVIRONMENTS })
    file = join(folder, 'shop.http')
  })

  function run(...args: readonly string[]) {
    return runCli(['run', file, '--var', `host=${shop.host}`, ...args], {
      env: { SHOP_PASSWORD: PASSWORD },
    })
  }

  it('runs all requests in order in one session; what one sets is known to those after it', async () => {
    const { code, stdout, stderr } = await run('--env', 'dev')
    assert.deepEqual([code, stderr], [0, ''])
    const lines = parseLines(stdout)
    const starts = lines.filter(({ type }) => type === 'connect')
    assert.deepEqual(
      starts.map(({ connection, url }) => [connection, String(url).replace(shop.host, 'host')]),
      [
        [1, 'http://host/login'],
        [2, 'ws://host/chat?room=dev'],
        [3, 'http://host/events?after=3'],
        [4, 'http://host/ticks'],
        [5, 'http://host/news'],
      ],
    )
    assert.deepEqual(shop.log.slice(0, 6), [
      'POST /login',
      '{"type":"join","user":"ada"}',
      '{"type":"say"}',
      '{"type":"answer","to":3}',
      'GET /events?after=3',
      'GET /ticks',
    ])
    assert.deepEqual(received(lines, 3), ['{"n":1}', '{"n":2}', '{"n":3}'])
    assert.deepEqual(received(lines, 4), ['{"n":1}', '{"n":2}'])
    assert.deepEqual(received(lines, 5), ['{"news":1}', '{"news":1}'])
    const times = lines.slice(1).map(({ time }) => Number(time))
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
  })

  it('runs those that are named, in the order of the file, in an environment', async () => {
    const { code, stdout } = await run('chat', 'login', '--env', 'prod')
    assert.equal(code, 0)
    const starts = parseLines(stdout).filter(({ type }) => type === 'connect')
    assert.deepEqual(
      starts.map(({ url }) => String(url).split(shop.host)[1]),
      ['/login', '/chat?room=prod'],
    )
    assert.ok(shop.log.includes('{"type":"join","user":"root"}'))
  })

  it('lists the requests with what they connect to and where they are, and runs nothing', async () => {
    const { code, stdout } = await run('--list')
    assert.equal(code, 0)
    assert.equal(
      stdout,
      [
        `login         POST http://{{host}}/login  ${file}:6`,
        `chat          WEBSOCKET ws://{{host}}/chat?room={{room}}  ${file}:14`,
        `Three events  SSE http://{{host}}/events?after={{last}}  ${file}:25`,
        `Ticks         GET http://{{host}}/ticks  ${file}:29`,
        `News          LONGPOLL http://{{host}}/news  ${file}:33`,
        '',
      ].join('\n'),
    )
    assert.deepEqual(shop.log, [])
  })

  it('names a request without a name by what it connects to, without secrets', async () => {
    const requests = await writeRequests(`SSE http://${shop.host}/events?token=abcdef-123456\n`)
    const { stdout: list } = await runCli(['run', requests, '--list'])
    const name = `SSE http://${shop.host}/events?token=***`
    assert.ok(list.startsWith(`${name}  `), list)
    const { code, stdout } = await runCli(['run', requests, name, '--format', 'pretty'])
    assert.equal(code, 0)
    assert.ok(stdout.startsWith(`${name}  `), stdout)
    assert.equal(stdout.includes('abcdef'), false)
  })

  it('prints the name and the place of each request above its lines', async () => {
    const { stdout } = await run('Three events', '--var', 'last=0', '--format', 'pretty')
    assert.match(stdout, /^Three events {2}\S+shop\.http:25\n +[\d.]+ ○ connect +sse http:/)
  })

  it('takes limits of the command line in place of those of the file', async () => {
    const { code, stdout } = await run('Ticks', '--max-messages', '1')
    assert.equal(code, 0)
    assert.deepEqual(received(parseLines(stdout), 1), ['{"n":1}'])
    const slow = await run('Ticks', '--max-messages', '5', '--duration', '4')
    assert.equal(slow.code, 0)
  })

  it('answers by rules over every connection, and sends messages after those of the file', async () => {
    const { code } = await run(
      ...['login', 'chat', '--env', 'dev', '--send', '{"type":"more"}', '--max-messages', '5'],
      ...['--on', '$.type == "moreed" => {"type":"thanks"}'],
    )
    assert.equal(code, 0)
    assert.deepEqual(shop.log.slice(3), ['{"type":"answer","to":3}', '{"type":"more"}', '{"type":"thanks"}'])
  })

  it('goes on after a request that failed, and says which and why', async () => {
    const refused = await refusedUrl()
    const requests = await writeRequests(
      `### gone\nWEBSOCKET ${refused}\n\n### missing\nSSE http://${shop.host}/missing\n\n### events\nSSE http://${shop.host}/events\n`,
    )
    const { code, stdout, stderr } = await runCli(['run', requests])
    assert.equal(code, 1)
    assert.deepEqual(received(parseLines(stdout), 3).length, 3)
    const [gone, missing, summary] = stderr.trim().split('\n')
    assert.match(gone ?? '', /^gone: .*(?:refused|nothing listens).*\.$/i)
    assert.match(missing ?? '', /^missing: .*404.*\.$/)
    assert.equal(summary, 'Of 3 requests, 2 failed (gone, missing).')
  })

  it('fails if a server does not let the script end, with how far it came', async () => {
    const url = await serveWebSocket((socket) => socket.on('message', () => socket.close(1000)))
    const requests = await writeRequests(`### chat\nWEBSOCKET ${url}\n\none\n=== wait-for-server\ntwo\n`)
    const { code, stderr } = await runCli(['run', requests])
    assert.equal(code, 1)
    assert.equal(
      stderr,
      'chat: The connection ended after 1 of 3 steps of the request, while it waited for a message.\n',
    )
  })

  it('fails if the server does not answer in time', async () => {
    const requests = await writeRequests(
      `### chat\n# @timeout 4000\nWEBSOCKET ws://${shop.host}/\n\n{"type":"silence"}\n=== wait-for-server\n`,
    )
    const { code, stderr } = await runCli(['run', requests])
    assert.equal(code, 1)
    assert.match(stderr, /^chat: No message came within 4\.0 s for === wait-for-server, after 1 of 2 steps; /)
  })

  it('ends a WebSocket that sent its last message once the server is quiet, and says so', async () => {
    const requests = await writeRequests(`### chat\nWEBSOCKET ws://${shop.host}/\n\n{"type":"say"}\n`)
    const { code, stderr } = await runCli(['run', requests])
    assert.equal(code, 0)
    assert.match(stderr, /^chat: It was closed because no message came for 2\.0 s; [^\n]+\n$/)
  })

  it('sends no messages that are sent by hand, and says so', async () => {
    const requests = await writeRequests(
      `### chat\n# @send manual\nWEBSOCKET ws://${shop.host}/\n\n{"type":"say"}\n`,
    )
    const { code, stderr } = await runCli([
      ...['run', requests, '--format', 'none', '--on', 'type:open => {"type":"quit"}'],
    ])
    assert.equal(code, 0)
    assert.equal(
      stderr,
      'chat: Its messages are sent only by hand (# @send manual), so they are not sent now.\n',
    )
    assert.deepEqual(shop.log, ['{"type":"quit"}'])
  })

  it('does not connect again when a server ends a stream, unless the request says so', async () => {
    const requests = await writeRequests(
      `### events\nSSE http://${shop.host}/events\n\n### again\n# @reconnect 1\n# @max-messages 5\nSSE http://${shop.host}/events\n`,
    )
    const { code, stdout } = await runCli(['run', requests])
    assert.equal(code, 0)
    const lines = parseLines(stdout)
    assert.deepEqual([received(lines, 1).length, received(lines, 2).length], [3, 5])
  })

  it('says that a value did not come, and stops a request that needs it', async () => {
    const requests = await writeRequests(
      `### first\n# @set nothing = $.nothing\nSSE http://${shop.host}/events\n\n### second\nSSE http://${shop.host}/events?{{nothing}}\n`,
    )
    const { code, stderr } = await runCli(['run', requests])
    assert.equal(code, 1)
    assert.match(stderr, /^first: No message had a value for # @set nothing; /)
    assert.match(
      stderr,
      /shop\.http:6:\d+: The request "second" cannot run: There is no variable \{\{nothing\}\}/,
    )
  })

  it('reads bodies and messages from files beside the file of requests', async () => {
    await writeFile(
      join(dirname(file), 'login.json'),
      `{"user":"{{user}}","password":${JSON.stringify(PASSWORD)}}`,
    )
    await writeFile(file, `# @name login\nPOST http://{{host}}/login\n\n<@ ./login.json\n`)
    const { code, stdout } = await run('--env', 'dev')
    assert.equal(code, 0)
    assert.match(String(received(parseLines(stdout), 1)[0]), /"user":"ada"/)
  })

  it('saves the session that it prints, without the secret and without the token that a message set', async () => {
    const save = join(dirname(file), 'shop.rtsession')
    const { code, stdout, stderr } = await run('--env', 'dev', 'login', 'chat', '--save', save)
    assert.deepEqual([code, stderr], [0, ''])
    const saved = await readFile(save, 'utf8')
    assert.equal(saved, stdout)
    for (const secret of [PASSWORD, TOKEN]) assert.equal(saved.includes(secret), false, secret)
    assert.ok(saved.includes('***'))
  })
})
