import assert from 'node:assert/strict'
import { join } from 'node:path'
import { parseRequestFile } from '../../src/request/file/parse.ts'
import { RequestFailure } from '../../src/request/resolve.ts'
import { Failure } from '../../src/shared/failure.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { removeTempDirs } from '../support/temp-dir.ts'
import { folderWith, type ResolveOptions, resolveText } from './variables/disk.ts'

/** The failure of a request, and the text that it marks. */
async function failureOf(
  text: string,
  options: ResolveOptions = {},
): Promise<{ readonly failure: RequestFailure; readonly marked: string }> {
  try {
    await resolveText(text, options)
  } catch (thrown) {
    if (!(thrown instanceof RequestFailure)) throw thrown
    return { failure: thrown, marked: text.slice(thrown.span.start, thrown.span.end) }
  }
  return assert.fail(`${text} can run`)
}

const SECRET = { answers: { secret: async () => 's3cr"et t0ken' } }

describe('a request of a file', () => {
  afterEach(removeTempDirs)

  for (const [text, expected] of [
    ['ws://x/', { url: 'ws://x/', transport: 'websocket' }],
    ['WEBSOCKET wss://{{host}}/a', { url: 'wss://h:1/a', transport: 'websocket' }],
    ['http://{{host}}/', { url: 'http://h:1/', plainResponse: true }],
    [
      'GET http://x/\nAccept: text/event-stream',
      { url: 'http://x/', headers: { Accept: 'text/event-stream' } },
    ],
    [
      'POST http://x/\n\n{"a": {{n}}}\n',
      { url: 'http://x/', method: 'POST', body: '{"a": 5}', plainResponse: true },
    ],
    ['GET http://x/\n\nbody', { url: 'http://x/', method: 'GET', body: 'body', plainResponse: true }],
    ['SSE http://x/\nEvent: a', { url: 'http://x/', transport: 'sse' }],
    ['LONGPOLL http://x/?a=1\n  &b={{n}}', { url: 'http://x/?a=1&b=5', transport: 'long-poll' }],
    [
      '# @transport http-stream\n# @framing ndjson\nPROPFIND http://x/',
      { url: 'http://x/', transport: 'http-stream', framing: 'ndjson', method: 'PROPFIND' },
    ],
    [
      'ws://x/\nX-A: 1\nx-a: {{n}}\n{{name}}: v\nSec-WebSocket-Protocol: a, {{name}}\n',
      {
        url: 'ws://x/',
        transport: 'websocket',
        headers: { 'X-A': ['1', '5'], ada: 'v' },
        subprotocols: ['a', 'ada'],
      },
    ],
    [
      '# @subprotocol mqtt\n# @protocol mqtt\n# @option protocol-option username={{name}}\n# @option protocol-option version={{n}}\nws://x/\n',
      {
        url: 'ws://x/',
        transport: 'websocket',
        subprotocols: ['mqtt'],
        protocol: 'mqtt',
        protocolOptions: { username: 'ada', version: 5 },
      },
    ],
    [
      '# @interval {{n}}\n# @cursor json:/since:since\n# @timeout 30 s\n# @insecure\n# @reconnect never\nPOLL http://x/',
      {
        url: 'http://x/',
        transport: 'poll',
        interval: 5,
        cursor: 'json:/since:since',
        timeout: 30_000,
        reconnect: 'never',
        tls: { insecure: true },
      },
    ],
    [
      'GET http://x/\nAuthorization: Basic {{name}} p:w\u00e4\nAccept: text/event-stream',
      {
        url: 'http://x/',
        headers: {
          Authorization: `Basic ${Buffer.from('ada:p:w\u00e4').toString('base64')}`,
          Accept: 'text/event-stream',
        },
      },
    ],
    [
      'ws://x/\nAuthorization: Basic YWRhOnB3',
      { url: 'ws://x/', transport: 'websocket', headers: { Authorization: 'Basic YWRhOnB3' } },
    ],
    ['GET {{socket}}', { url: 'ws://x/' }],
  ] as const satisfies readonly (readonly [string, ConnectionSpec])[])
    it(`connects as ${JSON.stringify(text)} says`, async () => {
      const given = { host: 'h:1', n: '5', name: 'ada', socket: 'ws://x/' }
      const { spec, remembered, problems } = await resolveText(text, { given })
      assert.deepEqual(spec, expected)
      assert.deepEqual(problems, [])
      const { tls: _, ...kept } = remembered
      const { tls: __, ...used } = spec as ConnectionSpec
      if (!text.includes('Basic {{')) assert.deepEqual(kept, used)
    })

  it('has the limits of a run, and says that messages are sent by hand', async () => {
    const { limits, script } = await resolveText(
      '# @max-messages 10\n# @duration 1.5\n# @send manual\nws://x/',
    )
    assert.deepEqual(limits, { maxMessages: 10, duration: 1500 })
    assert.equal(script.isManual, true)
  })

  it('has a script with its messages, waits and values', async () => {
    const { script } = await resolveText(`### Chat
@room = dev
# @set token = $.token when $.room == "{{room}}"
# @set id = $.id
ws://x/

hello {{room}}
=== wait-for-server
# @message kick
{"kick": "{{token}}", "at": "{{$isoTimestamp}}"}
===
# @format hex
48 69
===
# @format json
{"a": "{{room}}"}
`)
    assert.deepEqual(script, {
      steps: [
        { kind: 'send', message: { format: 'text', text: 'hello {{room}}', variables: {} } },
        { kind: 'wait' },
        {
          kind: 'send',
          name: 'kick',
          message: { format: 'text', text: '{"kick": "{{token}}", "at": "{{$timestamp}}"}', variables: {} },
        },
        { kind: 'send', message: { format: 'hex', text: '48 69', variables: {} } },
        { kind: 'send', message: { format: 'json', text: '{"a": "{{room}}"}', variables: {} } },
      ],
      values: [
        { name: 'token', path: '$.token', filter: '$.room == "dev"' },
        { name: 'id', path: '$.id' },
      ],
      variables: { room: 'dev' },
    })
  })

  it('does not keep a value that is given', async () => {
    const { script } = await resolveText('# @set token = $.t\nws://x/\n\n{{token}}', {
      given: { token: 'given' },
    })
    assert.deepEqual([script.values, script.variables], [[], { token: 'given' }])
  })

  it('composes messages by the forms of the protocol that is spoken', async () => {
    const { script } = await resolveText(
      `# @protocol socket.io
ws://x/

{ "event": "join", "args": ["{{room}}", {{$counter}}], "ack": true }
===
{ "form": "acknowledge", "id": {{n}}, "args": [] }
===
{ "id": 1, "form" : "acknowledge" }
===
{ "unknown": "member" }
===
42["plain"]
===
# @format text
{ "event": "sent as it is" }
`,
      { given: { room: 'dev', n: '3' } },
    )
    assert.deepEqual(script.steps, [
      {
        kind: 'form',
        form: 'emit',
        values: '{ "event": "join", "args": ["{{room}}", {{$counter}}], "ack": true }',
      },
      { kind: 'form', form: 'acknowledge', values: '{ "id": {{n}}, "args": [] }' },
      { kind: 'form', form: 'acknowledge', values: '{ "id": 1 }' },
      { kind: 'send', message: { format: 'text', text: '{ "unknown": "member" }', variables: {} } },
      { kind: 'send', message: { format: 'text', text: '42["plain"]', variables: {} } },
      { kind: 'send', message: { format: 'text', text: '{ "event": "sent as it is" }', variables: {} } },
    ])
  })

  it('sends files, as they are or with their placeholders filled', async () => {
    const bytes = Uint8Array.of(0, 255, 10)
    const root = folderWith({
      'api.http': '',
      'a/text.json': '{"room": "{{room}}"}',
      'a/bytes.bin': bytes,
      'bom.txt': '\ufeffx',
    })
    const file = join(root, 'api.http')
    const given = { room: 'dev', folder: 'a' }
    const body = async (content: string) =>
      (await resolveText(`POST http://x/\n\n${content}`, { file, given })).spec.body
    assert.equal(await body('< ./a/text.json'), '{"room": "{{room}}"}')
    assert.equal(await body('<@ ./{{folder}}/text.json'), '{"room": "dev"}')
    assert.deepEqual(await body('< a/bytes.bin'), { base64: 'AP8K' })
    assert.equal(await body('one\n<@ a/text.json\n{{room}}'), 'one\n{"room": "dev"}\ndev')
    assert.equal(await body('< bom.txt'), '\ufeffx')
    assert.deepEqual(await body('# @format hex\n00 ff'), { base64: 'AP8=' })
    const { script } = await resolveText(
      'ws://x/\n\n< a/text.json\n===\n<@ a/text.json\n===\n{"a":\n< a/text.json\n}\n===\n# @format json\n< a/text.json',
      { file, given },
    )
    const { steps, variables } = script
    assert.deepEqual(
      steps.map((step) => (step.kind === 'send' ? [step.message.format, step.message.text] : step)),
      [
        ['base64', Buffer.from('{"room": "{{room}}"}').toString('base64')],
        ['text', '{"room": "{{room}}"}'],
        ['text', '{"a":\n{{_1}}\n}'],
        ['json', '{{_2}}'],
      ],
    )
    assert.deepEqual(variables, { room: 'dev', _1: '{"room": "{{room}}"}', _2: '{"room": "{{room}}"}' })
  })

  it('reads certificates and keys beside the file, and does not remember them', async () => {
    const root = folderWith({
      'api.http': '',
      'ca.pem': 'CA',
      'more.pem': 'MORE',
      'c.pem': 'CERT',
      'k.pem': 'KEY',
    })
    const text = '# @ca ca.pem\n# @ca more.pem\n# @cert c.pem\n# @key ./k.pem\nwss://x/'
    const { spec, remembered } = await resolveText(text, { file: join(root, 'api.http') })
    assert.deepEqual(spec.tls, { ca: ['CA', 'MORE'], cert: 'CERT', key: 'KEY' })
    assert.equal(remembered.tls, undefined)
  })

  it('has its secrets, and remembers placeholders in their places', async () => {
    const { spec, secrets, remembered, script } = await resolveText(
      `@auth = Bearer {{$secret T}}
# @protocol socket.io
# @protocol-option auth={"token": "{{$secret T}}"}
# @subprotocol {{$secret NAME}}
ws://x/{{$secret NAME}}?t={{$secret NAME}}
Authorization: {{auth}}

{{$secret T}} {{auth}}`,
      { answers: { secret: async (name) => (name === 'T' ? 't-123' : 'n_123') } },
    )
    assert.equal(spec.url, 'ws://x/n_123?t=n_123')
    assert.deepEqual(secrets.toSorted(), ['n_123', 't-123'])
    assert.deepEqual(remembered, {
      url: 'ws://x/{{$secret NAME}}?t={{$secret NAME}}',
      transport: 'websocket',
      headers: { Authorization: 'Bearer {{$secret T}}' },
      protocol: 'socket.io',
      protocolOptions: { auth: { token: '{{$secret T}}' } },
    })
    assert.deepEqual(script.variables, { _1: 't-123', auth: 'Bearer t-123' })
  })

  it('has the credentials of a header that are made of a secret', async () => {
    const { secrets } = await resolveText('GET http://x/\nAuthorization: Basic ada {{$secret T}}', SECRET)
    assert.deepEqual(secrets, ['s3cr"et t0ken', Buffer.from('ada:s3cr"et t0ken').toString('base64')])
  })

  it('keeps values inside of the strings of JSON, if it is said to be JSON', async () => {
    const text = String.raw`# @protocol socket.io
# @protocol-option auth={"a": "{{$secret T}}", "b": {{n}}, "\"{{$secret T}}": 1}
ws://x/`
    const { spec, remembered } = await resolveText(text, { ...SECRET, given: { n: '[1]' } })
    assert.deepEqual(spec.protocolOptions, { auth: { a: 's3cr"et t0ken', b: [1], '"s3cr"et t0ken': 1 } })
    assert.deepEqual(remembered.protocolOptions, {
      auth: { a: '{{$secret T}}', b: [1], '"{{$secret T}}': 1 },
    })
    const body = async (format: string) =>
      (await resolveText(`POST http://x/\n\n${format}{"a": "{{q}}"}`, { given: { q: '"' } })).spec.body
    assert.equal(await body(''), '{"a": """}')
    assert.equal(await body('# @format json\n'), String.raw`{"a": "\""}`)
  })

  it('says that a secret is too short to be masked', async () => {
    const text = 'ws://x/?pin={{$secret PIN}}'
    const { secrets, remembered, problems } = await resolveText(text, {
      answers: { secret: async () => '123' },
    })
    assert.deepEqual([secrets, remembered.url], [[], text])
    assert.deepEqual(
      problems.map(({ code, severity }) => [code, severity]),
      [['SHORT_SECRET', 'warning']],
    )
  })

  it('says that expressions are not evaluated', async () => {
    const text = 'ws://x/\r\n\r\n{"a": "{{ 1 + 1 }}",\r\n"b": "{{ Date.now() }}"}'
    const { problems } = await resolveText(text)
    assert.deepEqual(
      problems.map(({ code, start, end }) => [code, text.slice(start, end)]),
      [
        ['EXPRESSION', '{{ 1 + 1 }}'],
        ['EXPRESSION', '{{ Date.now() }}'],
      ],
    )
  })

  for (const [what, text, code, sentence, marked] of [
    [
      'an unknown variable in the URL',
      '### Chat\nws://{{hots}}/',
      'UNKNOWN_VARIABLE',
      /^The request "Chat" cannot run: There is no variable \{\{hots\}\}; did/,
      '{{hots}}',
    ],
    [
      'an unknown variable in a line that continues the URL',
      'http://x/\r\n  ?a={{nope}}\r\n',
      'UNKNOWN_VARIABLE',
      /^The request on line 1 cannot run: /,
      '{{nope}}',
    ],
    [
      'an unknown variable in a header',
      '# @name a\nws://x/\nA: b {{nope}}',
      'UNKNOWN_VARIABLE',
      /^The request "a"/,
      '{{nope}}',
    ],
    [
      'an unknown variable in a message',
      '\n\nws://x/\n\na {{host}}\nb {{nope}}',
      'UNKNOWN_VARIABLE',
      /on line 3 cannot/,
      '{{nope}}',
    ],
    [
      'an unknown variable in a filter',
      '# @set a = $.b when {{nope}}\nws://x/',
      'UNKNOWN_VARIABLE',
      /cannot run/,
      '{{nope}}',
    ],
    [
      'a variable that is set when it is open',
      '# @set a = $.b\nws://x/{{a}}',
      'UNKNOWN_VARIABLE',
      /only messages can use it/,
      '{{a}}',
    ],
    ['a URL without a host', 'ws://{{empty}}/', 'BAD_URL', /URL/, 'ws://{{empty}}/'],
    ['a URL of another scheme', 'SSE ws://x/', 'BAD_URL', /http/, 'ws://x/'],
    ['a masked URL', 'ws://x/?token=***', 'MASKED_VALUE', /The URL contains \*\*\*/, 'ws://x/?token=***'],
    [
      'a masked header',
      'ws://x/\nAuthorization: ***',
      'MASKED_VALUE',
      /The header Authorization contains/,
      'Authorization: ***',
    ],
    [
      'a header with a line break',
      'ws://x/\nA: {{lines}}',
      'BAD_VALUE',
      /The header A must be|have/,
      'A: {{lines}}',
    ],
    [
      'an option with a wrong value',
      '# @interval {{host}}\nPOLL http://x/',
      'BAD_VALUE',
      /The option interval must be a whole number/,
      '{{host}}',
    ],
    [
      'a file that does not exist',
      'POST http://x/\n\n< ./nope.json',
      'NO_FILE',
      /There is no file \.\/nope\.json/,
      './nope.json',
    ],
    ['a key that does not exist', '# @key k.pem\nwss://x/', 'NO_FILE', /no file k\.pem/, 'k.pem'],
    [
      'a message of several forms',
      '# @protocol mqtt\nws://x/\n\n{"topic": "a"}',
      'FORM',
      /fits several forms of mqtt; add "form": .*"publish", "subscribe", "unsubscribe"/,
      '{"topic": "a"}',
    ],
    [
      'a form with other fields',
      '# @protocol mqtt\nws://x/\n\n{"form": "publish", "qos": 1}',
      'FORM',
      /The form publish of mqtt has the fields topic \(required\)/,
      '{"form": "publish", "qos": 1}',
    ],
    ['a body that is not hex', 'POST http://x/\n\n# @format hex\nzz', 'BAD_HEX', /not valid hex/, 'hex'],
    [
      'a body for a WebSocket',
      'GET {{socket}}\n\nhello',
      'BAD_URL',
      /write WEBSOCKET before it/,
      '{{socket}}',
    ],
  ] as const)
    it(`cannot run with ${what}, and marks it`, async () => {
      const given = { host: 'h', empty: '', lines: 'a\nb', socket: 'ws://x/' }
      const { failure, marked: found } = await failureOf(text, { given, file: '/nowhere/api.http' })
      assert.equal(failure.code, code, failure.message)
      assert.match(failure.message, sentence)
      assert.equal(found, marked)
    })

  it('does not tell a secret in a failure', async () => {
    const { failure } = await failureOf('ws://{{$secret T}}/', SECRET)
    assert.equal(failure.code, 'BAD_URL')
    assert.ok(!failure.message.includes('s3cr'), failure.message)
  })

  it('does not tell the rest of a secret that begins with another one', async () => {
    const secret = async (name: string) => (name === 'USER' ? 'jonas' : 'jonas-4711')
    const { failure } = await failureOf('ws://{{$secret USER}} {{$secret PASSWORD}}/', {
      answers: { secret },
    })
    assert.ok(!/jonas|4711/.test(failure.message), failure.message)
  })

  it('is not run if a question is canceled', async () => {
    const cancelled = new Failure('CANCELLED', 'Canceled.')
    const answers = { prompt: () => Promise.reject(cancelled) }
    await assert.rejects(resolveText('ws://x/\n\n{{$prompt Who?}}', { answers }), cancelled)
  })

  it('is limited in its size', async () => {
    const steps = Array.from({ length: 1001 }, () => 'x').join('\n===\n')
    assert.equal((await failureOf(`ws://x/\n\n${steps}`)).failure.code, 'TOO_MANY')
  })

  it('has the text that its file has, with other line ends', async () => {
    const { spec } = await resolveText('POST http://x/\r\n\r\na\r\n{{b}}\r\n', { given: { b: 'c' } })
    assert.equal(spec.body, 'a\nc')
    assert.equal(parseRequestFile('').requests.length, 0)
  })
})
