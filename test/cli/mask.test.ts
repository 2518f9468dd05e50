import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { cliTests, type Line, parseLines, runCli } from '../support/cli.ts'
import { serveHttp, serveWebSocket } from '../support/loopback.ts'
import { tempDir } from '../support/temp-dir.ts'

function unmet(mask: string): string {
  return `No payload has a field for --mask ${mask}; check the name or the path.\n`
}

describe('--mask', () => {
  cliTests()
  let folder: string
  beforeEach(() => {
    folder = tempDir()
  })

  /** Answers a login with a token, then sends many messages at once, each with a token. */
  const login = () =>
    serveWebSocket((socket) => {
      socket.on('message', () => {
        for (let n = 0; n < 500; n++) socket.send(`42["tick",{"token":"S3CR3T${n}","n":${n}}]`)
        socket.close(1000)
      })
    })

  const messages = (text: string): Line[] => parseLines(text).filter(({ type }) => type === 'message')

  for (const mask of ['TOKEN', '$[1].token'])
    it(`masks ${mask} in what is printed and saved, and nothing else`, async () => {
      const file = path.join(folder, 'a.rtsession')
      const sent = '{"password":"S3CR3T","room":7}'
      const args = [
        'connect',
        await login(),
        '--send',
        sent,
        '--save',
        file,
        '--mask',
        mask,
        '--mask',
        'password',
      ]
      const { code, stdout, stderr } = await runCli(args)
      assert.deepEqual([code, stderr], [0, ''])
      for (const text of [stdout, await readFile(file, 'utf8')]) {
        assert.ok(!text.includes('S3CR3T'))
        const [out, first, ...more] = messages(text)
        assert.equal(out?.text, '{"password":"***","room":7}')
        assert.deepEqual([out?.masked, out?.originalSize], [true, sent.length])
        assert.equal(first?.text, '42["tick",{"token":"***","n":0}]')
        assert.equal(more.length, 499)
      }
    })

  it('masks it in the pretty format', async () => {
    const args = ['connect', await login(), '--send', '{}', '--format', 'pretty', '--mask', 'token']
    const { stdout } = await runCli(args)
    assert.match(stdout, /↓ text .*42\["tick",\{"token":"\*\*\*","n":0\}\]/)
    assert.ok(!stdout.includes('S3CR3T'))
  })

  it('masks it in request bodies, events and forms', async () => {
    const url = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end('event: tick\ndata: {"pin":"S3CR3T",\ndata: "n":1}\n\ndata: pin=S3CR3T&n=2\n\n')
    })
    const args = ['connect', url, '-d', 'pin=S3CR3T&n=0', '--mask', 'pin', '--reconnect', 'never']
    const { stdout } = await runCli(args)
    assert.ok(!stdout.includes('S3CR3T'), stdout)
    assert.equal(parseLines(stdout)[1]?.body, 'pin=***&n=0')
    assert.deepEqual(
      messages(stdout).map(({ text }) => text),
      ['{"pin":"***",\n"n":1}', 'pin=***&n=2'],
    )
  })

  it('masks it in every format that convert writes', async () => {
    const file = path.join(folder, 'a.rtsession')
    await runCli(['connect', await login(), '--send', '{"password":"S3CR3T"}', '--save', file])
    assert.ok((await readFile(file, 'utf8')).includes('S3CR3T'), 'unless asked, payloads stay as they are')
    for (const extension of ['rtsession', 'har', 'csv', 'ndjson']) {
      const to = path.join(folder, `b.${extension}`)
      const { code, stderr } = await runCli(['convert', file, to, '--mask', 'token', '--mask', '$.password'])
      assert.deepEqual([code, stderr], [0, 'Written as ***: $.password, token.\n'])
      const written = await readFile(to, 'utf8')
      assert.ok(!written.includes('S3CR3T'), extension)
      assert.ok(written.includes('***'))
    }
  })

  it('says if nothing matched', async () => {
    const file = path.join(folder, 'a.rtsession')
    const args = ['connect', await login(), '--send', '{}', '--format', 'none', '--save', file]
    const { code, stderr } = await runCli([
      ...args,
      '--mask',
      '$.tokn',
      '--mask',
      'token',
      '--mask',
      'pasword',
    ])
    assert.equal(code, 0)
    assert.equal(stderr, `${unmet('$.tokn')}${unmet('pasword')}`)
    const converted = await runCli(['convert', file, path.join(folder, 'b.csv'), '--mask', '$.tokn'])
    assert.equal(converted.stderr, unmet('$.tokn'))
  })

  it('refuses an invalid path', async () => {
    const { code, stderr } = await runCli(['connect', 'ws://127.0.0.1:9/', '--mask', '$.['])
    assert.equal(code, 2)
    assert.match(stderr, /^error: The mask \$\.\[ begins with \$ and is not a JSONPath: .*\nUsage: /)
  })
})
