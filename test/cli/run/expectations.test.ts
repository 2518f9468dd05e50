import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cliTests, runCli } from '../../support/cli.ts'
import { serveHttp, serveWebSocket } from '../../support/loopback.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { writeFiles } from './shop.ts'

/** A server that greets, and says what it hears. */
function serveEcho(): Promise<string> {
  return serveWebSocket((socket) => {
    socket.send('{"type":"hello","seq":1}')
    socket.on('message', (data: Buffer) => socket.send(`{"type":"echo","of":${data.toString()}}`))
  })
}

describe('expectations of run', () => {
  cliTests()

  /** The file is `a.http` in what is said. */
  async function run(requests: string, ...args: readonly string[]) {
    const folder = await writeFiles({ 'a.http': requests })
    const file = join(folder, 'a.http')
    const ended = await runCli(['run', file, '--format', 'none', ...args])
    return { ...ended, stderr: ended.stderr.replaceAll(file, 'a.http') }
  }

  it('that hold pass, without a word', async () => {
    const { code, stdout, stderr } = await run(`
WEBSOCKET ${await serveEcho()}

7
=== wait-for-server

?? status == 101
?? $.type == "echo" within 20s
?? $.type == "hello" at least 1
?? no type:error
?? close == 1000
`)
    assert.deepEqual([code, stdout, stderr], [0, '', ''])
  })

  it('that fail are said with their place and what came instead, and in the JUnit report', async () => {
    const junitFile = join(tempDir(), 'junit.xml')
    const { code, stderr } = await run(
      `### Chat
WEBSOCKET ${await serveEcho()}

7
=== wait-for-server

?? $.type == "echo"
?? $.type == "nothing" within 0.3s
`,
      '--junit',
      junitFile,
    )
    assert.deepEqual(
      [code, stderr],
      [
        1,
        'a.http:8:4: Chat: Expected $.type == "nothing" within 0.3s: none in 300 ms. Came instead: hello, echo.\n1 of 2 expectations held.\n',
      ],
    )
    const junit = await readFile(junitFile, 'utf8')
    assert.match(junit, /tests="3" failures="1"/)
    assert.match(junit, /<testcase name="Chat: \$\.type == &quot;echo&quot;"[^>]*line="7"[^>]*\/>/)
    assert.match(junit, /line="8"[^>]*><failure message="Expected [^"]*Came instead: hello, echo\."/)
  })

  it('end a stream that does not end by itself once they are decided', async () => {
    const url = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('event: tick\ndata: 1\n\nevent: tick\ndata: 2\n\n')
    })
    const { code, stderr } = await run(`SSE ${url}\n\n?? event:tick at least 2\n`)
    assert.deepEqual([code, stderr], [0, ''])
  })

  it('have variables, and stay apart from what other tools check', async () => {
    const { code, stderr } = await run(`@kind = hello
WEBSOCKET ${await serveEcho()}

7
=== wait-for-server

?? $.type == "{{kind}}"
?? body $.type == "hello"
`)
    assert.equal(code, 0)
    assert.match(stderr, /^a\.http:8:4: warning: "body .*assertion of httpYac[^\n]*\n$/)
  })

  it('that are wrong are pointed at before anything is opened', async () => {
    const { code, stderr } = await run('WEBSOCKET ws://127.0.0.1:1/\n\n?? foo( within 2s\n')
    assert.equal(code, 2)
    assert.match(stderr, /^a\.http:3:4: error: The filter of "foo\( within 2s" is not valid/)
  })

  it('of the command line are judged for each request', async () => {
    const { code, stderr } = await run(
      `WEBSOCKET ${await serveEcho()}\n\n7\n`,
      '--expect',
      '$.seq == 2 within 0.2',
    )
    assert.equal(code, 1)
    assert.match(stderr, /Expected \$\.seq == 2 within 0\.2: none in 200 ms\./)
  })
})

describe('expectations of connect', () => {
  cliTests()

  it('end the connection once they are decided', async () => {
    const { code, stderr } = await runCli([
      ...['connect', await serveEcho(), '--send', '7', '--format', 'none'],
      ...['--expect', '$.of == 7 within 20', '--expect', 'status == 101'],
    ])
    assert.deepEqual([code, stderr], [0, ''])
  })

  it('that fail make the command fail, also at the end of its time', async () => {
    const url = await serveEcho()
    const { code, stderr } = await runCli([
      ...['connect', url, '--format', 'none', '--duration', '0.3', '--expect', '"nothing"'],
    ])
    assert.deepEqual([code, stderr], [1, 'Expected "nothing": none before it ended. Came instead: hello.\n'])
  })

  it('are judged for a connection that never opens, too', async () => {
    const { code, stderr } = await runCli([
      ...['connect', 'ws://127.0.0.1:1/', '--format', 'none', '--expect', '"hello" within 5'],
    ])
    assert.equal(code, 1)
    assert.match(stderr, /refused[^\n]*\nExpected "hello" within 5: none before it ended\.\n$/)
  })

  it('that are wrong are wrong usage', async () => {
    const { code, stderr } = await runCli(['connect', 'ws://127.0.0.1:1/', '--expect', 'gap p95 < 1'])
    assert.equal(code, 2)
    assert.match(stderr, /compares a figure, but not as in/)
  })
})
