import assert from 'node:assert/strict'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import { printRequest, type WrittenRequest } from '../../../src/request/file/print.ts'
import { seededRandom } from '../../support/splits.ts'
import { randomRequest } from './random-requests.ts'
import { meaning, played, resolvedOnly, revealed } from './resolved.ts'

async function assertReadsBack(request: WrittenRequest): Promise<void> {
  const text = printRequest(request)
  const read = await resolvedOnly(text)
  const where = JSON.stringify(request)
  assert.deepEqual(meaning(read.spec), meaning(revealed(request.spec)), `${where}\n${text}`)
  assert.deepEqual(played(read.script.steps, read.script), played(request.steps ?? []), `${where}\n${text}`)
  assert.deepEqual(read.limits, request.limits ?? {})
  assert.equal(read.script.isManual ?? false, request.isManual ?? false)
  const { problems, requests } = parseRequestFile(text)
  assert.equal(requests[0]?.name?.text, request.name ?? request.title)
  assert.deepEqual(
    problems.filter(
      ({ severity, code }) => severity === 'error' || (severity === 'warning' && code !== 'UNKNOWN_METHOD'),
    ),
    [],
    text,
  )
}

describe('printing a request', () => {
  it('writes it as it is usually written', () => {
    assert.equal(
      printRequest({
        name: 'chat',
        title: 'Chat room',
        spec: {
          url: 'wss://example.com/socket.io/?EIO=4',
          protocol: 'socket.io',
          headers: { Authorization: 'Bearer {{$secret CHAT_TOKEN}}' },
          subprotocols: ['a', 'b'],
          tls: { insecure: true },
        },
        limits: { maxMessages: 10, duration: 1500 },
        steps: [
          { kind: 'form', form: 'emit', values: '{"event": "join"}' },
          { kind: 'wait' },
          { kind: 'send', name: 'kick', message: { format: 'text', text: '# out' } },
          { kind: 'send', message: { format: 'hex', text: '00 ff' } },
        ],
      }),
      `### Chat room
# @name chat
# @option insecure
# @option protocol socket.io
# @option max-messages 10
# @option duration 1.5
WEBSOCKET wss://example.com/socket.io/?EIO=4
Authorization: Bearer {{$secret CHAT_TOKEN}}
Sec-WebSocket-Protocol: a, b

{ "form": "emit", "event": "join"}
=== wait-for-server
# @message kick
{{$empty}}# out
===
# @format hex
00 ff
`,
    )
  })

  for (const [spec, line] of [
    [{ url: 'http://h/', transport: 'sse' }, 'SSE http://h/'],
    [{ url: 'http://h/', transport: 'long-poll', body: 'a' }, 'LONGPOLL http://h/'],
    [{ url: 'http://h/', transport: 'poll', method: 'GET' }, 'POLL http://h/'],
    [{ url: 'http://h/', transport: 'http-stream' }, 'STREAM http://h/'],
    [{ url: 'http://h/', transport: 'sse', method: 'PUT' }, 'PUT http://h/'],
    [{ url: 'http://h/', body: 'a' }, 'POST http://h/'],
    [{ url: 'ws://h/' }, 'WEBSOCKET ws://h/'],
  ] as const)
    it(`writes ${JSON.stringify(spec)} as ${line}`, () => {
      assert.equal(
        printRequest({ spec })
          .split('\n')
          .find((each) => !each.startsWith('#')),
        line,
      )
    })

  it('gives what reads back as the same request', async () => {
    const random = seededRandom(14)
    for (let i = 0; i < 1500; i++) await assertReadsBack(randomRequest(random))
  })

  it('says what cannot be written', () => {
    const url = 'wss://h/'
    assert.throws(() => printRequest({ spec: { url, tls: { cert: 'x', key: 'y' } } }), { code: 'NO_FILE' })
    assert.throws(
      () =>
        printRequest({
          spec: { url },
          steps: [{ kind: 'send', message: { format: 'text', text: '\ud800' } }],
        }),
      { code: 'BAD_TEXT' },
    )
    assert.throws(() => printRequest({ spec: { url, protocolOptions: { 'a b': 1 } } }), { code: 'BAD_VALUE' })
  })
})
