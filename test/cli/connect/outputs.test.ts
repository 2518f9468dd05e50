import assert from 'node:assert/strict'
import { lstat, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { WebSocket } from 'ws'
import { cliTests, parseLines, runCli, startCli } from '../../support/cli.ts'
import { serveWebSocket } from '../../support/loopback.ts'
import { tempDir } from '../../support/temp-dir.ts'

const SECRETS = ['hunter2', 'c00kie', 't0ken', 'url-passw0rd', 'set-c00kie']

/** Sends every kind of payload, then closes. */
function varied(socket: WebSocket): void {
  socket.send('text')
  socket.send(Buffer.from([0xff, 0xfe, 0x00]))
  socket.send('\x1b]0;owned\x07 línea\nnext')
  socket.ping('beat')
  socket.on('pong', () => socket.close(1000, 'done'))
}

describe('what connect prints and saves', () => {
  cliTests()
  let folder: string

  beforeEach(() => {
    folder = tempDir()
  })

  it('is the session file, line for line, in jsonl, the default for a pipe', async () => {
    const url = await serveWebSocket(varied)
    const file = path.join(folder, 'a.rtsession')
    const { code, stdout } = await runCli(['connect', url, '--save', file])
    assert.equal(code, 0)
    assert.equal(await readFile(file, 'utf8'), stdout)
    const [first, connect] = parseLines(stdout)
    assert.deepEqual(
      [first?.type, first?.version, Date.parse(String(first?.startedAt)) > 0],
      ['session', 1, true],
    )
    assert.match(String(first?.generator), /^realtime-inspector \d+\.\d+\.\d+$/)
    assert.deepEqual(
      [connect?.type, connect?.connection, connect?.attempt, connect?.url],
      ['connect', 1, 0, url],
    )
    const payloads = parseLines(stdout).filter(({ type }) => type === 'message')
    assert.deepEqual(
      payloads.map(({ text, base64, size }) => [text ?? base64, size]),
      [
        ['text', 4],
        ['//4A', 3],
        ['\x1b]0;owned\x07 línea\nnext', 22],
      ],
    )
  })

  it('is written at once, one event at a time', async () => {
    const url = await serveWebSocket((socket) => {
      socket.send('first')
      socket.on('message', () => socket.send('second'))
    })
    const cli = await startCli(['connect', url, '-i'])
    await cli.line('message', ({ text }) => text === 'first')
    cli.type('go on\n')
    await cli.line('message', ({ text }) => text === 'second')
  })

  it('is nothing with --format none, and the file is complete', async () => {
    const url = await serveWebSocket(varied)
    const file = path.join(folder, 'b.rtsession')
    const { code, stdout, stderr } = await runCli(['connect', url, '--format', 'none', '--save', file])
    assert.deepEqual([code, stdout, stderr], [0, '', ''])
    const lines = parseLines(await readFile(file, 'utf8'))
    assert.equal(lines[0]?.type, 'session')
    assert.equal(lines.at(-1)?.type, 'close')
  })

  it('overwrites an existing file', async () => {
    const url = await serveWebSocket(varied)
    const file = path.join(folder, 'c.rtsession')
    await writeFile(file, 'old\n'.repeat(10_000))
    await runCli(['connect', url, '--format', 'none', '--save', file])
    assert.equal(parseLines(await readFile(file, 'utf8'))[0]?.type, 'session')
  })

  it('is readable only by its owner with --reveal; an existing file keeps its mode, and a link its target', async () => {
    const url = await serveWebSocket(varied)
    const [fresh, linked, real] = ['f', 'g', 'h'].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ]
    await writeFile(real, 'old', { mode: 0o640 })
    await symlink('h', linked)
    for (const file of [fresh, linked])
      await runCli(['connect', url, '--format', 'none', '--reveal', 'token', '--save', file])
    assert.equal((await stat(fresh)).mode & 0o777, 0o600)
    assert.ok((await lstat(linked)).isSymbolicLink())
    assert.equal((await stat(real)).mode & 0o777, 0o640)
    assert.equal(parseLines(await readFile(real, 'utf8'))[0]?.type, 'session')
  })

  it('fails before it connects if the file cannot be written', async () => {
    let connections = 0
    const url = await serveWebSocket(() => connections++)
    for (const file of [folder, path.join(folder, 'missing/d.rtsession')]) {
      const { code, stdout, stderr } = await runCli(['connect', url, '--save', file])
      assert.deepEqual([code, stdout], [1, ''])
      assert.ok(stderr.includes(file) && stderr.split('\n').length === 2, stderr)
    }
    assert.equal(connections, 0)
  })

  it('fails with a sentence, and disconnects, if the disk fills up', async function () {
    // /dev/full is a device that is always full.
    if (process.platform !== 'linux') this.skip()
    const url = await serveWebSocket((socket) => socket.send('x'))
    const { code, stderr } = await runCli(['connect', url, '--format', 'none', '--save', '/dev/full'])
    assert.equal(code, 1)
    assert.match(stderr, /^The disk is full[^\n]*\n$/)
  })

  describe('with secrets', () => {
    const withSecrets = async () => {
      const url = await serveWebSocket(varied)
      const secretUrl = `${url.replace('://', '://user:url-passw0rd@')}?access_token=t0ken&room=7`
      return [
        'connect',
        secretUrl,
        '-H',
        'Authorization: Bearer hunter2',
        '-H',
        'Cookie: sid=c00kie',
        '-H',
        'X-Plain: shown',
      ]
    }

    for (const format of ['jsonl', 'pretty']) {
      it(`masks them in ${format} and in the file`, async () => {
        const file = path.join(folder, 'e.rtsession')
        const { code, stdout, stderr } = await runCli([
          ...(await withSecrets()),
          '--format',
          format,
          '--save',
          file,
        ])
        assert.equal(code, 0, stderr)
        const saved = await readFile(file, 'utf8')
        for (const secret of SECRETS) assert.ok(!`${stdout}${saved}${stderr}`.includes(secret), secret)
        assert.ok(saved.includes('***') && saved.includes('shown') && saved.includes('room=7'))
      })
    }

    it('reveals only the secrets named with --reveal', async () => {
      const args = [...(await withSecrets()), '--reveal', 'authorization', '--reveal', 'access_token']
      const { stdout } = await runCli(args)
      assert.ok(stdout.includes('Bearer hunter2') && stdout.includes('access_token=t0ken'))
      assert.ok(!stdout.includes('c00kie') && !stdout.includes('url-passw0rd'))
    })

    it('masks them in the sentence about a failure', async () => {
      const { code, stderr } = await runCli(['connect', 'ws://user:url-passw0rd@127.0.0.1:1/?token=t0ken'])
      assert.equal(code, 1)
      for (const secret of SECRETS) assert.ok(!stderr.includes(secret), stderr)
    })
  })

  describe('in pretty', () => {
    it('is one line for each event, without colors in a pipe', async () => {
      const url = await serveWebSocket(varied)
      const { stdout } = await runCli(['connect', url, '--format', 'pretty'])
      const lines = stdout.trimEnd().split('\n')
      assert.deepEqual(
        lines.map((line) => /^ +\d+\.\d{3} (\S \w+)/.exec(line)?.[1]),
        ['○ connect', '● open', '↓ text', '↓ binary', '↓ text', '↓ ping', '↑ pong', '○ close'],
      )
      assert.match(stdout, /↓ binary +3 B {2}ff fe 00/)
      assert.match(stdout, /␛\]0;owned␇ línea␊next/)
      assert.doesNotMatch(stdout.replaceAll('\n', ''), /\p{Cc}/u)
    })

    it('shows the attempt, delay and reason of a reconnect', async () => {
      let connections = 0
      const url = await serveWebSocket((socket) => {
        connections++
        if (connections === 1) socket.terminate()
        else socket.close(1000)
      })
      const args = ['--format', 'pretty', '--reconnect', '20', '--color']
      const { code, stdout } = await runCli(['connect', url, ...args])
      assert.equal(code, 0)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: bold yellow is what it looks for
      assert.match(stdout, /\x1b\[33m↻ reconnect\S* \S*attempt 1 in 20 ms: connection lost/)
    })

    it('has colors as --color, --no-color, FORCE_COLOR and NO_COLOR say', async () => {
      const url = await serveWebSocket(varied)
      const colored = async (args: readonly string[], env: Record<string, string> = {}) =>
        (await runCli(['connect', url, '--format', 'pretty', ...args], { env })).stdout.includes('\x1b[')
      assert.equal(await colored([]), false)
      assert.equal(await colored(['--color']), true)
      assert.equal(await colored([], { FORCE_COLOR: '1', TERM: 'dumb' }), true)
      assert.equal(await colored([], { FORCE_COLOR: '1', NO_COLOR: '1' }), false)
      assert.equal(await colored(['--no-color'], { FORCE_COLOR: '1' }), false)
    })
  })
})
