import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import { RecordedConnection } from '../../support/connection.ts'
import { message } from '../../support/recording.ts'
import { serve, stopServing } from '../../support/served.ts'
import { body, chunks, ended, stream } from './recorded-stream.ts'

describe('a served stream', () => {
  afterEach(stopServing)

  it('restores the framing of pieces of text and elements of an array', async () => {
    const serveRecords = async (type: string, framing: string, ...records: [string, string?][]) => {
      const { url } = await serve([
        ...stream('http-stream', { 'content-type': type }, { framing }),
        ...records.map(([text, own], index) =>
          message(2 + index, text, own === undefined ? {} : { framing: own }),
        ),
        ended(90),
      ])
      return await body(url)
    }
    assert.equal(
      await serveRecords('text/plain', 'lines', ['Once', 'raw'], [' upon', 'raw'], [' a'], ['time', 'raw']),
      'Once upon a\ntime',
    )
    assert.equal(
      await serveRecords(
        'application/json',
        'ndjson',
        ['{}'],
        ['1', 'json-array'],
        ['2', 'json-array'],
        ['[]'],
      ),
      '{}\n[1,2]\n[]\n',
    )
    assert.equal(await serveRecords('application/json', 'ndjson', ['1', 'json-array']), '[1]\n')
    assert.equal(
      await serveRecords('application/vnd.docker.raw-stream', 'raw', ['out', 'length-prefixed']),
      '\x01\0\0\0\0\0\0\x03out',
    )
  })

  it('sends each record as its own chunk at its time, in its framing', async () => {
    const { url } = await serve(
      [
        ...stream(
          'http-stream',
          { 'content-type': 'application/x-ndjson', 'x-a': 'b' },
          { framing: 'ndjson' },
        ),
        message(1, '{"n":1}'),
        message(300, '{"n":2}'),
        message(600, '{"n":3}'),
        ended(601),
      ],
      { speed: 2 },
    )
    const started = performance.now()
    const { head, texts } = await chunks(url)
    assert.deepEqual(texts, ['{"n":1}\n', '{"n":2}\n', '{"n":3}\n'])
    assert.ok(performance.now() - started > 290)
    assert.match(head, /^HTTP\/1\.1 200 OK\r\ncontent-type: application\/x-ndjson\r\nx-a: b\r\n/)
  })

  it('starts over in a loop', async () => {
    const { url } = await serve(
      [
        ...stream('http-stream', { 'content-type': 'text/plain' }, { framing: 'lines' }),
        message(1, 'a'),
        ended(5),
      ],
      { loop: true },
    )
    const response = await fetch(url)
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString()
      if (text.length >= 6) break
    }
    assert.match(text, /^a\na\na\n/)
  })

  it('lists what was recorded in the response for an unknown path', async () => {
    const { url, told } = await serve(stream('http-stream', {}, { url: 'https://h/there?x=1' }))
    const response = await fetch(new URL('/elsewhere', url))
    assert.equal(response.status, 404)
    assert.match(await response.text(), /recorded are: \/there\?x=1/)
    assert.equal(told[0]?.type, 'refused')
  })

  it('survives clients that disconnect in the middle, and invalid requests', async () => {
    const events = [
      ...stream('http-stream', { 'content-type': 'text/plain' }, { framing: 'lines' }),
      ...Array.from({ length: 1000 }, (_, n) => message(n, 'x'.repeat(10_000))),
      ended(2000),
    ]
    const { url } = await serve(events)
    await Promise.all(
      [1, 2, 3].map(async () => {
        const response = await fetch(url)
        const reader = response.body?.getReader()
        await reader?.read()
        await reader?.cancel()
      }),
    )
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.resume().end('GARBAGE\r\n\r\n')
    await once(socket, 'close')
    const { texts } = await chunks(url)
    assert.equal(texts.join('').length, 1000 * 10_001)
  })

  /** Serves a recording and records it again. */
  async function again(events: readonly RealtimeEvent[], spec: Partial<ConnectionSpec>) {
    const { url } = await serve(events)
    const recorder = new RecordedConnection({ url, reconnect: 'never', ...spec })
    recorder.connection.start()
    await recorder.connection.done
    return recorder
      .of('message')
      .map(({ payload, truncated }) => [Buffer.from(payload).toString('latin1'), truncated ?? false])
  }

  const BINARY = Buffer.from([0, 255, 10, 13, 45, 45, 120, 0])
  const FRAMINGS: readonly [framing: string, type: string, records: readonly (string | Uint8Array)[]][] = [
    ['lines', 'text/plain', ['a', '', 'é', 'c d']],
    ['ndjson', 'application/x-ndjson', ['{"a":1}', '[2]']],
    ['json-seq', 'application/json-seq', ['{"a":\n1}', '3', '"x"']],
    ['length-prefixed', 'application/octet-stream', [BINARY, '', 'text']],
    ['length-prefixed', 'application/vnd.docker.multiplexed-stream', ['out\n', BINARY]],
    ['grpc', 'application/connect+json', ['\0\0\0\0\x02{}', Buffer.from([2, 0, 0, 0, 2, 123, 125])]],
    ['multipart', 'multipart/x-mixed-replace; boundary=frame', [BINARY, 'two', 'inside --frame']],
    ['multipart', 'multipart/mixed; boundary="a b"', ['{"x":1}', '']],
    ['sse', 'text/event-stream', ['a\nb', 'c']],
  ]

  for (const [framing, type, records] of FRAMINGS) {
    it(`serves the same records of ${type} as ${framing} to a client that records them again`, async () => {
      const events = [
        ...stream('http-stream', { 'content-type': type }, { framing }),
        ...records.map((record, n) => message(n + 2, record)),
        ended(100),
      ]
      assert.deepEqual(
        await again(events, { transport: 'http-stream', framing: framing as 'lines' }),
        records.map((record) => [Buffer.from(record).toString('latin1'), false]),
      )
    })
  }

  for (const framing of ['lines', 'json-seq', 'length-prefixed'] as const) {
    it(`truncates the last record of ${framing} as recorded`, async () => {
      const events = [
        ...stream('http-stream', { 'content-type': 'application/octet-stream' }, { framing }),
        message(2, '{"a":1}'),
        message(3, '{"b":', { truncated: true }),
        ended(100),
      ]
      assert.deepEqual(await again(events, { transport: 'http-stream', framing }), [
        ['{"a":1}', false],
        ['{"b":', true],
      ])
    })
  }

  it('sends raw chunks unchanged', async () => {
    const { url } = await serve(
      [
        ...stream('http-stream', { 'content-type': 'audio/mpeg' }, { framing: 'raw' }),
        message(1, Uint8Array.of(1, 2)),
        message(100, Uint8Array.of(3)),
        ended(101),
      ],
      { speed: 1 },
    )
    assert.deepEqual((await chunks(url)).texts, ['\x01\x02', '\x03'])
  })
})
