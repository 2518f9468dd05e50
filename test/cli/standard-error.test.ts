import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import { cliTests, runCli } from '../support/cli.ts'
import { serveHttp, serveWebSocket } from '../support/loopback.ts'
import { tempDir } from '../support/temp-dir.ts'

const URL = 'ws://127.0.0.1:9/'
/** Terminal control sequences: sets the title, then a color. */
const ESCAPES = '\x1b]0;title\x07\x1b[31m\u202e\u009b'

/** Command lines that are refused, each with a secret in the wrong part. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'a header without a colon': ['connect', URL, '-H', 'Authorization Bearer S3CR3T'],
  'a header that cannot be sent': ['connect', URL, '-H', `Authorization: Bearer S3CR3T${ESCAPES}`],
  'a proxy of another scheme': ['connect', URL, '--proxy', 'htp://user:S3CR3T@proxy:3128'],
  'a URL without a scheme': ['connect', 'wss//user:S3CR3T@host/?token=S3CR3T'],
  'a URL of another scheme': ['connect', 'gopher://user:S3CR3T@host/?token=S3CR3T'],
  'an invalid subprotocol': ['connect', URL, '--subprotocol', 'bearer, S3CR3T'],
  'an invalid cursor': ['connect', URL, '--cursor', 'S3CR3T'],
  'an invalid method': ['connect', URL, '-X', 'Bearer S3CR3T'],
  'an invalid number': ['connect', URL, '--timeout', 'S3CR3T'],
  'an invalid choice': ['connect', URL, '--format', 'S3CR3T'],
  'an extra argument': ['connect', URL, `Authorization: S3CR3T${ESCAPES}`],
  'an unknown option': ['connect', URL, `--passwort=S3CR3T${ESCAPES}`],
  'an unknown short option': ['connect', URL, `-ZS3CR3T${ESCAPES}`],
  'an unknown command': [`connect?token=S3CR3T${ESCAPES}`],
  'an invalid live peer': ['replay', 'a.rtsession', '--to', 'wss//u:S3CR3T@h/'],
}

function assertHarmless(text: string): void {
  assert.ok(!text.includes('S3CR3T'), text)
  assert.doesNotMatch(text, /[^\P{C}\n]/u)
}

describe('standard error', () => {
  cliTests()

  for (const [what, args] of Object.entries(REFUSED))
    it(`has no secret of ${what}, and no terminal control character`, async () => {
      const { code, stderr } = await runCli(args)
      assert.equal(code, 2, stderr)
      assert.match(stderr, /^error: .+\nUsage: /)
      assertHarmless(stderr)
    })

  it('masks what a refusal quotes', async () => {
    const url = await serveHttp((request, response) => {
      response.writeHead(403, { 'content-type': 'text/plain' })
      response.end(
        `No access for http://${request.headers.host}${request.url}; see http://u:S3CR3T@in/ ${ESCAPES}`,
      )
    })
    for (const target of [url, url.replace('http', 'ws')]) {
      const file = path.join(tempDir(), 'refused.rtsession')
      const { code, stdout, stderr } = await runCli([
        ...['connect', `${target}?token=S3CR3T`, '--save', file, '--format', 'pretty'],
      ])
      assert.equal(code, 1)
      assert.match(stderr, /No access for .*token=\*\*\*/)
      assertHarmless(stderr)
      assertHarmless(stdout)
      assert.ok(!(await readFile(file, 'utf8')).includes('S3CR3T'))
    }
  })

  it('masks the reason of a close, also in what is printed and saved', async () => {
    const url = await serveWebSocket((socket) => socket.close(4401, `expired, token=S3CR3T ${ESCAPES}`))
    for (const format of ['pretty', 'jsonl']) {
      const file = path.join(tempDir(), 'closed.rtsession')
      const args = ['connect', url, '--reconnect', 'never', '--save', file, '--format', format]
      const { stdout, stderr } = await runCli(args)
      assert.match(stdout, /expired, token=\*\*\*/)
      assertHarmless(stderr)
      assert.ok(!stdout.includes('S3CR3T'), stdout)
      if (format === 'pretty') assertHarmless(stdout)
      assert.ok(!(await readFile(file, 'utf8')).includes('S3CR3T'))
    }
  })

  it('is written by one file', async () => {
    const root = path.resolve(import.meta.dirname, '../../src')
    // Not the name alone: curl and Docker have parameters that are called so.
    const use = /\bprocess\.stderr\b|\bstderr\.|\bstderr\s*\}\s*=|\bimport\s*\{[^}]*\bstderr\b|\bconsole\./
    const writers: string[] = []
    for await (const file of glob('**/*.ts', { cwd: root }))
      if (use.test(await readFile(path.join(root, file), 'utf8'))) writers.push(file)
    assert.deepEqual(writers, [path.join('cli', 'standard-error.ts')])
  })
})
