/** Every packet of the recordings, as their protocols' specifications have it. */
import assert from 'node:assert/strict'
import { dialectDecoder } from '../../../src/decode/dialects/dialect-decoder.ts'
import { wamp } from '../../../src/decode/dialects/rows/wamp.ts'
import { decodedOf, expectedOf, placeOf } from '../protocols/recordings.ts'
import { checkValues, type Row, rowsOf, rpcValue, trimmed } from './recorded.ts'

describe('the recordings of JSON dialects to call', () => {
  it('json-rpc pairs results and errors with their requests', async () => {
    assert.deepEqual(await rowsOf('json-rpc', 'rpcws.rtsession'), [
      [4, 'request', 'sum', undefined, '1'],
      [5, 'response', 'sum', undefined, '1', 3],
      [6, 'request', 'fail', undefined, '2'],
      [7, 'error', 'fail', undefined, '2', 5],
      [8, 'request', 'nope', undefined, '3'],
      [9, 'error', 'nope', undefined, '3', 7],
      [10, 'request', 'secret', undefined, '4'],
      [11, 'error', 'secret', undefined, '4', 9],
      [12, 'request', 'rpc.login', undefined, '5'],
      [13, 'response', 'rpc.login', undefined, '5', 11],
      [14, 'request', 'secret', undefined, '6'],
      [15, 'response', 'secret', undefined, '6', 13],
      [16, 'request', 'rpc.on', undefined, '7'],
      [17, 'response', 'rpc.on', undefined, '7', 15],
      ...[18, 19, 20, 21, 22].map((line): Row => [line, 'event', 'tick']),
      [23, 'request', 'rpc.off', undefined, '8'],
      [24, 'response', 'rpc.off', undefined, '8', 22],
      // Without an ID, it is a notification.
      [25, 'event', 'sum'],
    ])
    await checkValues('json-rpc', 'rpcws.rtsession', rpcValue)
  })

  it('json-rpc decodes lines of a stream', async () => {
    assert.deepEqual(
      await rowsOf('json-rpc', 'jsonrpc-ndjson.rtsession'),
      [4, 5, 6, 7, 8].map((line) => [line, 'event', 'tick']),
    )
  })

  for (const file of ['mcp.rtsession', 'mcp.har'])
    it(`${file} pairs requests with answers on other connections`, async () => {
      const rows = await rowsOf('mcp', file)
      const start = file === 'mcp.har' ? 2 : 0
      const late = start / 2
      const at = (line: number) => line + (line > 8 ? late : 0)
      const shifted = (...[line, kind, name, channel, id, answers]: Row): Row =>
        trimmed([at(line), kind, name, channel, id, answers === undefined ? undefined : at(answers + 1) - 1])
      const progress = (line: number) => shifted(line, 'data', 'notifications/progress', 'count')
      const log = (line: number) => shifted(line, 'event', 'notifications/message')
      const sent = rows.find(([, , name]) => name === 'tools/list')?.[0]
      assert.deepEqual(rows, [
        [2, 'handshake', 'initialize', undefined, '0'],
        [5, 'handshake', 'initialize', undefined, '0', 1],
        [7, 'handshake', 'notifications/initialized'],
        [sent, 'request', 'tools/list', undefined, '1'],
        [at(15), 'response', 'tools/list', undefined, '1', (sent ?? 0) - 1],
        shifted(16, 'request', 'tools/call', 'add', '2'),
        shifted(19, 'response', 'tools/call', 'add', '2', 15),
        shifted(20, 'request', 'tools/call', 'count', '3'),
        progress(23),
        log(24),
        progress(25),
        log(26),
        progress(27),
        log(28),
        shifted(29, 'response', 'tools/call', 'count', '3', 19),
        shifted(30, 'request', 'tools/call', 'boom', '4'),
        shifted(33, 'error', 'tools/call', 'boom', '4', 29),
        shifted(34, 'request', 'tools/call', 'nope', '5'),
        shifted(37, 'error', 'tools/call', 'nope', '5', 33),
        shifted(38, 'request', 'resources/read', 'demo://motd', '6'),
        shifted(41, 'response', 'resources/read', 'demo://motd', '6', 37),
        shifted(42, 'request', 'resources/read', 'demo://zip', '7'),
        shifted(45, 'error', 'resources/read', 'demo://zip', '7', 41),
        [at(49), 'close', 'DELETE'],
        log(50),
        log(51),
        log(52),
      ])
    })

  it('mcp has the parameters, the result or the error as value', async () => {
    await checkValues('mcp', 'mcp.rtsession', rpcValue)
    assert.deepEqual(await rowsOf('mcp', 'mcp-init.rtsession'), [
      [2, 'handshake', 'initialize', undefined, '1'],
      [4, 'handshake', 'initialize', undefined, '1', 1],
    ])
    // The token of the progress is not the ID of the request.
    assert.deepEqual((await rowsOf('mcp', 'mcp-toolcall.rtsession')).slice(0, 2), [
      [2, 'request', 'tools/call', 'count', '2'],
      [4, 'data', 'notifications/progress', 'count'],
    ])
  })

  it('wamp agrees with the list of packets that came with the recording', async () => {
    const decoded = await decodedOf(dialectDecoder(wamp), 'wamp')
    const expected = expectedOf('wamp')
    assert.ok(expected.length > 0)
    assert.deepEqual(
      decoded.map(({ line, parts, direction, value }) => [line, parts, direction, value]),
      expected.map((packet) => [...placeOf(packet), packet.message]),
    )
    assert.deepEqual(await rowsOf('wamp', 'wamp.rtsession'), [
      [4, 'handshake', 'HELLO', 'realm1'],
      [5, 'handshake', 'WELCOME', 'realm1', undefined, 3],
      [6, 'subscribe', 'ticks', 'ticks', '1'],
      [7, 'ack', 'ticks', 'ticks', '1', 5],
      [8, 'subscribe', 'chat', 'chat', '2'],
      [9, 'ack', 'chat', 'chat', '2', 7],
      [10, 'request', 'my.add', 'my.add', '3'],
      [11, 'ack', 'my.add', 'my.add', '3', 9],
      [12, 'request', 'my.add', 'my.add', '4'],
      [13, 'request', 'my.add', 'my.add', '94132858008489'],
      [14, 'response', 'my.add', 'my.add', '94132858008489', 12],
      [15, 'response', 'my.add', 'my.add', '4', 11],
      [16, 'request', 'math.sum', 'math.sum', '5'],
      [17, 'response', 'math.sum', 'math.sum', '5', 15],
      [18, 'request', 'no.such', 'no.such', '6'],
      [19, 'error', 'no.such', 'no.such', '6', 17],
      [20, 'request', 'chat', 'chat', '7'],
      [21, 'ack', 'chat', 'chat', '7', 19],
      [22, 'event', 'ticks', 'ticks'],
      [23, 'event', 'ticks', 'ticks'],
      [24, 'event', 'ticks', 'ticks'],
      [25, 'request', 'my.add', 'my.add', '8'],
      [26, 'ack', 'my.add', 'my.add', '8', 24],
      [27, 'unsubscribe', 'ticks', 'ticks', '9'],
      [28, 'ack', 'ticks', 'ticks', '9', 26],
      [29, 'close', 'GOODBYE'],
      [30, 'close', 'GOODBYE', undefined, undefined, 28],
    ])
  })

  it('trpc over SSE has the procedure of the URL', async () => {
    const turn = (line: number): Row[] => [
      [line, 'handshake', 'ticks'],
      ...[1, 2, 3].map((after): Row => [line + after, 'data', 'ticks']),
      [line + 4, 'complete', 'ticks'],
    ]
    assert.deepEqual(await rowsOf('trpc', 'trpc-sse.rtsession'), [4, 13, 22].flatMap(turn))
  })

  it('trpc tells subscriptions from queries', async () => {
    const data = (line: number, id: string, answers: number): Row => [
      line,
      'data',
      'ticks',
      undefined,
      id,
      answers,
    ]
    assert.deepEqual(await rowsOf('trpc', 'trpc.rtsession'), [
      [4, 'handshake', 'connectionParams'],
      [5, 'request', 'hello', undefined, '1'],
      [6, 'response', 'hello', undefined, '1', 4],
      [7, 'request', 'add', undefined, '2'],
      [8, 'response', 'add', undefined, '2', 6],
      [9, 'request', 'bad', undefined, '3'],
      [10, 'error', 'bad', undefined, '3', 8],
      [11, 'request', 'hello', undefined, '4'],
      [12, 'error', 'hello', undefined, '4', 10],
      [13, 'subscribe', 'ticks', undefined, '5'],
      [14, 'ack', 'ticks', undefined, '5', 12],
      ...[15, 16, 17, 18].map((line) => data(line, '5', 12)),
      [19, 'heartbeat', 'PING'],
      [20, 'heartbeat', 'PONG', undefined, undefined, 18],
      data(21, '5', 12),
      [22, 'complete', 'ticks', undefined, '5', 12],
      [23, 'unsubscribe', 'ticks', undefined, '5'],
      [24, 'subscribe', 'ticks', undefined, '6'],
      [25, 'ack', 'ticks', undefined, '6', 23],
      ...[26, 27, 28, 29].map((line) => data(line, '6', 23)),
      [30, 'heartbeat', 'PING'],
      [31, 'heartbeat', 'PONG', undefined, undefined, 29],
      ...[32, 33, 34].map((line) => data(line, '6', 23)),
      [35, 'unsubscribe', 'ticks', undefined, '6'],
      [36, 'complete', 'ticks', undefined, '6', 23],
      [37, 'heartbeat', 'PING'],
      [38, 'heartbeat', 'PONG', undefined, undefined, 36],
    ])
  })
})
