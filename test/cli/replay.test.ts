import assert from 'node:assert/strict'
import { readFileSync, symlinkSync, truncateSync } from 'node:fs'
import path from 'node:path'
import type { WebSocket } from 'ws'
import { cliTests, parseLines, runCli, startCli } from '../support/cli.ts'
import { refusedPort, serveWebSocket } from '../support/loopback.ts'
import { message, opened } from '../support/recording.ts'
import { writeHar, writeSession } from '../support/recording-file.ts'
import { tempDir } from '../support/temp-dir.ts'

const out = { direction: 'out' } as const

const CONVERSATION = [
  ...opened(1, 0.25),
  message(100, 'a', out),
  message(150, 'A'),
  message(700, 'b', out),
  message(750, 'B'),
]

/** Answers each message in upper case. */
function capitals(socket: WebSocket): void {
  socket.on('message', (data, isBinary) => socket.send(String(data).toUpperCase(), { binary: isBinary }))
}

describe('replay', () => {
  cliTests()
  let folder: string
  beforeEach(() => {
    folder = tempDir()
  })
  const recorded = () => writeSession(folder, 'recorded.rtsession', CONVERSATION)

  it('prints the session as recorded, line for line except for the generator', async () => {
    const file = recorded()
    const saved = path.join(folder, 'copy.rtsession')
    const { code, stdout, stderr } = await runCli(['replay', file, '--speed', 'max', '--save', saved])
    assert.deepEqual([code, stderr], [0, ''])
    const [header, ...events] = parseLines(stdout)
    const [before, ...then] = parseLines(readFileSync(file, 'utf8'))
    assert.deepEqual(events, then)
    assert.equal(header?.startedAt, before?.startedAt)
    assert.equal(readFileSync(saved, 'utf8'), stdout)
  })

  it('plays a HAR with its secrets masked, and sends it to a live peer', async () => {
    const file = writeHar(folder)
    const played = await runCli(['replay', file, '--speed', 'max'])
    assert.equal(played.code, 0)
    const [header, connect, , ...rest] = parseLines(played.stdout)
    assert.equal(header?.startedAt, '2026-11-23T04:59:59.000Z')
    assert.equal(connect?.url, 'ws://chat.example/room?token=***')
    assert.deepEqual(
      rest.map(({ type, direction, text, base64 }) => [type, direction, text ?? base64]),
      [
        ['message', 'in', 'hello'],
        ['message', 'out', 'hi'],
        ['message', 'in', '/wA='],
      ],
    )
    const peer = await serveWebSocket(capitals)
    const sent = await runCli(['replay', file, '--to', peer, '--speed', 'max', '--patience', '0.3'])
    assert.match(sent.stdout, /"text":"HI"/)
  })

  it('keeps the times, divided by --speed', async () => {
    const file = writeSession(folder, 'slow.rtsession', [
      message(5000, 'a'),
      message(8000, 'b'),
      message(8000, 'c'),
    ])
    const started = performance.now()
    const cli = await startCli(['replay', file, '--speed', '4'])
    const { code } = await cli.ended
    const took = performance.now() - started
    assert.equal(code, 0)
    assert.ok(took > 650, `${took} ms`)
    assert.deepEqual(
      cli.lines.slice(1).map(({ time }) => time),
      [5000, 8000, 8000],
    )
  })

  it('prints the format that --format names, or nothing', async () => {
    const file = recorded()
    const pretty = await runCli(['replay', file, '--speed', 'max', '--format', 'pretty'])
    assert.match(pretty.stdout, / 0\.100 ↑ text .* a\n/)
    const none = await runCli(['replay', file, '--speed', 'max', '--format', 'none'])
    assert.deepEqual([none.code, none.stdout], [0, ''])
  })

  it('ends cleanly at Ctrl-C, with a complete file', async () => {
    const file = writeSession(folder, 'long.rtsession', [message(0, 'a'), message(600_000, 'b')])
    const saved = path.join(folder, 'copy.rtsession')
    const cli = await startCli(['replay', file, '--save', saved])
    await cli.line('message')
    cli.child.kill('SIGINT')
    const { code, stderr } = await cli.ended
    assert.deepEqual([code, stderr], [130, ''])
    assert.equal(parseLines(readFileSync(saved, 'utf8')).length, 2)
  })

  it('ends after --duration, and when its reader has gone', async () => {
    const file = writeSession(folder, 'long.rtsession', [message(0, 'a'), message(600_000, 'b')])
    assert.equal((await runCli(['replay', file, '--duration', '0.3'])).code, 0)
    const many = writeSession(
      folder,
      'many.rtsession',
      Array.from({ length: 5000 }, (_, n) => message(n, 'x'.repeat(1000))),
    )
    const cli = await startCli(['replay', many, '--speed', 'max'], { unread: true })
    cli.child.stdout?.destroy()
    const { code, stderr } = await cli.ended
    assert.deepEqual([code, stderr], [0, ''])
  })

  it('prints what a truncated file has, and says what is missing', async () => {
    const file = recorded()
    truncateSync(file, readFileSync(file).length - 5)
    const { code, stdout, stderr } = await runCli(['replay', file, '--speed', 'max'])
    assert.equal(code, 0)
    assert.equal(parseLines(stdout).length, CONVERSATION.length)
    assert.match(stderr, /^The last line .* cut short .*\n$/)
  })

  it('says in one sentence what is wrong with a file', async () => {
    const { code, stdout, stderr } = await runCli(['replay', path.join(folder, 'nowhere.rtsession')])
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(stderr, /^There is no file .*\n$/)
  })

  for (const [what, args] of Object.entries({
    'an option for a live peer without one': ['--pace', 'answers'],
    'an invalid speed': ['--speed', 'fast'],
    'a URL of another scheme': ['--to', 'ftp://127.0.0.1/'],
    'two ways to pace': ['--to', 'ws://127.0.0.1/', '--pace', 'answers', '--speed', '2'],
  })) {
    it(`treats ${what} as wrong usage`, async () => {
      const { code, stderr } = await runCli(['replay', recorded(), ...args])
      assert.equal(code, 2, stderr)
      assert.match(stderr, /^error: .+\nUsage: realtime-inspector replay \[options\] FILE\n$/)
    })
  }

  it('does not overwrite the file that it plays', async () => {
    const file = recorded()
    const before = readFileSync(file)
    const link = `${file}.link`
    symlinkSync(file, link)
    for (const name of [file, link]) {
      const { code } = await runCli(['replay', file, '--save', name])
      assert.equal(code, 2)
      assert.deepEqual(readFileSync(file), before)
    }
  })

  describe('--to a live peer', () => {
    it('sends the messages with their timing, records a new session, and ends when everything is answered', async () => {
      const url = await serveWebSocket(capitals)
      const saved = path.join(folder, 'live.rtsession')
      const { code, stdout, stderr } = await runCli(['replay', recorded(), '--to', url, '--save', saved])
      assert.deepEqual([code, stderr], [0, ''])
      const lines = parseLines(stdout)
      const messages = lines.filter(({ type }) => type === 'message')
      assert.deepEqual(
        messages.map(({ direction, text }) => `${direction} ${text}`),
        ['out a', 'in A', 'out b', 'in B'],
      )
      const [a, , b] = messages.map(({ time }) => Number(time))
      const gap = (b ?? 0) - (a ?? 0)
      assert.ok(gap > 500, `${gap} ms`)
      assert.equal(lines.at(-1)?.type, 'close')
      assert.equal(readFileSync(saved, 'utf8'), stdout)
    })

    it('sends each message after as many answers as were recorded before it', async () => {
      const seen: string[] = []
      const url = await serveWebSocket((socket) => {
        socket.on('message', (data) => {
          seen.push(String(data))
          setTimeout(() => socket.send(String(data)), seen.length === 1 ? 900 : 0)
        })
      })
      const { code, stdout } = await runCli(['replay', recorded(), '--to', url, '--pace', 'answers'])
      assert.equal(code, 0)
      const times = parseLines(stdout)
        .filter(({ type }) => type === 'message')
        .map(({ direction, time }) => [direction, Number(time)] as const)
      assert.deepEqual(
        times.map(([direction]) => direction),
        ['out', 'in', 'out', 'in'],
      )
      assert.ok((times[2]?.[1] ?? 0) >= (times[1]?.[1] ?? 0))
    })

    it('fails if the peer does not answer, cannot be reached, or closes before everything is sent', async () => {
      const file = recorded()
      const silent = await serveWebSocket(() => {})
      const unanswered = await runCli([
        'replay',
        file,
        '--to',
        silent,
        '--pace',
        'answers',
        '--patience',
        '0.3',
      ])
      assert.equal(unanswered.code, 1)
      assert.match(unanswered.stderr, /^The peer sent 0 messages, but 1 were recorded .*\n$/)
      const refused = await runCli(['replay', file, '--to', `ws://127.0.0.1:${await refusedPort()}/`])
      assert.equal(refused.code, 1)
      assert.match(refused.stderr, /refused the connection/)
      const leaving = await serveWebSocket((socket) => socket.on('message', () => socket.close(1000)))
      const left = await runCli(['replay', file, '--to', leaving])
      assert.equal(left.code, 1)
      assert.match(left.stderr, /ended after 1 of the 2 messages were sent/)
    })

    it('offers the recorded subprotocols and headers, without secrets', async () => {
      const [connect, open] = opened()
      assert.ok(connect?.type === 'connect' && open)
      const file = writeSession(folder, 'spec.rtsession', [
        {
          ...connect,
          subprotocols: ['chat', '***'],
          headers: { 'X-Room': '7', Authorization: 'Bearer abc', Cookie: '***', 'X-Mine': 'old' },
        },
        open,
        message(5, 'a', out),
      ])
      let asked: Record<string, unknown> = {}
      const url = await serveWebSocket(() => {}, {
        verifyClient: ({ req }: { req: { headers: Record<string, unknown> } }) => {
          asked = req.headers
          return true
        },
      })
      const { code } = await runCli(['replay', file, '--to', url, '-H', 'X-Mine: new', '--speed', 'max'])
      assert.equal(code, 0)
      assert.equal(asked['sec-websocket-protocol'], 'chat')
      assert.deepEqual(
        [asked['x-room'], asked['x-mine'], asked.authorization, asked.cookie],
        ['7', 'new', undefined, undefined],
      )
    })

    it('keeps the recorded specification, unless an option says otherwise', async () => {
      const [connect, open] = opened()
      assert.ok(connect?.type === 'connect' && open)
      const file = writeSession(folder, 'spec.rtsession', [
        {
          ...connect,
          reconnect: 'never',
          maxAttempts: 3,
          timeout: 4000,
          maxMessageSize: 1000,
          compression: false,
        },
        open,
        message(5, 'a', out),
      ])
      let connections = 0
      const url = await serveWebSocket((socket) => {
        connections++
        socket.on('message', () => socket.close(1001))
      })
      const replay = async (...args: string[]) => {
        const { stdout } = await runCli(['replay', file, '--to', url, '--speed', 'max', ...args])
        return parseLines(stdout)
      }
      const kept = await replay()
      const names = ['reconnect', 'maxAttempts', 'timeout', 'maxMessageSize', 'compression']
      assert.deepEqual(
        names.map((name) => kept[1]?.[name]),
        ['never', 3, 4000, 1000, false],
      )
      assert.deepEqual([connections, kept.some(({ type }) => type === 'reconnect')], [1, false])
      const forced = await replay('--reconnect', '10', '--timeout', '5000')
      assert.deepEqual([forced[1]?.reconnect, forced[1]?.timeout], [10, 5000])
    })

    it('opens all connections at their times, and one alone with --connection', async () => {
      const on = (connection: number) => ({ ...out, connection })
      const file = writeSession(folder, 'several.rtsession', [
        ...opened(1, 0, 'ws://localhost:8080/first'),
        message(50, 'a', on(1)),
        message(60, 'A', { connection: 1 }),
        ...opened(2, 800, 'ws://localhost:8080/second?room=7&token=abc'),
        message(850, 'b', on(2)),
        message(860, 'B', { connection: 2 }),
        ...opened(3, 900),
        message(905, 'only received', { connection: 3 }),
      ])
      const asked: (string | undefined)[] = []
      const url = await serveWebSocket(capitals, {
        verifyClient: ({ req }: { req: { url?: string } }) => asked.push(req.url) > 0,
      })
      const both = await runCli(['replay', file, '--to', `${url}new`])
      assert.equal(both.code, 0)
      assert.deepEqual(asked, ['/new', '/second?room=7'])
      const lines = parseLines(both.stdout)
      assert.deepEqual(
        lines.flatMap(({ type, connection, text }) => (type === 'message' ? `${connection} ${text}` : [])),
        ['1 a', '1 A', '2 b', '2 B'],
      )
      const [first, second] = lines.filter(({ type }) => type === 'connect').map(({ time }) => Number(time))
      const gap = (second ?? 0) - (first ?? 0)
      assert.ok(gap > 700, `${gap} ms`)
      assert.match(both.stderr, /^Connection 3 is not opened: .*\n.*left out of the URLs \(token\)\.\n$/)
      const one = await runCli(['replay', file, '--to', url, '--connection', '2', '--speed', 'max'])
      assert.deepEqual([one.code, one.stderr, asked.at(-1)], [0, '', '/'])
    })

    it('says which connection failed, and finishes the others', async () => {
      const on = (connection: number) => ({ ...out, connection })
      const file = writeSession(folder, 'several.rtsession', [
        ...opened(1, 0, 'ws://localhost:8080/first'),
        message(50, 'a', on(1)),
        message(60, 'A', { connection: 1 }),
        ...opened(2, 1, 'ws://localhost:8080/refused'),
        message(50, 'b', on(2)),
      ])
      const url = await serveWebSocket(capitals, {
        verifyClient: ({ req }: { req: { url?: string } }) => req.url !== '/refused',
      })
      const { code, stdout, stderr } = await runCli(['replay', file, '--to', url])
      assert.equal(code, 1)
      assert.match(stdout, /"text":"A"/)
      assert.match(stderr, /^Connection 2 of the recording: .*\b401\b.*\n$/)
    })

    it('has nothing to send if the session only received', async () => {
      const file = writeSession(folder, 'in.rtsession', [...opened(), message(5, 'a')])
      const { code, stderr } = await runCli(['replay', file, '--to', 'ws://127.0.0.1/'])
      assert.equal(code, 1)
      assert.match(stderr, /nothing to send/)
    })
  })
})
