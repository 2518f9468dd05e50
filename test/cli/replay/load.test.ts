/** A recording replayed as many clients at once, to real servers. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import path from 'node:path'
import type { WebSocket } from 'ws'
import type { LoadReport } from '../../../src/engine/load/load-report.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { builtCli, cliTests, runCli, startCli } from '../../support/cli.ts'
import { listen, refusedPort, serveHttp, serveWebSocket } from '../../support/loopback.ts'
import { message, opened } from '../../support/recording.ts'
import { writeSession } from '../../support/recording-file.ts'
import { tempDir } from '../../support/temp-dir.ts'

const RECORDINGS = path.join(import.meta.dirname, '../../fixtures/recordings')
const out = { direction: 'out' } as const

const CONVERSATION = [
  ...opened(1, 1),
  message(10, 'a', out),
  message(20, 'A'),
  message(30, 'b', out),
  message(40, 'B'),
]

function recorded(events: readonly RealtimeEvent[] = CONVERSATION): string {
  return writeSession(tempDir(), 'recorded.rtsession', events)
}

/** Answers each message in upper case. */
function capitals(socket: WebSocket): void {
  socket.on('message', (data) => socket.send(String(data).toUpperCase()))
}

async function load(file: string, url: string, args: readonly string[]) {
  const { code, stdout, stderr } = await runCli([
    ...['replay', file, '--to', url, '--format', 'json', '--patience', '20'],
    ...args,
  ])
  return { code, stderr, report: JSON.parse(stdout) as LoadReport }
}

describe('replay as many clients', () => {
  cliTests()

  it('opens a connection for each client, sends to all, and measures their answers', async () => {
    const sent: string[][] = []
    const url = await serveWebSocket((socket) => {
      const mine: string[] = []
      sent.push(mine)
      socket.on('message', (data) => mine.push(String(data)))
      capitals(socket)
    })
    const { code, stderr, report } = await load(recorded(), url, ['--connections', '20'])
    assert.deepEqual([code, stderr], [0, ''])
    assert.deepEqual(
      sent,
      Array.from({ length: 20 }, () => ['a', 'b']),
    )
    const { peak, ...connections } = report.connections
    assert.deepEqual(connections, {
      ...{ planned: 20, started: 20, opened: 20, closed: 20, failed: 0, lost: 0 },
    })
    assert.ok(peak >= 1 && peak <= 20)
    assert.deepEqual([report.failures, report.answersBy, report.answerCount], [[], 'order', 40])
    assert.deepEqual(
      [report.out, report.in],
      [
        { messages: 40, bytes: 40 },
        { messages: 40, bytes: 40 },
      ],
    )
    assert.ok(report.handshakes && report.answers && report.client.eventLoopDelay && report.client.late)
  })

  it('holds the clients open at once, and starts them over the ramp', async () => {
    const open: WebSocket[] = []
    const url = await serveWebSocket((socket) => {
      // Answers only once all are there.
      open.push(socket)
      if (open.length === 5) for (const each of open) each.send('welcome')
    })
    const file = recorded([...opened(1, 1), message(10, 'welcome')])
    const { code, report } = await load(file, url, ['--connections', '5', '--ramp', '0.5'])
    assert.equal(code, 0)
    assert.deepEqual([report.connections.peak, report.in.messages], [5, 5])
    // The last client starts after four fifths of the ramp.
    assert.ok(report.duration >= 400, `${report.duration} ms`)
  })

  it('starts every client of a ramp, however close they are', async () => {
    const { code, report } = await load(recorded(), await serveWebSocket(capitals), [
      ...['--connections', '300', '--ramp', '1'],
    ])
    assert.deepEqual([code, report.connections.closed, report.answerCount], [0, 300, 600])
  })

  it('measures how long a slow server takes', async () => {
    const url = await serveWebSocket((socket) =>
      socket.on('message', (data) => setTimeout(() => socket.send(String(data)), 200)),
    )
    const { report } = await load(recorded(), url, ['--connections', '3'])
    assert.equal(report.answerCount, 6)
    assert.ok((report.answers?.p50 ?? 0) >= 190, `${report.answers?.p50} ms`)
  })

  it('pairs the answers by the protocol, whatever their order', async () => {
    const request = (id: number) => JSON.stringify({ jsonrpc: '2.0', id, method: 'sum', params: [id] })
    const response = (id: number) => JSON.stringify({ jsonrpc: '2.0', id, result: id })
    const url = await serveWebSocket((socket) => {
      const ids: number[] = []
      socket.on('message', (data) => {
        ids.push((JSON.parse(String(data)) as { id: number }).id)
        if (ids.length === 2) for (const id of ids.reverse()) socket.send(response(id))
      })
    })
    const file = recorded([
      ...opened(1, 1),
      message(10, request(1), out),
      message(11, request(2), out),
      message(20, response(1)),
      message(21, response(2)),
    ])
    const { code, report } = await load(file, url, ['--connections', '4'])
    assert.equal(code, 0)
    assert.deepEqual([report.answersBy, report.answerCount], ['protocol', 8])
  })

  it('counts the connections that a server refuses, by their reason', async () => {
    let asked = 0
    const isRefused = (_: unknown, done: (accepted: boolean, status?: number) => void) => {
      asked++
      done(asked % 3 !== 0, 503)
    }
    const url = await serveWebSocket(capitals, { verifyClient: isRefused })
    const { code, stderr, report } = await load(recorded(), url, ['--connections', '9'])
    assert.equal(code, 1)
    assert.equal(stderr, '3 connections of 9 failed; the figures say why.\n')
    const { opened: count, closed, failed, lost } = report.connections
    assert.deepEqual([count, closed, failed, lost], [6, 6, 3, 0])
    const [failure, ...others] = report.failures
    assert.deepEqual(
      [failure?.kind, failure?.phase, failure?.count, others],
      ['HTTP_STATUS 503', 'open', 3, []],
    )
    assert.match(failure?.message ?? '', /503/)
  })

  it('counts the connections that are lost, and opens them no more', async () => {
    let count = 0
    const url = await serveWebSocket((socket) => {
      count++
      socket.on('message', () => socket.close(1011, 'broken'))
    })
    const { code, report } = await load(recorded(), url, ['--connections', '3'])
    assert.deepEqual([code, count], [1, 3])
    const [failure] = report.failures
    assert.deepEqual([failure?.kind, failure?.phase, failure?.count], ['CLOSE 1011', 'later', 3])
    assert.equal(report.connections.lost, 3)
    // Another load, in which the server ends as it did in the recording.
    const close: RealtimeEvent = { type: 'close', connection: 1, time: 50, by: 'server', code: 1011 }
    const { report: expected } = await load(recorded([...opened(1, 1), message(10, 'a', out), close]), url, [
      ...['--connections', '2'],
    ])
    assert.deepEqual([expected.connections.closed, expected.failures], [2, []])
  })

  it('prints the figures as text, also those of a server that does not run', async () => {
    const url = `ws://127.0.0.1:${await refusedPort()}/`
    const { code, stdout } = await runCli(['replay', recorded(), '--to', url, '--connections', '2'])
    assert.equal(code, 1)
    const [first, second, third] = stdout.split('\n')
    assert.match(first ?? '', /^0 of 2 connections opened\. It took /)
    assert.match(second ?? '', /at most 0 open at once; 0 closed, 0 lost, 2 failed$/)
    assert.match(third ?? '', /^ {2}not opened +2 by ECONNREFUSED: .*refused the connection/)
  })

  it('opens event streams and polls', async () => {
    const asked: (string | undefined)[] = []
    const url = await serveHttp((request, response) => {
      asked.push(request.url)
      if (request.headers.accept?.includes('text/event-stream') === true) {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end('data: one\n\ndata: two\n\n')
      } else response.writeHead(200, { 'content-type': 'application/json' }).end('[]')
    })
    const get = { url: 'http://recorded.example/events', headers: { accept: 'text/event-stream' } }
    const file = recorded([
      { type: 'connect', connection: 1, time: 0, transport: 'sse', attempt: 0, ...get },
      { type: 'open', connection: 1, time: 5, transport: 'sse', status: 200, headers: {} },
      message(10, 'one', { event: 'message' }),
      { type: 'close', connection: 1, time: 20, by: 'server' },
      {
        type: 'connect',
        connection: 2,
        time: 30,
        transport: 'poll',
        attempt: 0,
        url: 'http://recorded.example/poll',
      },
      { type: 'request', connection: 2, time: 30, url: 'http://recorded.example/poll', headers: {} },
      { type: 'response', connection: 2, time: 35, status: 200, headers: {}, empty: false },
      message(35, '[]', { connection: 2 }),
      { type: 'close', connection: 2, time: 40, by: 'client' },
    ])
    const { code, report } = await load(file, `${url}events`, ['--connections', '4'])
    assert.equal(code, 0)
    assert.deepEqual(
      asked.toSorted(),
      ['/events', '/poll'].flatMap((each) => Array.from({ length: 4 }, () => each)),
    )
    assert.equal(report.connections.opened, 8)
    assert.ok(report.handshakes && report.responses)
    assert.equal(report.in.messages, 12)
  })

  it('gives each client the ids that the server gives to it', async () => {
    const { Server } = await import('socket.io')
    const server = createServer()
    const said: string[] = []
    const io = new Server(server)
    io.of('/chat').on('connection', (socket) => {
      socket.onAny((name: string, ...args: unknown[]) => {
        said.push(`${socket.id} ${name}`)
        const acknowledge = args.at(-1)
        if (typeof acknowledge === 'function') acknowledge('ok')
      })
    })
    const packets = [
      message(
        10,
        '0{"sid":"one","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}',
      ),
      message(20, '40/chat,', out),
      message(30, '40/chat,{"sid":"two"}'),
      message(40, '42/chat,0["say","hello"]', out),
      message(50, '43/chat,0["ok"]'),
    ]
    const [connect, ...rest] = opened(1, 1)
    const file = recorded([
      { ...connect, url: 'ws://recorded.example/socket.io/?EIO=4&transport=websocket' } as RealtimeEvent,
      ...rest,
      ...packets,
    ])
    const port = await listen(server)
    const { code, report } = await load(file, `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, [
      ...['--connections', '3'],
    ])
    await io.close()
    assert.equal(code, 0)
    assert.deepEqual([report.answersBy, report.connections.opened], ['protocol', 3])
    assert.equal(new Set(said).size, 3)
    assert.ok(said.every((each) => each.endsWith(' say')))
  })

  it('ends at Ctrl-C with the figures', async () => {
    const server = createServer()
    const { WebSocketServer } = await import('ws')
    const sockets = new WebSocketServer({ server })
    const port = await listen(server)
    const file = recorded([...opened(1, 1), message(10, 'a', out), message(600_000, 'A')])
    const cli = await startCli([
      ...['replay', file, '--to', `ws://127.0.0.1:${port}/`, '--connections', '3', '--format', 'json'],
    ])
    for (let count = 0; count < 3; count++) {
      const [socket] = (await once(sockets, 'connection')) as [WebSocket, IncomingMessage]
      if (count === 2) await once(socket, 'message')
    }
    cli.child.kill('SIGINT')
    const { code, stdout } = await cli.ended
    assert.equal(code, 130)
    const { connections, failures } = JSON.parse(stdout) as LoadReport
    assert.deepEqual([connections.opened, connections.closed, failures], [3, 3, []])
  })

  it('says that the limit of open files was too low', async function () {
    if (process.platform === 'win32') this.skip()
    const url = await serveWebSocket(capitals)
    const cli = await builtCli()
    const args = [cli, 'replay', recorded(), '--to', url, '--connections', '200', '--format', 'json']
    const stdout = await new Promise<string>((resolve) => {
      const shell = 'ulimit -n 60; exec "$0" "$@"'
      execFile('sh', ['-c', shell, process.execPath, ...args], (_, text) => resolve(text))
    })
    const { failures } = JSON.parse(stdout) as LoadReport
    const found = failures.find(({ kind }) => kind === 'EMFILE')
    assert.match(found?.message ?? '', /ulimit -n/)
  })

  it('refuses options that do not belong together', async () => {
    const to = ['--to', 'ws://127.0.0.1:1/']
    const cases: readonly (readonly [string[], RegExp])[] = [
      [['--connections', '2'], /--connections needs a live server/],
      [['--unix-socket', '/run/app.sock'], /--unix-socket needs a live server/],
      [['--http', '2'], /--http needs a live server/],
      [['--plain-redirects'], /--plain-redirects needs a live server/],
      [[...to, '--ramp', '2'], /add --connections N/],
      [[...to, '--format', 'json'], /--format json prints the figures of --connections/],
      [[...to, '--connections', '2', '--save', 'x'], /--save is for a session/],
      [[...to, '--connections', '2', '--format', 'jsonl'], /use --format pretty, json or none/],
      [[...to, '--connections', '10001'], /10000|10,000/],
    ]
    const file = recorded()
    for (const [args, sentence] of cases) {
      const { code, stderr } = await runCli(['replay', file, ...args])
      assert.equal(code, 2)
      assert.match(stderr, sentence)
    }
  })

  it('refuses more connections in all than it can open', async () => {
    const file = path.join(RECORDINGS, 'mcp.rtsession')
    const { code, stderr } = await runCli([
      ...['replay', file, '--to', 'http://127.0.0.1:1/', '--connections', '10000'],
    ])
    assert.equal(code, 2)
    assert.match(stderr, /would open [\d,]+ connections/)
  })
})
