import assert from 'node:assert/strict'
import { METHOD_KEYWORDS, METHODS } from '../../../src/request/file/methods.ts'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import type { ContentPart, FileRequest } from '../../../src/request/file/request-file.ts'

function only(text: string): FileRequest {
  const [request, ...others] = parseRequestFile(text).requests
  assert(request !== undefined && others.length === 0, 'one request')
  return request
}

function contentOf(parts: readonly ContentPart[]): string {
  return parts
    .map((part) =>
      part.kind === 'text' ? part.text : `(${part.isFilled ? 'filled' : 'bytes'} ${part.path.text})`,
    )
    .join('')
}

/** What is sent: each message, with its name and format, or the body. */
function sent({ transport, steps, body }: FileRequest): unknown[] {
  if (transport !== 'websocket') return [contentOf(body)]
  return steps.map((step) => {
    if (step.kind === 'wait') return 'WAIT'
    const { name, format } = step
    const content = contentOf(step.content)
    return name === undefined && format === undefined ? content : [name?.text, format?.text, content]
  })
}

function fields(of: FileRequest['headers']): (readonly [string, string])[] {
  return of.map(({ name, value }) => [name.text, value.text])
}

/** The problems as "severity CODE text". */
function problems(text: string): string[] {
  return parseRequestFile(text).problems.map(
    ({ severity, code, start, end }) => `${severity} ${code} ${text.slice(start, end)}`,
  )
}

describe('parsing a file of requests', () => {
  for (const [line, method, url, transport] of [
    ['WEBSOCKET ws://h', 'WEBSOCKET', 'ws://h', 'websocket'],
    ['ws  wss://h/a?b#c  ', 'ws', 'wss://h/a?b#c', 'websocket'],
    ['WSS {{host}}/a', 'WSS', '{{host}}/a', 'websocket'],
    ['wss://{{host}}', undefined, 'wss://{{host}}', 'websocket'],
    ['\t ws://h', undefined, 'ws://h', 'websocket'],
    ['SSE https://h', 'SSE', 'https://h', 'sse'],
    ['EventSource https://h', 'EventSource', 'https://h', 'sse'],
    ['LONGPOLL http://h HTTP/1.1', 'LONGPOLL', 'http://h', 'long-poll'],
    ['POLL http://h', 'POLL', 'http://h', 'poll'],
    ['STREAM http://h', 'STREAM', 'http://h', 'http-stream'],
    ['GET http://h HTTP/2', 'GET', 'http://h', 'auto'],
    ['post\thttp://h', 'post', 'http://h', 'auto'],
    ['GET ws://h', 'GET', 'ws://h', 'websocket'],
    ['http://h', undefined, 'http://h', 'auto'],
    ['{{url with spaces}}/a', undefined, '{{url with spaces}}/a', 'auto'],
    ['/path', undefined, '/path', 'auto'],
    ['# @sse\nGET http://h', 'GET', 'http://h', 'sse'],
    ['M-SEARCH http://h', 'M-SEARCH', 'http://h', 'auto'],
  ] as const)
    it(`reads the request line ${JSON.stringify(line)}`, () => {
      const request = only(line)
      assert.deepEqual([request.method?.text, request.url.text, request.transport], [method, url, transport])
      assert.equal(request.canRun, true)
    })

  it('reads every keyword of the table in any case', () => {
    for (const keyword of METHOD_KEYWORDS)
      for (const word of [keyword, keyword.toLowerCase()]) {
        const { transport, canRun } = only(`${word} http://h`)
        assert.equal(transport, METHODS[keyword].transport)
        assert.equal(canRun, !('runBy' in METHODS[keyword]))
      }
  })

  for (const [text, url] of [
    ['GET http://h/a\n  ?b=c\n  &d=e\nX: y\n', 'http://h/a?b=c&d=e'],
    ['GET http://h/a\n?b=c\n&d={{e}}\n', 'http://h/a?b=c&d={{e}}'],
    ['GET http://h\n    /api\n    items\nX: y', 'http://h/apiitems'],
    ['GET http://h?a # not a comment', 'http://h?a # not a comment'],
  ] as const)
    it(`continues the URL in ${JSON.stringify(text)}`, () => {
      assert.equal(only(text).url.text, url)
    })

  for (const [text, headers] of [
    [
      'GET http://h\nA:b\n C : d e \nE:\n',
      [
        ['A', 'b'],
        ['C', 'd e'],
        ['E', ''],
      ],
    ],
    [
      'GET http://h\nA: b\n   c\n\td\nE: f',
      [
        ['A', 'b c d'],
        ['E', 'f'],
      ],
    ],
    [
      'GET http://h\n# comment\nA: b\n// other\nA: c',
      [
        ['A', 'b'],
        ['A', 'c'],
      ],
    ],
    [
      'GET http://h\n{{name}}: x\nX-{{name}}: y',
      [
        ['{{name}}', 'x'],
        ['X-{{name}}', 'y'],
      ],
    ],
    ['GET http://h\nA: b: c // d', [['A', 'b: c // d']]],
    ['GET http://h\n\nA: body', []],
  ] as const)
    it(`reads the headers of ${JSON.stringify(text)}`, () => {
      assert.deepEqual(fields(only(text).headers), headers)
    })

  for (const [text, expected] of [
    ['WS ws://h', []],
    ['WS ws://h\n\n', []],
    ['WS ws://h\n\n\n  a\n\nb \n\n\n', ['  a\n\nb ']],
    ['WS ws://h\n\na\n===\nb\n === \nc', ['a', 'b', 'c']],
    ['WS ws://h\n\na\n=== // next\nb\n=== wait-for-server # one\nc', ['a', 'b', 'WAIT', 'c']],
    ['WS ws://h\n\n===\na\n===\n===\n\nb\n===', ['a', 'b']],
    [
      'WS ws://h\n\n=== wait-for-server\n=== wait-for-server\na\n=== wait-for-server',
      ['WAIT', 'WAIT', 'a', 'WAIT'],
    ],
    ['WS ws://h\n\n====\n=== x\n===x\n=== wait-for-servers', ['====\n=== x\n===x\n=== wait-for-servers']],
    ['WS ws://h\n["a"]\n===\nb', ['["a"]', 'b']],
    ['WS ws://h\n=== wait-for-server\nb', ['WAIT', 'b']],
    ['WS ws://h\n\na\n# no\n  // no\nb', ['a\nb']],
    ['WS ws://h\r\n\r\na\r\nb\r\n===\r\nc\r\n', ['a\nb', 'c']],
    ['WS ws://h\r\ra\rb', ['a\nb']],
    [
      'WS ws://h\n\n# @message A b\na\n===\n# @message c\n# @format hex\n00',
      [
        ['A b', undefined, 'a'],
        ['c', 'hex', '00'],
      ],
    ],
    ['WS ws://h\n# @format base64\n\nAA==\n===\nb', [[undefined, 'base64', 'AA=='], 'b']],
    ['WS ws://h\n\n< ./a b.bin ', ['(bytes ./a b.bin)']],
    ['WS ws://h\n\na\n<@ {{dir}}/b\nc\n< d\n< e', ['a\n(filled {{dir}}/b)\nc\n(bytes d)\n(bytes e)']],
    ['WS ws://h\n\n<a>\n < b\n<b', ['<a>\n < b\n<b']],
    ['WS ws://h\n\na\n?? x\n> {%\n a\n%}\nb\n{{@streaming\n b\n}}\nc', ['a\nb\nc']],
    ['WS ws://h\n\n@a = b\nGET x\n{{a}}', ['@a = b\nGET x\n{{a}}']],
    ['POST http://h\n\na\n===\nb', ['a\n===\nb']],
    ['POST http://h\nA: b\n\n\n{\n\n}\n\n### x', ['{\n\n}']],
  ] as const)
    it(`reads what is sent in ${JSON.stringify(text)}`, () => {
      assert.deepEqual(sent(only(text)), expected)
    })

  for (const [text, name, title] of [
    ['### a b \nws://h', 'a b', 'a b'],
    ['###a\n# @name  b c\nws://h', 'b c', 'a'],
    ['###\n#@name b\nws://h', 'b', undefined],
    ['// @name = b\nws://h', 'b', undefined],
    ['# @name=b\nws://h', 'b', undefined],
    ['#### # a\nws://h', 'a', 'a'],
    ['ws://h', undefined, undefined],
  ] as const)
    it(`reads the name in ${JSON.stringify(text)}`, () => {
      const request = only(text)
      assert.deepEqual([request.name?.text, request.title?.text], [name, title])
    })

  it('reads options, values and expectations', () => {
    const request = only(`# @option timeout 5 s
//@maxMessages 3
# @insecure
# @option protocol-option auth={"a": "b c"}
# @set token = $.token
# @set id = $1 when text:/id=(.*)/
SSE http://h
# @duration 1.5
?? kind:ack within 2s
# @expect type:error at most 0
`)
    assert.deepEqual(fields(request.options), [
      ['timeout', '5 s'],
      ['maxMessages', '3'],
      ['insecure', ''],
      ['protocol-option', 'auth={"a": "b c"}'],
      ['duration', '1.5'],
    ])
    assert.deepEqual(
      request.values.map(({ name, path, filter }) => [name.text, path.text, filter?.text]),
      [
        ['token', '$.token', undefined],
        ['id', '$1', 'text:/id=(.*)/'],
      ],
    )
    assert.deepEqual(
      request.expectations.map(({ text }) => text),
      ['kind:ack within 2s', 'type:error at most 0'],
    )
  })

  it('reads variables before requests and among headers', () => {
    const { variables } = parseRequestFile(
      '\ufeff@a = b c \n@d=\n@e := {{a}}\n\n###\n@f = g\nWS ws://h\n@i = j\n\n@k = l',
    )
    assert.deepEqual(fields(variables), [
      ['a', 'b c'],
      ['d', ''],
      ['e', '{{a}}'],
      ['f', 'g'],
      ['i', 'j'],
    ])
  })

  it('reads the requests of a file', () => {
    const { requests, comments } = parseRequestFile(
      '# a\nws://a\n### b\n# c\n###\n\nws://d\n\n  ### e\nGET http://e\n\nx\n###',
    )
    assert.deepEqual(
      requests.map(({ url }) => url.text),
      ['ws://a', 'ws://d', 'http://e'],
    )
    assert.equal(comments.length, 4)
  })

  for (const [text, expected] of [
    ['< {%\na\n%}\nws://h', ['warning SCRIPT < {%\na\n%}']],
    ['ws://h\n\n> {% a %}\nb', ['warning SCRIPT > {% a %}']],
    ['ws://h\n\n> {%\na', ['warning SCRIPT > {%\na']],
    ['< ./a.js\nws://h\n\n> ./b.js', ['warning SCRIPT < ./a.js', 'warning SCRIPT > ./b.js']],
    ['{{\na\n}}\nws://h\n\n{{+after\nb\n}}', ['warning SCRIPT {{\na\n}}', 'warning SCRIPT {{+after\nb\n}}']],
    ['ws://h\n\n{{\nnot ended', []],
    ['import ./a.http\nrun #b\nws://h', ['warning NOT_RUN import ./a.http', 'warning NOT_RUN run #b']],
    [
      'ws://h\n\n>> a.json\n>>! b.json\n<> c.json',
      ['warning NOT_WRITTEN >> a.json', 'warning NOT_WRITTEN >>! b.json', 'info NO_EFFECT <> c.json'],
    ],
    ['ws://h\n...headers', ['warning SCRIPT ...headers']],
    [
      '# @no-log\n# @ref a\n# @keepStreaming\nws://h',
      ['info NO_EFFECT no-log', 'warning NOT_SUPPORTED ref', 'info NO_EFFECT keepStreaming'],
    ],
    ['# @unknown x\nws://h', ['warning UNKNOWN_OPTION unknown']],
    ['# @option unknown x\nws://h', ['warning UNKNOWN_OPTION unknown']],
    ['# @timeout abc\nws://h', ['error BAD_VALUE abc']],
    ['# @timeout {{a}}\nws://h', []],
    ['# @timeout 30\nws://h', ['warning UNIT 30']],
    ['# @option timeout\nws://h', ['error NO_VALUE timeout']],
    ['# @insecure maybe\nws://h', ['error BAD_VALUE maybe']],
    ['# @name\nws://h', ['warning NO_VALUE name']],
    ['ws://h\n\n# @format xml\n<a>', ['error BAD_VALUE xml']],
    ['# @set a\nws://h', ['error BAD_SET a']],
    ['# @set a = b\nws://h', ['error BAD_SET a = b']],
    ['# @set 1 = $.b\nws://h', ['error BAD_NAME 1']],
    ['# @set a = $1\nws://h', ['error BAD_SET $1']],
    ['@1 = b\nws://h', ['warning BAD_NAME 1']],
    ['@ a = b', ['error NOT_A_REQUEST @ a = b']],
    ['@a b = c', ['warning BAD_NAME a b']],
    ['WS', ['error NO_URL WS']],
    ['WS ', ['error NO_URL WS']],
    ['some words', ['error NOT_A_REQUEST some words']],
    ['WEBSOKET ws://h', ['error UNKNOWN_METHOD WEBSOKET']],
    ['GTE http://h\nAccept: text/event-stream', ['warning UNKNOWN_METHOD GTE']],
    ['GRPC h/a\n\n{}\n===\n{}', ['info OTHER_PROTOCOL GRPC']],
    ['ws://h\nno header', ['error BAD_HEADER no header']],
    ['ws://h\n{}', ['info NO_EMPTY_LINE {}']],
    ['GET http://h', ['info PLAIN_HTTP GET']],
    ['# @transport poll\nGET http://h', []],
    ['GET http://h\naccept: a, text/event-stream', []],
    ['SSE http://h\nEvent: a', ['info NO_EFFECT Event: a']],
    ['ws://h\n\na\n=== b', ['warning BAD_SEPARATOR b']],
    ['SSE http://h\n\na\n===', ['warning BAD_SEPARATOR ===']],
    ['ws://h\n\n# @message a\n===\nb', ['warning NO_MESSAGE a']],
    ['ws://h\n\n# @message a\nb\n===\n# @message a\nc', ['warning SAME_NAME a']],
    ['SSE http://h\n\n# @message a\nb', ['warning NO_EFFECT a']],
    ['ws://h\n\n<@latin1 a', ['warning BAD_ENCODING <@latin1 a']],
    ['ws://h\n\nGET http://h', ['warning LOOKS_LIKE_REQUEST GET http://h']],
    ['### a\nws://h\n### a\nws://h', ['warning SAME_NAME a']],
    ['# @name a', ['warning NO_REQUEST # @name a']],
    ['ws://h\n\n?? status == 200', []],
    ['ws://h\n\n?? body $.a == 1', ['warning FOREIGN_EXPECTATION body $.a == 1']],
    ['# @expect {{a}}\nws://h', []],
    ['# @expect\nws://h', ['warning NO_VALUE expect']],
    ['# @expect at least 1\nws://h', ['error BAD_EXPECTATION at least 1']],
  ] as const)
    it(`says what is wrong with ${JSON.stringify(text)}`, () => {
      assert.deepEqual(problems(text), expected)
      const [request] = parseRequestFile(text).requests
      if (request !== undefined && request.method?.text !== 'GRPC')
        assert.equal(request.canRun, !expected.some((problem) => problem.startsWith('error')))
    })

  it('reads the beginning of a file with too many lines or requests', () => {
    const lines = parseRequestFile(`ws://h\n\n${'a\n'.repeat(250_000)}`)
    assert.equal(lines.requests.length, 1)
    assert.deepEqual(
      lines.problems.map(({ code }) => code),
      ['TOO_LARGE'],
    )
    const requests = parseRequestFile('###\nws://h\n'.repeat(6000))
    assert.equal(requests.requests.length, 5000)
    assert.deepEqual(
      requests.problems.map(({ code }) => code),
      ['TOO_LARGE'],
    )
    const problemsOf = parseRequestFile(`ws://h\n${'not a header\n'.repeat(3000)}`).problems
    assert.equal(problemsOf.length, 1001)
    assert.deepEqual(problemsOf.at(-1)?.code, 'TOO_MANY_PROBLEMS')
    const characters = parseRequestFile('a'.repeat(8 * 1024 * 1024 + 1))
    assert.deepEqual(
      characters.problems.map(({ code }) => code),
      ['TOO_LARGE'],
    )
  })
})
