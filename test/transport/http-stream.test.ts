import assert from 'node:assert/strict'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import zlib from 'node:zlib'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { HttpStreamTransport } from '../../src/transport/http-stream.ts'
import { Attempt } from '../support/attempt.ts'
import { closeServers, serveHttp } from '../support/loopback.ts'
import { serveRaw } from '../support/raw-server.ts'

function connect(url: string, spec: Partial<ConnectionSpec> = {}): Attempt {
  return new Attempt(new HttpStreamTransport(), { url, ...spec })
}

function serve(
  type: string | undefined,
  body: string | Uint8Array,
  more: OutgoingHttpHeaders = {},
): Promise<string> {
  return serveHttp((_request, response) => {
    response.writeHead(200, { ...(type !== undefined && { 'content-type': type }), ...more })
    response.end(body)
  })
}

const chunk = (content: string) => `${content.length.toString(16)};ext=1\r\n${content}\r\n`

describe('http-stream', () => {
  afterEach(closeServers)

  it('finds the framing by the type and emits each record', async () => {
    const table: [type: string | undefined, body: string, framing: string, texts: string[]][] = [
      ['application/x-ndjson', '{"a":1}\n\n{"a":2}\n', 'ndjson', ['{"a":1}', '{"a":2}']],
      ['application/json-seq', '\x1e1\n\x1e[\n2]\n', 'json-seq', ['1', '[\n2]']],
      ['text/plain', 'a\r\nb\n', 'lines', ['a', 'b']],
      [
        'multipart/mixed; boundary="-x"',
        '---x\r\nA: 1\r\n\r\na\r\n---x\r\n\r\nb\r\n---x--',
        'multipart',
        ['a', 'b'],
      ],
      ['text/event-stream', 'data: a\n\n: c\ndata: b\n\n', 'sse', ['a', 'b']],
      ['application/octet-stream', 'abc', 'raw', ['abc']],
      [undefined, 'abc', 'raw', ['abc']],
    ]
    for (const [type, body, framing, texts] of table) {
      const attempt = connect(await serve(type, body))
      assert.deepEqual(await attempt.outcome, { end: 'done', reason: 'the response is complete' })
      assert.deepEqual(attempt.texts(), texts, type)
      const [open] = attempt.of('open')
      assert.deepEqual([open?.transport, open?.framing], ['http-stream', framing])
      assert.equal(attempt.events.at(-1)?.type, 'close')
      assert.equal(attempt.of('close')[0]?.by, 'server')
      assert.deepEqual(attempt.of('error'), [])
    }
  })

  it('reads with the framing that the user set, whatever the type', async () => {
    const attempt = connect(await serve('text/html', Buffer.of(0, 0, 0, 2, 0x68, 0x69, 0, 0, 0, 1, 0xff)), {
      framing: 'length-prefixed',
    })
    await attempt.outcome
    assert.deepEqual(
      attempt.of('message').map(({ opcode, payload }) => [opcode, Buffer.from(payload).toString('latin1')]),
      [
        ['text', 'hi'],
        ['binary', '\xff'],
      ],
    )
    assert.equal(attempt.of('open')[0]?.framing, 'length-prefixed')
  })

  it('emits the events of an event stream with type and ID, and comments', async () => {
    const attempt = connect(await serve('text/event-stream', ':c\nid: 1\nevent: e\ndata: a\n\ndata: b\n\n'))
    await attempt.outcome
    assert.deepEqual(
      attempt.of('message').map(({ event, id }) => [event, id]),
      [
        ['e', '1'],
        ['message', '1'],
      ],
    )
    assert.equal(attempt.of('comment').length, 1)
  })

  it('joins the pieces of a record, with the time of the last one and its exact wire size', async () => {
    let finish: (() => void) | undefined
    const address = await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/jsonl\r\nTransfer-Encoding: chunked\r\n\r\n')
      socket.write(`${chunk('1\n')}${chunk('{"a"')}`)
      finish = () => socket.end(`${chunk(':2}\n3\n')}0\r\nX-Trailer: 1\r\n\r\n`)
    })
    const attempt = connect(`http://${address}/`)
    await attempt.until('message')
    finish?.()
    await attempt.outcome
    assert.deepEqual(attempt.texts(), ['1', '{"a":2}', '3'])
    const sizes = attempt.of('message').map(({ wireSize }) => wireSize)
    const sizeLine = '2;ext=1\r\n'.length
    assert.deepEqual(sizes, [sizeLine + 4, sizeLine + 4 + 2 + sizeLine + 4, 2 + 2])
  })

  it('emits a part with its last byte if it has its length, and reports oddities of parts', async () => {
    let go = (_body: string) => {}
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'multipart/mixed; boundary=b' })
      response.write('--b\r\nContent-Length: 3\r\n\r\none')
      go = (body) => void response.end(body)
    })
    const attempt = connect(url)
    await attempt.until('message')
    assert.deepEqual(attempt.texts(), ['one'])
    go('\r\n--b\r\nContent-Length: 9\r\n\r\ntwo\r\n--b--')
    await attempt.outcome
    assert.deepEqual(
      attempt.of('message').map(({ payload, oddities }) => [String(Buffer.from(payload)), oddities]),
      [
        ['one', undefined],
        ['two', ['its Content-Length is 9, but its boundary follows after 3 bytes']],
      ],
    )
    const [first, second] = attempt.of('message')
    assert.ok((second?.time ?? 0) - (first?.time ?? 0) >= 95, 'the time is that of its last byte')
  })

  it('emits text as it arrives, without line endings, with the times of arrival', async () => {
    let say = (_text: string) => {}
    let end = () => {}
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' })
      say = (text) => void response.write(text)
      end = () => void response.end()
      say('Once')
    })
    const attempt = connect(url)
    await attempt.until('message')
    say(' upon')
    await attempt.until('message', 2)
    say(' a\ntime')
    await attempt.until('message', 4)
    end()
    assert.deepEqual(await attempt.outcome, { end: 'done', reason: 'the response is complete' })
    assert.deepEqual(
      attempt.of('message').map(({ payload, framing }) => [String(Buffer.from(payload)), framing]),
      [
        ['Once', 'raw'],
        [' upon', 'raw'],
        [' a', undefined],
        ['time', 'raw'],
      ],
    )
    assert.deepEqual(
      attempt.of('message').map(({ wireSize, truncated }) => [wireSize, truncated]),
      ['4\r\nOnce\r\n', '5\r\n upon\r\n', '7\r\n a\n', 'time\r\n'].map(({ length }) => [length, undefined]),
    )
    assert.deepEqual(attempt.of('error'), [])
    const [open] = attempt.of('open')
    assert.equal(open?.framing, 'lines')
    const [first] = attempt.of('message')
    assert.ok((first?.time ?? 999) - (open?.time ?? 0) < 60, 'not the time at which it was shown')
  })

  it('emits the elements of an array as they arrive, each with its time', async () => {
    let say = (_text: string) => {}
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      say = (text) => void response.write(text)
      say('[{\n  "t": "a"\n}\n')
    })
    const attempt = connect(url)
    await attempt.until('message')
    await setTimeout(40)
    say(',{"t":"b"}')
    await attempt.until('message', 2)
    say(',\r\n{"t":"c"}')
    await attempt.until('message', 3)
    assert.deepEqual(attempt.texts(), ['{\n  "t": "a"\n}', '{"t":"b"}', '{"t":"c"}'])
    const [first = 0, second = 0] = attempt.of('message').map(({ time }) => time)
    assert.ok(second - first >= 30, `${second - first} ms apart`)
    await attempt.disconnect()
  })

  it('reports a multipart body without its boundary', async () => {
    const attempt = connect(await serve('multipart/mixed; boundary=b', '--other\r\n\r\none\r\n--other--'))
    assert.equal((await attempt.outcome).end, 'done')
    assert.deepEqual(attempt.of('message'), [])
    assert.match(
      attempt.of('error')[0]?.message ?? '',
      /^The body does not contain a multipart boundary, so its 25 bytes do not belong to any part; /,
    )
    const [close] = attempt.of('close')
    assert.deepEqual([close?.by, close?.reason], ['server', undefined])
  })

  it('uses the size as the wire size of a body without chunks', async () => {
    const attempt = connect(await serve('text/plain', 'a\nbc\n', { 'content-length': 5 }))
    await attempt.outcome
    assert.deepEqual(
      attempt.of('message').map(({ wireSize }) => wireSize),
      [2, 3],
    )
  })

  it('decodes content codings without delay, and omits the wire size', async () => {
    const zip = zlib.createGzip()
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' })
      zip.pipe(response)
      zip.write('1\n')
      zip.flush()
    })
    const attempt = connect(url)
    await attempt.until('message')
    zip.end('2\n')
    await attempt.outcome
    assert.deepEqual(attempt.texts(), ['1', '2'])
    assert.ok(attempt.of('message').every((event) => !('wireSize' in event)))
  })

  it('reports that a complete body ended inside a record, and marks the record as truncated', async () => {
    const attempt = connect(await serve('application/x-ndjson', '{"a":1}\n{"b":'))
    assert.equal((await attempt.outcome).end, 'done')
    assert.deepEqual(
      attempt.of('message').map(({ payload, truncated }) => [Buffer.from(payload).toString(), truncated]),
      [
        ['{"a":1}', undefined],
        ['{"b":', true],
      ],
    )
    assert.equal(attempt.of('error')[0]?.code, 'TRUNCATED')
    assert.match(attempt.of('error')[0]?.message ?? '', /ended inside a record, after 5 of its bytes; .+\.$/)
    assert.equal(attempt.of('close')[0]?.by, 'server')
  })

  it('marks a record that the next one cut off as truncated, and reports nothing at the end', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json-seq' }).end('\x1e{"a":\x1e[1]\n')
    })
    const attempt = connect(url)
    assert.equal((await attempt.outcome).end, 'done')
    assert.deepEqual(
      attempt.of('message').map(({ truncated }) => truncated),
      [true, undefined],
    )
    assert.deepEqual(attempt.of('error'), [])
  })

  it('reports a truncated chunk once, as ended by the network, and keeps what came before', async () => {
    const address = await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n')
      socket.end('20\r\none\ntw')
    })
    const attempt = connect(`http://${address}/`)
    assert.equal((await attempt.outcome).end, 'lost')
    assert.deepEqual(attempt.texts(), ['one', 'tw'])
    assert.deepEqual(
      attempt.of('message').map(({ truncated, framing }) => [truncated, framing]),
      [
        [undefined, undefined],
        [true, 'raw'],
      ],
    )
    assert.deepEqual(
      attempt.of('error').map(({ code }) => code),
      ['TRUNCATED'],
    )
    assert.equal(attempt.of('close')[0]?.by, 'network')
  })

  it('does not repeat a POST after a truncated response, unless the user set a policy', async () => {
    const address = await serveRaw((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\none\n')
    })
    const url = `http://${address}/`
    assert.equal((await connect(url, { body: 'x' }).outcome).end, 'failed')
    assert.equal((await connect(url, { body: 'x', reconnect: 'backoff' }).outcome).end, 'lost')
  })

  it('sends the method, body and headers of the spec', async () => {
    let seen: [IncomingMessage, string] | undefined
    const url = await serveHttp(async (request, response) => {
      seen = [request, await readText(request)]
      response.end('ok')
    })
    await connect(url, { method: 'REPORT', body: { base64: 'aGk=' }, headers: { 'User-Agent': 'me' } })
      .outcome
    assert.equal(seen?.[0].method, 'REPORT')
    assert.equal(seen?.[0].headers['user-agent'], 'me')
    assert.equal(seen?.[0].headers.accept, '*/*')
    assert.equal(seen?.[1], 'hi')
  })

  it('accepts any successful status', async () => {
    for (const status of [200, 201, 206, 299]) {
      const url = await serveHttp((_request, response) => {
        response.writeHead(status, { 'content-type': 'application/x-ndjson' }).end('1\n')
      })
      const attempt = connect(url)
      assert.equal((await attempt.outcome).end, 'done')
      assert.equal(attempt.of('open')[0]?.status, status)
      assert.deepEqual(attempt.texts(), ['1'])
    }
  })

  it('fails for good if the status says that the request is wrong, and retries otherwise', async () => {
    const url = await serveHttp((request, response) =>
      response.writeHead(Number(request.url?.slice(1))).end(),
    )
    for (const [status, end] of [
      [404, 'failed'],
      [304, 'failed'],
      [408, 'lost'],
      [429, 'lost'],
      [502, 'lost'],
    ] as const) {
      const attempt = connect(`${url}${status}`)
      assert.equal((await attempt.outcome).end, end, String(status))
      assert.deepEqual(
        attempt.events.map((event) => event.type),
        ['error'],
      )
      assert.equal(attempt.of('error')[0]?.status, status)
    }
  })

  it('ends a record over the limit with TOO_LARGE, and keeps those before it', async () => {
    for (const [type, body] of [
      ['text/plain', `a\n${'x'.repeat(2000)}\n`],
      ['text/plain', `a\n${'x'.repeat(1001)}`],
      ['application/json-seq', `\x1e1\n\x1e"${'x'.repeat(2000)}"\n`],
      ['multipart/mixed; boundary=b', `--b\r\n\r\na\r\n--b\r\n\r\n${'x'.repeat(2000)}`],
    ] as const) {
      const attempt = connect(await serve(type, body), { maxMessageSize: 1000 })
      assert.equal((await attempt.outcome).end, 'failed', type)
      assert.equal(attempt.of('message').length, 1)
      assert.deepEqual(
        attempt.of('error').map(({ code }) => code),
        ['TOO_LARGE'],
      )
      assert.equal(attempt.of('close')[0]?.by, 'client')
    }
  })

  it('disconnects at once', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      response.write('a\nhalf')
    })
    const attempt = connect(url)
    await attempt.until('message')
    assert.equal((await attempt.disconnect()).end, 'done')
    assert.deepEqual(attempt.texts(), ['a'])
    assert.deepEqual(attempt.of('error'), [])
    assert.equal(attempt.of('close')[0]?.by, 'client')
  })
})
