import assert from 'node:assert/strict'
import { join } from 'node:path'
import { cliTests, type Line, parseLines, runCli } from '../../support/cli.ts'
import { serveWebSocket } from '../../support/loopback.ts'
import { writeFiles } from './shop.ts'

function sent(lines: readonly Line[]): unknown[] {
  return lines
    .filter(({ type, direction }) => type === 'message' && direction === 'out')
    .map(({ text, automatic }) => [text, automatic])
}

/** Greets with a token, welcomes who sends it, and pings with the number of each other message. */
function serveGreeter(): Promise<string> {
  return serveWebSocket((socket) => {
    let count = 0
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      socket.send(text === 'join tkn-77aa' ? '{"welcome":"ada"}' : `{"ping":${++count}}`)
    })
    socket.send('{"token":"tkn-77aa"}')
  })
}

describe('rules of a request that is run', () => {
  cliTests()

  async function run(requests: string, ...args: readonly string[]) {
    const folder = await writeFiles({ 'a.http': requests })
    const file = join(folder, 'a.http')
    const ended = await runCli(['run', file, ...args])
    return { ...ended, stderr: ended.stderr.replaceAll(file, 'a.http') }
  }

  it('set variables, answer, mark, and disconnect', async () => {
    const { code, stdout, stderr } = await run(
      `@who = me
# @on $.token => @set token = $.token
# @on $.welcome => {"from":"{{who}}","to":"{{$.welcome}}"}
# @on $.ping == 1 => @mark {{who}} was pinged
# @on $.ping == 1 => @disconnect 4002 enough of {{$.ping}}
# @expect $.welcome
# @expect close == 4002
WEBSOCKET ${await serveGreeter()}

join {{token}}
=== wait-for-server
=== wait-for-server
`,
      '--format',
      'jsonl',
    )
    assert.deepEqual([code, stderr], [0, ''])
    assert.doesNotMatch(stdout, /tkn-77aa/)
    const lines = parseLines(stdout)
    assert.deepEqual(sent(lines), [
      ['join ********', undefined],
      ['{"from":"me","to":"ada"}', 'rule'],
    ])
    const mark = lines.find(({ type }) => type === 'mark')
    assert.deepEqual([mark?.text, mark?.rule], ['me was pinged', '$.ping == 1 => @mark {{who}} was pinged'])
    const close = lines.find(({ type }) => type === 'close')
    assert.deepEqual(
      [close?.by, close?.rule],
      ['client', '$.ping == 1 => @disconnect 4002 enough of {{$.ping}}'],
    )
  })

  it('say what they could not do, and go on', async () => {
    const { code, stdout, stderr } = await run(
      `# @on tkn => {{$.missing}}
# @on tkn => hello
# @on $.ping => @disconnect
WEBSOCKET ${await serveGreeter()}
`,
      '--format',
      'jsonl',
    )
    assert.deepEqual(
      [code, stderr],
      [0, 'Rule "tkn": The rule did nothing with a message, because it has no value at $.missing.\n'],
    )
    assert.deepEqual(sent(parseLines(stdout)), [['hello', 'rule']])
  })

  it('fail the request if they cannot be used', async () => {
    const { code, stderr } = await run(`# @name a
# @on is:unanswered => hello
WEBSOCKET ${await serveGreeter()}
`)
    assert.equal(code, 1)
    assert.match(stderr, /^a: A rule cannot look for is:unanswered/)
  })

  it('and a keep-alive message keep a connection alive', async () => {
    const { code, stdout, stderr } = await run(
      `@beat = heart
# @keep-alive 0.1 s => {{beat}} {{$counter}}
# @on $.ping == 2 => @disconnect
WEBSOCKET ${await serveGreeter()}
`,
      '--format',
      'jsonl',
    )
    assert.deepEqual([code, stderr], [0, ''])
    assert.deepEqual(sent(parseLines(stdout)).slice(0, 2), [
      ['heart 1', 'keep-alive'],
      ['heart 2', 'keep-alive'],
    ])
  })
})
