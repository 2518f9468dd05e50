import assert from 'node:assert/strict'
import { sockJs } from '../../../src/decode/protocols/sockjs.ts'
import { stomp } from '../../../src/decode/protocols/stomp/stomp.ts'
import { decodeFile } from '../expected.ts'
import { decodeAll, message, pathOf } from './recordings.ts'
import { itIsRobust } from './robust.ts'

const sockjs = sockJs([stomp])

const facts = (path: string, transport = 'websocket') => ({
  connection: 1,
  url: `http://host/sock/${path}`,
  transport,
})

describe('SockJS', () => {
  it('decodes frames over WebSocket', async () => {
    const decoded = await decodeFile(sockjs, pathOf('sockjs-ws.rtsession'))
    const brief = decoded.map(({ line, kind, name, value }) => [line, kind, name, value])
    assert.deepEqual(
      [...brief.slice(0, 7), ...brief.slice(-2)],
      [
        [
          6,
          'handshake',
          'info',
          { websocket: true, origins: ['*:*'], cookie_needed: false, entropy: 3019014735 },
        ],
        [9, 'handshake', 'open', undefined],
        [10, 'event', undefined, 'welcome'],
        [11, 'event', undefined, 'one'],
        [12, 'event', undefined, { two: 'ü' }],
        [13, 'event', undefined, 'echo one'],
        [14, 'event', undefined, 'echo {"two":"ü"}'],
        [27, 'event', undefined, 'bye'],
        [28, 'close', 'close', { code: 4001, reason: 'asked to' }],
      ],
    )
  })

  it('decodes what was sent with xhr_send', async () => {
    const decoded = await decodeFile(sockjs, pathOf('sockjs-xhr-streaming.har'))
    const sent = decoded
      .filter(({ kind, protocol }) => kind === 'event' && protocol === 'sockjs')
      .map(({ value }) => value)
    for (const value of ['one', { two: 'ü' }, 'bye'])
      assert.ok(
        sent.some((each) => JSON.stringify(each) === JSON.stringify(value)),
        JSON.stringify(sent),
      )
  })

  it('decodes frames of a stream from any split', () => {
    const stream = Buffer.from(`${'h'.repeat(2048)}\no\na["ü","{}"]\nh\nc[3000,"Go away!"]\n`)
    const at = facts('000/abc/xhr_streaming', 'http-stream')
    for (let size = 1; size < stream.length; size += size < 60 ? 1 : 500) {
      const messages = [stream.subarray(0, 2049)]
      for (let from = 2049; from < stream.length; from += size)
        messages.push(stream.subarray(from, from + size))
      const packets = decodeAll(
        sockjs,
        messages.map((bytes, number) => message(bytes, { facts: at, binary: false, number })),
      )
      assert.deepEqual(
        packets.map(({ kind, name, value }) => [kind, name, value]),
        [
          ['handshake', 'prelude', undefined],
          ['handshake', 'open', undefined],
          ['event', undefined, 'ü'],
          ['event', undefined, {}],
          ['heartbeat', 'heartbeat', undefined],
          ['close', 'close', { code: 3000, reason: 'Go away!' }],
        ],
      )
    }
  })

  it('decodes STOMP inside, over several connections of a session', () => {
    const send = facts('000/abc/xhr_send', 'poll')
    const stream = { ...facts('000/abc/xhr_streaming', 'http-stream'), connection: 2 }
    assert.equal(sockjs.scope?.(send), sockjs.scope?.(stream))
    const packets = decodeAll(sockjs, [
      message('o', { facts: stream }),
      message('["CONNECT\\n\\n\\u0000"]', { facts: send, direction: 'out', isRequest: true }),
      message('a["CONNECTED\\nversion:1.2\\n\\n\\u0000\\n","MESSAGE\\ndestination:/a\\n\\nhi\\u0000"]', {
        facts: stream,
      }),
    ])
    assert.deepEqual(
      packets.map(({ protocol, kind, name, asks, answersTo }) => [protocol, kind, name, asks, answersTo]),
      [
        [undefined, 'handshake', 'open', undefined, undefined],
        ['stomp', 'handshake', 'CONNECT', 'connect', undefined],
        ['stomp', 'handshake', 'CONNECTED', undefined, 'connect'],
        ['stomp', 'heartbeat', undefined, undefined, undefined],
        ['stomp', 'event', '/a', undefined, undefined],
      ],
    )
  })

  it('reads the form of jsonp_send', () => {
    const at = { facts: facts('1/2/jsonp_send', 'poll'), direction: 'out', isRequest: true } as const
    assert.deepEqual(decodeAll(sockjs, [message('d=%5B%22a+b%22%5D', at)]), [{ kind: 'event', value: 'a b' }])
  })

  it('reads the scripts of jsonp, and what a server says of a body', () => {
    const at = (transport: string, text: string) => {
      const facts = { connection: 1, url: `http://host/echo/000/s/${transport}`, transport: 'poll' }
      return decodeAll(sockjs, [message(text, { facts, url: `${facts.url}?c=a.b` })])
    }
    assert.deepEqual(at('jsonp', '/**/a.b("o");\r\n'), [{ kind: 'handshake', name: 'open' }])
    assert.deepEqual(at('jsonp', 'a.b("a[\\"ü\\"]");'), [{ kind: 'event', value: 'ü' }])
    assert.deepEqual(at('jsonp_send', 'ok'), [])
    assert.deepEqual(at('xhr_send', 'a is missing'), [
      { kind: 'error', name: 'error', value: 'a is missing' },
    ])
    assert.throws(() => at('jsonp', 'x.b(1);\r\n'), { message: 'The message is not a frame of SockJS.' })
    assert.throws(() => at('xhr', 'ok\n'), { message: 'The message is not a frame of SockJS.' })
  })

  it('reads the scripts in the page of htmlfile, from any split', () => {
    const facts = { connection: 1, url: 'http://host/echo/000/s/htmlfile', transport: 'http-stream' }
    const script = (frame: string) => `<script>\np(${JSON.stringify(frame)});\n</script>\r\n`
    const page = `<!doctype html>\n<html><body>\n<script>\n  var c = parent.a;\n</script>${' '.repeat(1024)}\r\n`
    const text =
      page + script('o') + script('a["one","</script>"]') + script('h') + script('c[3000,"Go away!"]')
    for (const size of [5, 64, text.length]) {
      const chunks = text.match(new RegExp(`.{1,${size}}`, 'gs')) ?? []
      // The first chunk has a line feed, as servers send the beginning of the page at once.
      const [first = '', ...rest] = size === 5 ? [text.slice(0, 20), ...chunks.slice(4)] : chunks
      const packets = decodeAll(
        sockjs,
        [first, ...rest].map((chunk) => message(chunk, { facts, url: facts.url })),
      )
      assert.deepEqual(
        packets.map(({ parts, ...packet }) => packet),
        [
          { kind: 'handshake', name: 'open' },
          { kind: 'event', value: 'one' },
          { kind: 'event', value: '</script>' },
          { kind: 'heartbeat', name: 'heartbeat' },
          { kind: 'close', name: 'close', value: { code: 3000, reason: 'Go away!' } },
        ],
      )
    }
  })

  it('recognizes the paths of its transports only', () => {
    const reasonOf = (path: string) => sockjs.recognize(facts(path))
    assert.equal(reasonOf('973/ae10jwr0/websocket'), 'path /sock/973/ae10jwr0/websocket')
    assert.equal(reasonOf('a/b/xhr_streaming'), 'path /sock/a/b/xhr_streaming')
    assert.equal(reasonOf('a/b/websocket'), undefined)
    assert.equal(reasonOf('websocket'), undefined)
  })

  itIsRobust(sockjs, ['sockjs-ws', 'sockjs-xhr-streaming'], facts('973/ae10jwr0/websocket'))
})
