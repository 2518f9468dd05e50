/** Seeded random requests: every transport and option, each optional part present or not, and texts that mean something. */
import type { WrittenRequest } from '../../../src/request/file/print.ts'
import type { ScriptStep } from '../../../src/shared/request-script.ts'
import { type ConnectionSpec, FRAMINGS, HTTP_VERSIONS } from '../../../src/shared/spec.ts'
import { TRANSPORTS } from '../../../src/shared/transports.ts'

export type Random = () => number

export function pick<T>(random: Random, from: readonly T[]): T {
  const picked = from[Math.floor(random() * from.length)]
  if (picked === undefined) throw new Error('nothing to pick from')
  return picked
}

function maybe<T extends object>(random: Random, fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(() => random() < 0.4)) as Partial<T>
}

/** Lines that mean something to this tool or to another one, if nothing is done. */
const LINES = [
  '',
  ' ',
  '\t',
  'hello',
  '  indented',
  'trailing  ',
  '### a',
  '  ### a',
  '# comment',
  '# @message a',
  '// comment',
  '/*',
  '*/',
  '===',
  ' === ',
  '=== wait-for-server',
  '=== else',
  'ends with ===',
  'ends with === wait-for-server',
  '====',
  '?? status == 200',
  '> quoted',
  '> ./script.js',
  '> {% x %}',
  '< ./file',
  '< {% x %}',
  '<@ ./file',
  '<> ./file',
  '<a>text</a>',
  '<',
  '>> out.json',
  '{{',
  '}}',
  '{{@request',
  '{{name}}',
  '{{{name}}}',
  '{{$uuid}}',
  '{{$braces}}',
  '{ "a": "{{b}}" }',
  '@a = b',
  '@a',
  'GET http://localhost/',
  'WS ws://localhost/',
  'ws://localhost/',
  'SSE http://localhost/',
  'HTTP/1.1 200 OK',
  'WS 1000 - closed',
  'Name: value',
  'import ./a.http',
  'proto < ./a.proto',
  'PING\r',
  'a\rb',
  '\0',
  '\u0001\u001f\u007f',
  '\u2028',
  '\ufeffa',
  '\u00a0',
  'é€😀',
  '<--->',
  '...headers',
]

export function randomText(random: Random): string {
  const lines = Array.from({ length: 1 + Math.floor(random() * 5) }, () => pick(random, LINES))
  return lines.join('\n')
}

const JSONS = ['{}', '{"a":1}', '[1,\n 2]', '{\n  "a": "{{b}}"\n}', '"###"', 'null', '{"form":"emit"}']

function randomStep(random: Random): ScriptStep {
  const name = random() < 0.3 ? { name: `message ${Math.floor(random() * 1e6)}` } : {}
  switch (Math.floor(random() * 7)) {
    case 0:
      return { kind: 'wait' }
    case 1:
      return { kind: 'send', ...name, message: { format: 'json', text: pick(random, JSONS) } }
    case 2:
      return {
        kind: 'send',
        ...name,
        message: { format: 'hex', text: pick(random, ['', '00 ff', '0x00\n0x01']) },
      }
    case 3:
      return {
        kind: 'send',
        ...name,
        message: { format: 'base64', text: pick(random, ['', 'AAEC', 'AA==']) },
      }
    default:
      return { kind: 'send', ...name, message: { format: 'text', text: randomText(random) } }
  }
}

const URLS = {
  ws: ['ws://localhost:8080/', 'wss://example.com/a?b={{c}}&d=%20', 'ws://localhost/a b', 'WS://Localhost'],
  http: ['http://localhost:8080/', 'https://example.com/a?b={c}&d=e', 'http://localhost/{{a}}/ HTTP/1.1'],
} as const

function randomSpec(random: Random, isSocket: boolean): ConnectionSpec {
  const http = TRANSPORTS.filter((name) => name !== 'websocket')
  const transport = isSocket
    ? pick(random, ['auto', 'websocket'] as const)
    : pick(random, ['auto', ...http] as const)
  return {
    url: pick(random, URLS[isSocket ? 'ws' : 'http']),
    ...(random() < 0.7 && { transport }),
    ...maybe(random, {
      method: pick(random, ['GET', 'POST', 'PUT', 'get', 'SUBSCRIBE', 'SSE', 'M-SEARCH']),
      headers: {
        ...maybe(random, {
          Accept: 'text/event-stream',
          'X-Text': pick(random, ['', 'a', 'a: b // c', '# a', '{{b}}', 'tab\there', 'é', '\u00a0a']),
          Authorization: 'Bearer {{$secret TOKEN}}',
          Event: 'a',
          'content-type': pick(
            random,
            isSocket
              ? ['text/plain']
              : ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=a'],
          ),
          'x-list': ['a', 'b'],
        }),
      } as Record<string, string | string[]>,
      ...(isSocket
        ? { subprotocols: pick(random, [[], ['a'], ['a', 'b.c']]) }
        : {
            body: pick<ConnectionSpec['body'] & {}>(random, [
              '',
              randomText(random),
              ' a = b\n&c=\t d &e\r\n',
              '{"a":1}',
              { base64: 'AAEC' },
              { base64: '' },
            ]),
          }),
      reconnect: pick(random, ['never', 'backoff', 500] as const),
      maxAttempts: 3,
      interval: 200,
      timeout: 4000,
      framing: pick(random, FRAMINGS),
      cursor: pick(random, ['auto', 'header:X-Index:index', 'json:/next:since']),
      tls: maybe(random, { insecure: random() < 0.5, plainRedirects: random() < 0.5 }),
      proxy: 'http://proxy.example:3128/',
      maxMessageSize: 1024,
      http: pick(random, HTTP_VERSIONS),
      compression: random() < 0.5,
      pingInterval: pick(random, [10, 1500, 30_000]),
      ...(random() < 0.5 && { cookieJar: false }),
      plainResponse: random() < 0.5,
      asBrowser: random() < 0.5,
      latencyField: "$.a[0]['b c']",
      decoder: 'none',
      protocol: pick(random, ['socket.io', 'mqtt', 'graphql-transport-ws']),
      protocolOptions: maybe<Record<string, unknown>>(random, {
        a: pick(random, ['', 'text', ' b', '1', 'true', '{{a}}', 'a=b', 'a\nb', '"']),
        b: pick<unknown>(random, [1, true, null, { c: '{{d}}' }, [], [1], ['a', 'b'], [[1], [2]]]),
      }),
    }),
  }
}

export function randomRequest(random: Random): WrittenRequest {
  const isSocket = random() < 0.5
  return {
    ...maybe(random, {
      name: pick(random, ['chat', 'Chat room', 'a.b-c']),
      title: pick(random, ['Chat room', 'chat', 'with "quotes" {{a}}']),
      limits: maybe(random, { maxMessages: 10, duration: pick(random, [1000, 1500]) }),
      isManual: true as const,
    }),
    spec: randomSpec(random, isSocket),
    ...(isSocket && { steps: Array.from({ length: Math.floor(random() * 5) }, () => randomStep(random)) }),
  }
}
