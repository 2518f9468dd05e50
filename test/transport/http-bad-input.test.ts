import assert from 'node:assert/strict'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import zlib from 'node:zlib'
import { afterEach, describe, it } from 'mocha'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import type { TransportName } from '../../src/shared/transports.ts'
import { RecordedConnection } from '../support/connection.ts'
import { closeServers, listen, refusedPort } from '../support/loopback.ts'
import { reset, serveRaw } from '../support/raw-server.ts'
import { certificates } from '../support/tls.ts'

/** A limit that endless input and bombs exceed quickly. */
const LIMIT = 100_000
const OVER_LIMIT = /(?:more than|larger than the limit of) 100000 bytes/

interface Manner {
  readonly transport: TransportName
  readonly type: string
  /** A record whose payload is `kept`. */
  readonly record: string
  /** Each record is a response of its own. */
  readonly polls: boolean
}

const MANNERS: readonly Manner[] = [
  { transport: 'sse', type: 'text/event-stream', record: 'data: kept\n\n', polls: false },
  { transport: 'http-stream', type: 'application/x-ndjson', record: 'kept\n', polls: false },
  { transport: 'long-poll', type: 'text/plain', record: 'kept', polls: true },
  { transport: 'poll', type: 'text/plain', record: 'kept', polls: true },
]

/** What an error must say: its code, what failed, what to try. */
interface Said {
  readonly title: string
  readonly code: string
  readonly failed: RegExp
  readonly advice: RegExp
}

function chunk(bytes: string | Uint8Array): Buffer {
  const size = Buffer.byteLength(bytes).toString(16)
  return Buffer.concat([Buffer.from(`${size}\r\n`), Buffer.from(bytes), Buffer.from('\r\n')])
}

/** Writes for as long as the peer reads. */
function endlessly(socket: Socket, more: string | Uint8Array): void {
  const write = () => {
    while (!socket.destroyed && socket.write(more));
  }
  socket.on('drain', write)
  write()
}

interface BadBody extends Said {
  readonly coding?: string
  /** Encodes the first record as it is sent. Default: as it is. */
  readonly encode?: (record: string) => Uint8Array
  /** Misbehaves after the record was received. */
  readonly end?: (socket: Socket) => void
}

function bomb(coding: string, encode: (bytes: Buffer) => Uint8Array): BadBody {
  return {
    title: `a ${coding} bomb`,
    code: 'TOO_LARGE',
    failed: OVER_LIMIT,
    advice: /^raise/,
    coding,
    encode: (record) => encode(Buffer.concat([Buffer.from(record), Buffer.alloc(5_000_000, 'x')])),
  }
}

const BODIES: readonly BadBody[] = [
  {
    title: 'a reset',
    code: 'ECONNRESET',
    failed: /reset the connection/,
    advice: /^check the server's log/,
    end: reset,
  },
  {
    title: 'a truncated chunk',
    code: 'TRUNCATED',
    failed: /closed the connection before the end of the body/,
    advice: /^what came before is kept/,
    end: (socket) => socket.end('9\r\nxyz'),
  },
  {
    title: 'a chunk without a size',
    code: 'BAD_RESPONSE',
    failed: /sent a chunk without a valid size/,
    advice: /^what came before is kept/,
    end: (socket) => socket.write('size\r\n'),
  },
  {
    title: 'a chunk extension without end',
    code: 'TOO_LARGE',
    failed: /a chunk with a size line of more than 16 KiB/,
    advice: /^check that the URL/,
    end: (socket) => {
      socket.write('1;')
      endlessly(socket, 'x'.repeat(1000))
    },
  },
  {
    title: 'a record without end',
    code: 'TOO_LARGE',
    failed: OVER_LIMIT,
    advice: /^raise/,
    end: (socket) => endlessly(socket, chunk('x'.repeat(1000))),
  },
  {
    title: 'a body that does not have its Content-Encoding',
    code: 'BAD_ENCODING',
    failed: /is not gzip, although its Content-Encoding says so/,
    advice: /^request it without an encoding/,
    coding: 'gzip',
    encode: (record) => zlib.gzipSync(record, { finishFlush: zlib.constants.Z_SYNC_FLUSH }),
    end: (socket) => socket.write(chunk('plain')),
  },
  bomb('gzip', zlib.gzipSync),
  bomb('br', zlib.brotliCompressSync),
  bomb('zstd', zlib.zstdCompressSync),
]

interface BadHead extends Said {
  readonly only?: TransportName
  /** Milliseconds. */
  readonly timeout?: number
  readonly answer: (socket: Socket) => void
}

function redirect(to: () => Promise<string>): (socket: Socket) => void {
  return (socket) =>
    void to().then((location) =>
      socket.end(`HTTP/1.1 307 Temporary Redirect\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`),
    )
}

const HEADS: readonly BadHead[] = [
  {
    title: 'a refused port',
    code: 'ECONNREFUSED',
    failed: /refused the connection/,
    advice: /^check that the server runs/,
    answer: redirect(async () => `http://127.0.0.1:${await refusedPort()}/`),
  },
  {
    title: 'an untrusted certificate',
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    failed: /certificate of .* is self-signed/,
    advice: /^trust the certificate on this machine/,
    answer: redirect(
      async () => `https://127.0.0.1:${await listen(createTlsServer(certificates().selfSigned))}/`,
    ),
  },
  {
    title: 'a redirect to another scheme',
    code: 'BAD_REDIRECT',
    failed: /redirects to ws:/,
    advice: /^connect to ws:\/\/127\.0\.0\.1\//,
    answer: redirect(async () => 'ws://127.0.0.1/'),
  },
  {
    title: 'a connection closed without a response',
    code: 'CLOSED',
    failed: /closed the connection without answering/,
    advice: /^check the server's log/,
    answer: (socket) => socket.end(),
  },
  {
    title: 'a connection reset without a response',
    code: 'ECONNRESET',
    failed: /reset the connection/,
    advice: /^check the server's log/,
    answer: reset,
  },
  {
    title: 'no response at all',
    code: 'TIMEOUT',
    failed: /did not answer within 1000 ms/,
    advice: /^check the address/,
    timeout: 1000,
    answer: () => {},
  },
  {
    title: 'a response that is not HTTP',
    code: 'BAD_RESPONSE',
    failed: /does not speak HTTP/,
    advice: /^check the port/,
    answer: (socket) => socket.write('220 mail.example ESMTP\r\n'),
  },
  {
    title: 'two lengths',
    code: 'BAD_RESPONSE',
    failed: /HTTP does not allow/,
    advice: /^check the port/,
    answer: (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'),
  },
  {
    title: 'a status line without end',
    code: 'TOO_LARGE',
    failed: /header fields of more than 64 KiB/,
    advice: /^check that the URL/,
    answer: (socket) => {
      socket.write('HTTP/1.1 200 ')
      endlessly(socket, 'OK'.repeat(500))
    },
  },
  {
    title: 'a header field without end',
    code: 'TOO_LARGE',
    failed: /header fields of more than 64 KiB/,
    advice: /^check that the URL/,
    answer: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX: ')
      endlessly(socket, 'x'.repeat(1000))
    },
  },
  {
    title: 'header fields without end',
    code: 'TOO_LARGE',
    failed: /header fields of more than 64 KiB/,
    advice: /^check that the URL/,
    answer: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      endlessly(socket, 'X: x\r\n'.repeat(100))
    },
  },
  {
    title: 'a wrong status',
    code: 'HTTP_STATUS',
    failed: /answered 403 Forbidden \("not you"\)/,
    advice: /^check the credentials/,
    answer: (socket) =>
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\nnot you'),
  },
  {
    title: 'a wrong type',
    only: 'sse',
    code: 'BAD_MIME',
    failed: /answered with Content-Type text\/html rather than text\/event-stream/,
    advice: /^check the URL, or use the transport/,
    answer: (socket) =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi'),
  },
]

/** Runs a connection to its end with a server that calls `answer` with the number of each request, from 0. */
async function ended(
  spec: Omit<ConnectionSpec, 'url'>,
  answer: (socket: Socket, index: number, recorded: () => RecordedConnection) => void,
): Promise<RecordedConnection> {
  let index = 0
  const host = await serveRaw((socket) => answer(socket, index++, () => recorded))
  const recorded = new RecordedConnection({
    url: `http://${host}/?token=secret`,
    interval: 1,
    maxMessageSize: LIMIT,
    ...spec,
  })
  recorded.connection.start()
  await recorded.connection.done
  return recorded
}

/** Asserts that the error is emitted once, as a complete sentence, and that what came before it is kept. */
function assertSaid(recorded: RecordedConnection, { code, failed, advice }: Said): void {
  const { events } = recorded
  const [error, ...more] = recorded.of('error').filter((each) => each.code === code)
  assert.ok(error !== undefined && more.length === 0, JSON.stringify(recorded.of('error')))
  const [sentence = '', ...rest] = error.message.split('; ')
  assert.match(sentence, failed)
  assert.match(rest.join('; '), advice)
  assert.match(error.message, /^\S.*\.$/)
  assert.doesNotMatch(error.message, /secret|\bat \w+ \(/)
  assert.equal(recorded.texts()[0], 'kept')
  assert.ok(events.indexOf(error) > events.findIndex(({ type }) => type === 'message'))
}

for (const { transport, type, record, polls } of MANNERS) {
  describe(`${transport} with bad input`, () => {
    afterEach(closeServers)

    const head = (coding?: string) =>
      `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n${coding ? `Content-Encoding: ${coding}\r\n` : ''}`
    const whole = `${head()}Connection: close\r\nContent-Length: ${record.length}\r\n\r\n${record}`

    for (const bad of BODIES) {
      it(`reports ${bad.title} in a body, and keeps what came before`, async () => {
        const { coding, encode = (text) => Buffer.from(text), end } = bad
        const recorded = await ended({ transport, reconnect: 'never' }, (socket, index, connection) => {
          if (polls && index === 0) return void socket.end(whole)
          socket.write(`${head(coding)}Transfer-Encoding: chunked\r\n\r\n`)
          socket.write(chunk(encode(record)))
          if (end !== undefined)
            void connection()
              .until('message')
              .then(() => end(socket))
        })
        assertSaid(recorded, bad)
        assert.equal(recorded.of('error').length, 1)
        assert.deepEqual(recorded.types.slice(-2), ['error', 'close'])
        assert.equal(recorded.connection.status().state, 'failed')
      })
    }

    for (const bad of HEADS.filter(({ only = transport }) => only === transport)) {
      it(`reports ${bad.title}, and keeps what came before`, async () => {
        const recorded = await ended(
          {
            transport,
            // A stream gets it when it reconnects, a poll with its next request.
            ...(polls ? { reconnect: 'never' } : { reconnect: 1, maxAttempts: 1 }),
            ...(bad.timeout !== undefined && { timeout: bad.timeout }),
          },
          (socket, index) => {
            if (index > 0) return bad.answer(socket)
            if (polls) return void socket.end(whole)
            socket.end(`${head()}Content-Length: 100\r\n\r\n${record}`)
          },
        )
        assert.deepEqual(
          recorded
            .of('error')
            .map(({ code }) => code)
            .filter((code) => code !== 'GAVE_UP'),
          polls ? [bad.code] : ['TRUNCATED', bad.code],
        )
        assertSaid(recorded, bad)
        assert.equal(recorded.connection.status().state, 'failed')
      })
    }
  })
}
