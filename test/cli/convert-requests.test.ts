import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { cliTests, runCli, startCli } from '../support/cli.ts'
import { serveHttp } from '../support/loopback.ts'
import { message, opened } from '../support/recording.ts'
import { writeSession } from '../support/recording-file.ts'
import { tempDir } from '../support/temp-dir.ts'

const hasCurl = spawnSync('curl', ['--version']).status === 0

/** Headers that each client sets in its own way unless they are given. */
const OWN = new Set([
  'user-agent',
  'accept',
  'accept-encoding',
  'connection',
  'host',
  'expect',
  'cache-control',
])

describe('convert to requests', () => {
  cliTests()
  let folder: string
  beforeEach(() => {
    folder = tempDir()
  })
  const to = (name: string) => path.join(folder, name)

  it('makes requests that a server sees as it sees those of curl', async function () {
    if (!hasCurl) this.skip()
    const seen: unknown[] = []
    const url = await serveHttp((request, response) => {
      void textOf(request).then((body) => {
        const headers = Object.entries(request.headers).filter(
          ([name]) => !OWN.has(name) || (name === 'user-agent' && request.headers['x-all'] !== undefined),
        )
        seen.push({ method: request.method, url: request.url, headers: Object.fromEntries(headers), body })
        response.end('ok')
      })
    })
    writeFileSync(to('data.json'), '{"from":"a file"}\n')
    const script = [
      `curl '${url}a?b=%20c' -H 'X-Quote: it'\\''s "q"' -d 'a=1&b=two words' -d c=é`,
      `curl -X PUT "${url}json" --json '{"a": [1, "{{b}}"]}' -H "X-Empty;" -u ada:hunter2`,
      `curl -G ${url}search --data-urlencode "q=a-b_c" -b 'x=1; y=2' -e http://ref/ -A agent -H X-All:1`,
      `curl --data-binary @${to('data.json')} -H 'Content-Type: text/plain' ${url}file -s`,
      `curl --data-raw $'line 1\\n### line 2\\r\\n\\'@file\\'' -H 'Content-Type: text/plain; charset=utf-8' '${url}raw#f'`,
      `curl -X DELETE ${url}x --compressed -k -sS`,
    ].join('\n')
    writeFileSync(to('script.sh'), script)
    await promisify(execFile)('bash', [to('script.sh')])
    const expected = seen.splice(0)
    const converted = await runCli(['convert', to('script.sh'), to('x.http')])
    assert.deepEqual([converted.code, converted.stdout], [0, ''])
    const http = readFileSync(to('x.http'), 'utf8')
    const names = [...http.matchAll(/\$secret (\w+)/g)].map(([, name = '']) => name)
    assert.match(converted.stderr, /^The values of secrets were not written: /)
    assert.ok(!http.includes('hunter2') && !http.includes('YWRhOmh1bnRlcjI='))
    const values = { PASSWORD: 'hunter2', COOKIE: 'x=1; y=2' }
    writeFileSync(
      to('secrets.env'),
      Object.entries(values)
        .map(([name, value]) => `${name}="${value}"`)
        .join('\n'),
      { mode: 0o600 },
    )
    assert.deepEqual([...new Set(names)].sort(), Object.keys(values).sort())
    const run = await runCli(['run', to('x.http'), '--secrets', to('secrets.env'), '--format', 'none'])
    assert.equal(run.code, 0, run.stderr)
    assert.deepEqual(seen, expected)
  })

  it('reads standard input, and folders', async () => {
    const cli = await startCli(['convert', '-', to('a.http')])
    cli.child.stdin?.end('curl ws://localhost:1/a -H "Origin: x"\n')
    const { code, stderr } = await cli.ended
    assert.deepEqual([code, stderr], [0, ''])
    const expected = '### localhost:1/a\nWEBSOCKET ws://localhost:1/a\nOrigin: x\n'
    assert.equal(readFileSync(to('a.http'), 'utf8'), expected)
    mkdirSync(to('many/inner'), { recursive: true })
    writeFileSync(to('many/inner/b.sh'), 'curl http://b/')
    writeFileSync(to('many/a.sh'), 'curl http://a/ -F x=y')
    writeFileSync(to('many/readme.md'), 'Nothing to import.')
    const folders = await runCli(['convert', to('many'), to('a.http')])
    assert.equal(
      folders.stderr,
      'a/: Multipart forms (-F) are not imported; write the body with the type multipart/form-data.\n',
    )
    assert.match(
      readFileSync(to('a.http'), 'utf8'),
      /### a\/\n[\s\S]*GET http:\/\/a\/\n\n### b\/\nGET http:\/\/b\//,
    )
  })

  it('reads the requests of a session and of a HAR, with their messages', async () => {
    const session = writeSession(folder, 'a.rtsession', [
      ...opened(1, 0, 'ws://localhost/chat?token=t0ken'),
      message(20, '{"type":"hello","user":"ada"}', { direction: 'out' }),
      message(30, '{"type":"welcome"}'),
      message(40, '{{not a variable}}', { direction: 'out' }),
      { type: 'close', connection: 1, time: 50, code: 1000, by: 'server' },
    ])
    const { code } = await runCli(['convert', session, to('a.http')])
    assert.equal(code, 0)
    const text = readFileSync(to('a.http'), 'utf8')
    assert.match(
      text,
      /WEBSOCKET ws:\/\/localhost\/chat\?token=\{\{\$secret TOKEN\}\}\n\n# @message hello\n\{"type":"hello","user":"ada"\}\n=== wait-for-server\n\{\{\$braces\}\}not a variable\}\}\n/,
    )
    assert.equal((await runCli(['convert', session, to('a.har')])).code, 0)
    assert.equal((await runCli(['convert', to('a.har'), to('b.http')])).code, 0)
    assert.equal(readFileSync(to('b.http'), 'utf8'), text)
  })

  it('says what it cannot read, and leaves an existing file', async () => {
    writeFileSync(to('old.http'), 'GET http://old/\n')
    writeFileSync(to('x.txt'), 'Nothing to import.')
    for (const [from, code, sentence] of [
      [to('x.txt'), 1, /x\.txt is not of a kind that can be imported: .*\n/],
      [to('none'), 2, /none cannot be read: no such file or directory/],
    ] as const) {
      const result = await runCli(['convert', from, to('old.http')])
      assert.equal(result.code, code)
      assert.match(result.stderr, sentence)
    }
    assert.equal(readFileSync(to('old.http'), 'utf8'), 'GET http://old/\n')
  })
})
