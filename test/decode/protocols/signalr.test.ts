import assert from 'node:assert/strict'
import { encode } from '@msgpack/msgpack'
import type { ConnectionFacts, EncodedMessage, Packet } from '../../../src/decode/decoder.ts'
import { DECODERS } from '../../../src/decode/decoders.ts'
import { decodeAll, message } from './recordings.ts'
import { itIsRobust } from './robust.ts'

const SIGNALR = DECODERS.find(({ name }) => name === 'signalr') ?? assert.fail()
const FACTS: ConnectionFacts = { connection: 1, transport: 'websocket', url: 'wss://host.example/hub?id=x' }

const frame = (array: unknown[]): Buffer => {
  const bytes = encode(array)
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7]
  return Buffer.concat([Buffer.of(...length), bytes])
}

type Line = readonly [direction: 'in' | 'out', text: string | null, arrays: unknown[][], json: unknown[]]

/** The same conversation in MessagePack and in JSON. */
const TALK: readonly Line[] = [
  ['in', '{}\u001e', [], [{}]],
  [
    'out',
    null,
    [[1, {}, '1', 'Add', [1, 2], []]],
    [{ type: 1, invocationId: '1', target: 'Add', arguments: [1, 2] }],
  ],
  ['in', null, [[3, {}, '1', 3, 3]], [{ type: 3, invocationId: '1', result: 3 }]],
  [
    'out',
    null,
    [[1, {}, null, 'Log', ['x'.repeat(200)], []]],
    [{ type: 1, target: 'Log', arguments: ['x'.repeat(200)] }],
  ],
  [
    'out',
    null,
    [[4, {}, '2', 'Count', [], []]],
    [{ type: 4, invocationId: '2', target: 'Count', arguments: [] }],
  ],
  [
    'in',
    null,
    [[2, {}, '2', 1], [6], [2, {}, '2', null]],
    [{ type: 2, invocationId: '2', item: 1 }, { type: 6 }, { type: 2, invocationId: '2', item: null }],
  ],
  ['out', null, [[5, {}, '2']], [{ type: 5, invocationId: '2' }]],
  ['in', null, [[3, {}, '2', 2]], [{ type: 3, invocationId: '2' }]],
  ['in', null, [[3, {}, '3', 1, 'no']], [{ type: 3, invocationId: '3', error: 'no' }]],
  ['in', null, [[7, 'gone', true]], [{ type: 7, error: 'gone', allowReconnect: true }]],
]

const messageOf = (direction: 'in' | 'out', payload: string | Buffer, number: number) =>
  message(payload, { facts: FACTS, direction, number })

const handshake = (protocol: string) =>
  messageOf('out', `${JSON.stringify({ protocol, version: 1 })}\u001e`, 0)

const inMsgpack: EncodedMessage[] = [
  handshake('messagepack'),
  ...TALK.map(([direction, text, arrays], index) =>
    messageOf(direction, text ?? Buffer.concat(arrays.map(frame)), index + 1),
  ),
]
const inJson: EncodedMessage[] = [
  handshake('json'),
  ...TALK.map(([direction, , , records], index) =>
    messageOf(direction, records.map((record) => `${JSON.stringify(record)}\u001e`).join(''), index + 1),
  ),
]

describe('SignalR in MessagePack', () => {
  before(() => SIGNALR.load?.())

  it('is recognized by its handshake', () => {
    const [first = assert.fail()] = inMsgpack
    assert.equal(SIGNALR.recognizeMessage?.(first), 'a handshake with protocol messagepack')
    assert.equal(SIGNALR.recognizeMessage?.(inJson[0] ?? assert.fail()), 'a handshake with protocol json')
  })

  it('means the same as in JSON', () => {
    const packets = decodeAll(SIGNALR, inMsgpack)
    const withoutHandshake = (all: Packet[]) => all.slice(1)
    assert.deepEqual(withoutHandshake(packets), withoutHandshake(decodeAll(SIGNALR, inJson)))
    assert.deepEqual(
      packets.map(({ kind, name }) => `${kind} ${name ?? ''}`.trim()),
      [
        'handshake handshake',
        'handshake',
        'request Add',
        'response',
        'event Log',
        'request Count',
        'data',
        'heartbeat ping',
        'data',
        'unsubscribe Count',
        'complete',
        'error',
        'error close',
      ],
    )
  })

  it('is given up if a message is cut', () => {
    const bytes = frame([1, {}, null, 'Log', ['x'], []]).subarray(0, 8)
    assert.throws(
      () => decodeAll(SIGNALR, [messageOf('in', bytes, 0)]),
      /^Error: .* SignalR in MessagePack\.$/,
    )
  })

  itIsRobust(SIGNALR, [], FACTS, inMsgpack)
})
