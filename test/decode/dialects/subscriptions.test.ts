/** Every packet of the recordings, as their protocols' specifications have it. */
import assert from 'node:assert/strict'
import { checkValues, type Row, rowsOf } from './recorded.ts'

describe('the recordings of JSON dialects to publish and subscribe', () => {
  it('graphql-transport-ws names results by their operation', async () => {
    const id = (start: string) => (row: Row) => row[4]?.startsWith(start)
    const rows = await rowsOf('graphql-transport-ws', 'graphqlws.rtsession')
    assert.deepEqual(
      rows.filter((row) => row[4] === undefined),
      [
        [4, 'handshake', 'connection_init'],
        [5, 'handshake', 'connection_ack', undefined, undefined, 3],
        [31, 'heartbeat', 'ping'],
        [32, 'heartbeat', 'pong', undefined, undefined, 30],
        [41, 'heartbeat', 'ping'],
        [42, 'heartbeat', 'pong', undefined, undefined, 40],
        [50, 'heartbeat', 'ping'],
        [51, 'heartbeat', 'pong', undefined, undefined, 49],
      ],
    )
    const short = (start: string) =>
      rows.filter(id(start)).map(([line, kind, name, , , answers]) => [line, kind, name, answers])
    assert.deepEqual(short('ae24'), [
      [6, 'subscribe', 'H', undefined],
      [7, 'data', 'H', 5],
      [8, 'complete', 'H', 5],
    ])
    // Anonymous operations are named by their first field.
    assert.deepEqual(short('3452'), [
      [9, 'subscribe', 'boom', undefined],
      [10, 'data', 'boom', 8],
      [11, 'complete', 'boom', 8],
    ])
    assert.deepEqual(short('bba7'), [
      [12, 'subscribe', 'nosuchfield', undefined],
      [13, 'error', 'nosuchfield', 11],
    ])
    assert.deepEqual(short('f63f'), [
      [14, 'subscribe', 'add', undefined],
      [15, 'data', 'add', 13],
      [16, 'complete', 'add', 13],
    ])
    assert.deepEqual(short('59be'), [
      [17, 'subscribe', 'Ticks', undefined],
      ...[22, 24, 25, 28].map((line) => [line, 'data', 'Ticks', 16]),
      [29, 'complete', 'Ticks', 16],
    ])
    assert.deepEqual(short('0723'), [
      [18, 'subscribe', 'ticks', undefined],
      ...[23, 26].map((line) => [line, 'data', 'ticks', 17]),
      [27, 'complete', 'ticks', 17],
    ])
    assert.deepEqual(short('aa1d'), [
      [19, 'subscribe', 'failing', undefined],
      [20, 'data', 'failing', 18],
      [21, 'error', 'failing', 18],
    ])
    const long = short('d749')
    assert.deepEqual(long.slice(0, 2), [
      [30, 'subscribe', 'Long', undefined],
      [33, 'data', 'Long', 29],
    ])
    // The client ended it while a result was on its way.
    assert.deepEqual(long.slice(-2), [
      [57, 'complete', 'Long', undefined],
      [58, 'data', 'Long', 29],
    ])
    assert.equal(rows.length, 51)
    await checkValues('graphql-transport-ws', 'graphqlws.rtsession', (payload) => JSON.parse(payload).payload)
  })

  it('graphql-sse pairs results with the query in the body', async () => {
    assert.deepEqual(await rowsOf('graphql-sse', 'graphql-sse.rtsession'), [
      [2, 'subscribe', 'ticks'],
      ...[5, 6, 7].map((line): Row => [line, 'data', 'ticks', undefined, undefined, 1]),
      [8, 'complete', 'ticks', undefined, undefined, 1],
    ])
    await checkValues('graphql-sse', 'graphql-sse.rtsession', (payload) =>
      payload === '' ? undefined : JSON.parse(payload),
    )
  })

  it('graphql-sse names results by the query in the URL', async () => {
    const turn = (line: number): Row[] => [
      ...[line, line + 1, line + 2].map((each): Row => [each, 'data', 'ticks']),
      [line + 3, 'complete', 'ticks'],
    ]
    assert.deepEqual(await rowsOf('graphql-sse', 'graphql-yoga-sse.rtsession'), [
      ...[5, 14, 23, 32].flatMap(turn),
      [41, 'data', 'ticks'],
    ])
  })

  it('bayeux pairs messages of a handshake by POST and a WebSocket', async () => {
    const tick = (line: number, id: string): Row => [line, 'event', '/ticks', '/ticks', id]
    assert.deepEqual(await rowsOf('bayeux', 'faye.rtsession'), [
      [5, 'handshake', '/meta/handshake', undefined, '1'],
      [8, 'handshake', '/meta/handshake', undefined, '1', 4],
      [9, 'heartbeat', '/meta/connect', undefined, '2'],
      [10, 'subscribe', '/meta/subscribe', '/ticks', '3'],
      [11, 'ack', '/meta/subscribe', '/ticks', '3', 9],
      [12, 'subscribe', '/meta/subscribe', '/chat/*', '4'],
      [13, 'ack', '/meta/subscribe', '/chat/*', '4', 11],
      [14, 'subscribe', '/meta/subscribe', '/secret', '5'],
      [15, 'error', '/meta/subscribe', '/secret', '5', 13],
      [16, 'request', '/chat/a', '/chat/a', '6'],
      [17, 'event', '/chat/a', '/chat/a', '6'],
      [18, 'ack', '/chat/a', '/chat/a', '6', 15],
      ...['2d', '2e', '2f', '2g', '2h', '2j', '2k', '2l', '2m', '2n'].map((id, index) =>
        tick(19 + index, id),
      ),
      [29, 'heartbeat', '/meta/connect', undefined, '2', 8],
      [30, 'heartbeat', '/meta/connect', undefined, '7'],
      ...['2o', '2p', '2q', '2r'].map((id, index) => tick(31 + index, id)),
      [35, 'close', '/meta/disconnect', undefined, '8'],
      [36, 'close', '/meta/disconnect', undefined, '8', 34],
    ])
  })

  it('nes pairs requests, subscriptions and pings', async () => {
    const path = '/item/5'
    const pub = (line: number): Row => [line, 'event', path, path]
    assert.deepEqual(await rowsOf('nes', 'nes.rtsession'), [
      [4, 'handshake', 'hello', undefined, '1'],
      [5, 'handshake', 'hello', undefined, '1', 3],
      [6, 'request', 'hello', undefined, '2'],
      [7, 'response', 'hello', undefined, '2', 5],
      [8, 'request', '/sum', undefined, '3'],
      [9, 'response', '/sum', undefined, '3', 7],
      [10, 'request', '/fail', undefined, '4'],
      [11, 'error', '/fail', undefined, '4', 9],
      [12, 'request', '/nope', undefined, '5'],
      [13, 'error', '/nope', undefined, '5', 11],
      [14, 'subscribe', path, path, '6'],
      [15, 'ack', path, path, '6', 13],
      [16, 'heartbeat', 'ping'],
      [17, 'subscribe', '/bad', '/bad', '7'],
      [18, 'error', '/bad', '/bad', '7', 16],
      [19, 'heartbeat', 'ping', undefined, '8', 15],
      pub(20),
      pub(21),
      [22, 'event', 'update'],
      pub(23),
      [24, 'heartbeat', 'ping'],
      [25, 'heartbeat', 'ping', undefined, '9', 23],
      pub(26),
      pub(27),
      [28, 'heartbeat', 'ping'],
      [29, 'heartbeat', 'ping', undefined, '10', 27],
      pub(30),
      [31, 'event', 'update'],
      pub(32),
      pub(33),
      [34, 'heartbeat', 'ping'],
      [35, 'heartbeat', 'ping', undefined, '11', 33],
      pub(36),
      [37, 'unsubscribe', path, path, '12'],
      [38, 'ack', path, path, '12', 36],
      [39, 'request', 'message', undefined, '13'],
      [40, 'error', 'message', undefined, '13', 38],
    ])
  })

  it('primus pairs pings and the question for an ID', async () => {
    const ping = (line: number, id: string): Row[] => [
      [line, 'heartbeat', 'ping', undefined, id],
      [line + 1, 'heartbeat', 'pong', undefined, id, line - 1],
    ]
    assert.deepEqual(await rowsOf('primus', 'primus.rtsession'), [
      [4, 'event'],
      [5, 'handshake', 'id'],
      [6, 'handshake', 'id', undefined, undefined, 4],
      ...[7, 8, 9, 10].map((line): Row => [line, 'event']),
      ...ping(11, '1795878329771'),
      ...ping(13, '1795878330571'),
      ...ping(15, '1795878331371'),
      [17, 'event'],
      [18, 'event'],
      [19, 'close', 'server::close'],
    ])
    await checkValues('primus', 'primus.rtsession', (payload) => JSON.parse(payload))
  })

  it('action-cable reads the JSON in its JSON', async () => {
    const room = '{"channel":"ChatChannel","room":"a"}'
    const locked = '{"channel":"ChatChannel","room":"locked"}'
    const channel = 'ChatChannel'
    const got = (line: number): Row => [line, 'event', undefined, channel]
    assert.deepEqual(await rowsOf('action-cable', 'actioncable.rtsession'), [
      [4, 'handshake', 'welcome'],
      [5, 'heartbeat', 'ping'],
      [6, 'subscribe', channel, channel, room],
      [7, 'ack', channel, channel, room, 5],
      [8, 'subscribe', channel, channel, locked],
      [9, 'error', channel, channel, locked, 7],
      got(10),
      [11, 'event', 'speak', channel],
      [12, 'event', 'echo', channel],
      [13, 'event', 'boom', channel],
      ...[14, 15, 16, 17, 18, 19, 20].map(got),
      [21, 'heartbeat', 'ping'],
      ...[22, 23].map(got),
      [24, 'unsubscribe', channel, channel, room],
    ])
    await checkValues('action-cable', 'actioncable.rtsession', (payload) => {
      const { identifier, command, data, type, message } = JSON.parse(payload)
      if (data !== undefined) return JSON.parse(data)
      if (message !== undefined) return message
      return command !== undefined || identifier !== undefined ? JSON.parse(identifier) : { type }
    })
  })
})
