import assert from 'node:assert/strict'
import type { WebSocket } from 'ws'
import { cliTests, type Line, parseLines, runCli, startCli } from '../../support/cli.ts'
import { serveWebSocket } from '../../support/loopback.ts'

function sent(lines: readonly Line[]): unknown[] {
  return lines
    .filter((line) => line.type === 'message' && line.direction === 'out')
    .map(({ text, automatic }) => [text, automatic])
}

/** A server that sends texts, waits for an answer to each, and then closes. */
function asking(...texts: string[]): Promise<string> {
  return serveWebSocket((socket) => {
    const left = [...texts]
    const next = () => {
      const text = left.shift()
      if (text === undefined) socket.close(1000)
      else socket.send(text)
    }
    socket.on('message', next)
    next()
  })
}

describe('rules of connect', () => {
  cliTests()

  it('insert numbers with every digit, alone and within an object', async () => {
    const url = await asking('{"id":12345678901234567890,"deep":{"price":1.10}}')
    const { code, stdout, stderr } = await runCli([
      ...['connect', url, '--reconnect', 'never', '--on', '$.id => {"id":{{$.id}},"deep":{{$.deep}}}'],
    ])
    assert.deepEqual([code, stderr], [0, ''])
    assert.deepEqual(sent(parseLines(stdout)), [
      ['{"id":12345678901234567890,"deep":{"price":1.10}}', 'rule'],
    ])
  })

  it('insert a text as JSON in the place of a JSON value', async () => {
    const url = await asking('{"id":"a\\"b"}')
    const { code, stdout, stderr } = await runCli([
      ...['connect', url, '--reconnect', 'never', '--on', '$.id => {"id":{{$.id}},"again":"{{$.id}}"}'],
    ])
    assert.deepEqual([code, stderr], [0, ''])
    assert.deepEqual(sent(parseLines(stdout)), [['{"id":"a\\"b","again":"a\\"b"}', 'rule']])
  })

  it('answer what a filter finds, with values of the message, also inside strings of JSON', async () => {
    const url = await asking(
      '{"type":"ping","id":7}',
      '{"type":"ask","q":"a \\"b\\"\\n"}',
      '{"type":"ask","q":{"n":1}}',
    )
    const { code, stdout, stderr } = await runCli([
      ...['connect', url, '--reconnect', 'never'],
      ...['--on', '$.type == "ping" => {"type":"pong","id":{{$.id}}}'],
      ...['--on', '$.type == "ask" => {"you":"{{$.q}}"}'],
    ])
    assert.deepEqual([code, stderr], [0, ''])
    assert.deepEqual(sent(parseLines(stdout)), [
      ['{"type":"pong","id":7}', 'rule'],
      ['{"you":"a \\"b\\"\\n"}', 'rule'],
      ['{"you":"{\\"n\\":1}"}', 'rule'],
    ])
  })

  it('insert groups of the regular expression', async () => {
    const url = await asking('PING :abc def', 'PING :x')
    const { code, stdout } = await runCli([
      ...['connect', url, '--reconnect', 'never'],
      ...['--on', '/^PING :(\\w+)( \\w+)?$/ => PONG {{$1}}|{{$2}}|{{$0}}'],
    ])
    assert.equal(code, 0)
    assert.deepEqual(sent(parseLines(stdout)), [
      ['PONG abc| def|PING :abc def', 'rule'],
      ['PONG x||PING :x', 'rule'],
    ])
  })

  it('look at what the messages say in their protocol', async () => {
    const url = await asking('{"jsonrpc":"2.0","id":"a1","method":"sum","params":[1,2]}')
    const { code, stdout } = await runCli([
      ...['connect', url, '--reconnect', 'never'],
      ...['--on', 'kind:request name:sum => {"jsonrpc":"2.0","id":"{{$.id}}","result":3}'],
    ])
    assert.equal(code, 0)
    assert.deepEqual(sent(parseLines(stdout)), [['{"jsonrpc":"2.0","id":"a1","result":3}', 'rule']])
  })

  it('answer again after a reconnect, and each opening if they ask for it', async () => {
    let connections = 0
    const url = await serveWebSocket((socket) => {
      connections++
      socket.send('hello')
      let answers = 0
      socket.on('message', () => {
        answers++
        if (answers === 2) socket.terminate()
      })
    })
    const { code, stdout } = await runCli([
      ...['connect', url, '--reconnect', '1', '--max-messages', '2'],
      ...['--on', 'type:open => login', '--on', 'hello => hi'],
    ])
    assert.equal(code, 0)
    assert.ok(connections >= 2)
    const texts = sent(parseLines(stdout)).map((each) => (each as [string])[0])
    assert.deepEqual(texts.slice(0, 3), ['login', 'hi', 'login'])
  })

  it('stop if they answer their own answers, and say so', async () => {
    const echo = (socket: WebSocket) => {
      socket.on('message', (data, binary) => socket.send(data, { binary }))
      socket.send('again')
    }
    const cli = await startCli(['connect', await serveWebSocket(echo), '--on', 'again => again'])
    await cli.error(/Rule "again": The rule was stopped: it acted on 100 messages within a second/)
    cli.child.kill('SIGINT')
    const { stdout } = await cli.ended
    // It acts on more if the machine needs more than a second for the first hundred.
    assert.ok(sent(parseLines(stdout)).length >= 100)
  })

  it('say if a message has no value for an answer, and go on', async () => {
    const url = await serveWebSocket((socket) => {
      socket.on('message', () => socket.close(1000))
      socket.send('{"a":1}')
      socket.send('{"b":2}')
    })
    const { code, stdout, stderr } = await runCli([
      ...['connect', url, '--reconnect', 'never', '--on', 'type:message => {{$.b}}'],
    ])
    assert.equal(code, 0)
    assert.equal(
      stderr,
      'Rule "type:message": The rule did nothing with a message, because it has no value at $.b.\n',
    )
    assert.deepEqual(sent(parseLines(stdout)), [['2', 'rule']])
  })

  it('stop if their regular expression backtracks forever', async () => {
    const url = await serveWebSocket((socket) => socket.send(`${'a'.repeat(40)}!`))
    const cli = await startCli(['connect', url, '--on', '/^(a+)+$/ => x'])
    await cli.error(/Rule .*: This expression was stopped after 1 s on one payload/)
    cli.child.kill('SIGINT')
    assert.deepEqual(sent(parseLines((await cli.ended).stdout)), [])
  })

  it('set variables for other rules, and mark, and say so', async () => {
    const url = await serveWebSocket((socket) => {
      socket.on('message', (text) => {
        if (String(text) === 'login s3cret-1') socket.send('{"welcome":"ada"}')
        else if (String(text) === '@done') socket.close(1000)
      })
      socket.send('{"token":"s3cret-1"}')
    })
    const { code, stdout, stderr } = await runCli([
      ...['connect', url, '--reconnect', '1'],
      ...['--on', '$.token => login {{token}}', '--on', '$.token => @set token = $.token'],
      ...['--on', '$.welcome => @mark in: {{$.welcome}}', '--on', '$.welcome => @@done'],
    ])
    assert.deepEqual([code, stderr], [0, ''])
    assert.doesNotMatch(stdout, /s3cret-1/)
    const lines = parseLines(stdout)
    assert.deepEqual(sent(lines), [
      ['login ********', 'rule'],
      ['@done', 'rule'],
    ])
    const mark = lines.find(({ type }) => type === 'mark')
    assert.deepEqual([mark?.text, mark?.rule], ['in: ada', '$.welcome => @mark in: {{$.welcome}}'])
  })

  it('disconnect for good, with a code and a reason', async () => {
    const closed: unknown[] = []
    const url = await serveWebSocket((socket) => {
      socket.on('close', (code, reason) => closed.push([code, String(reason)]))
      socket.send('bye 7')
    })
    const run = ['connect', url, '--reconnect', '1', '--on', '/bye (.)/ => @disconnect 4001 after {{$1}}']
    const { code, stdout } = await runCli(run)
    assert.equal(code, 0)
    assert.deepEqual(closed, [[4001, 'after 7']])
    const close = parseLines(stdout).at(-1)
    assert.deepEqual(
      [close?.type, close?.by, close?.rule],
      ['close', 'client', '/bye (.)/ => @disconnect 4001 after {{$1}}'],
    )
    const pretty = await runCli([...run, '--format', 'pretty', '--no-color'])
    assert.match(pretty.stdout, /close .*4001 by client.*by rule \/bye \(\.\)\/ => @disconnect/)
  })

  it('and keep-alive messages are sent over a reconnect', async () => {
    let connections = 0
    const url = await serveWebSocket((socket) => {
      connections++
      let heard = 0
      socket.on('message', () => {
        heard++
        if (connections === 1) socket.terminate()
        else if (heard === 2) socket.close(1000)
      })
    })
    const { code, stdout, stderr } = await runCli([
      ...['connect', url, '--reconnect', '1', '--max-attempts', '1'],
      ...['--keep-alive', '0.1 => beat {{$counter}}', '--duration', '20'],
      ...['--expect', 'beat dir:out within 20 at least 3'],
    ])
    assert.equal(stderr, '')
    assert.equal(code, 0)
    assert.ok(sent(parseLines(stdout)).some((each) => (each as string[])[1] === 'keep-alive'))
    const wrong = await runCli(['connect', url, '--keep-alive', 'often => x'])
    assert.equal(wrong.code, 2)
    assert.match(wrong.stderr, /A keep-alive message is a time, an arrow and a text/)
    const fast = await runCli(['connect', url, '--keep-alive', '1ms => x'])
    assert.match(fast.stderr, /The interval must be a whole number of milliseconds from 100 to/)
  })

  it('are refused if they are not valid', async () => {
    for (const [rule, sentence] of [
      ['no arrow', /A rule is a filter, an arrow and an answer or an action/],
      ['size:big => x', /The filter of the rule is not valid\. /],
      ['is:unanswered => x', /A rule cannot look for is:unanswered/],
      ['a => {{$.[}}', /is not a JSONPath/],
      [
        'a => @sett x = $.y',
        /There is no action "@sett"; write @set NAME = \$\.path, @mark TEXT, @disconnect/,
      ],
      ['a => @set x', /@set needs a name and a path/],
      ['a => @disconnect 1005 gone', /1005/],
      ['a => {{nobody}}', /The rule has no value for \{\{nobody\}\}; write \{\{\$\.nobody\}\}/],
    ] as const) {
      const { code, stderr } = await runCli(['connect', 'ws://127.0.0.1:1/', '--on', rule])
      assert.equal(code, 2, rule)
      assert.match(stderr, sentence)
    }
  })
})
