import assert from 'node:assert/strict'
import { createEncoder, toUint8Array, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding'
import * as awareness from 'y-protocols/awareness'
import { writeSyncStep1, writeSyncStep2, writeUpdate } from 'y-protocols/sync'
import { Doc, encodeStateAsUpdate } from 'yjs'
import type { EncodedMessage } from '../../../src/decode/decoder.ts'
import { hocuspocus } from '../../../src/decode/protocols/yjs/hocuspocus.ts'
import { yjs } from '../../../src/decode/protocols/yjs/yjs.ts'
import { decodeAll, decodedOf, expectedOf, FACTS, message, messagesOf, placeOf } from './recordings.ts'
import { itIsRobust } from './robust.ts'

describe('Yjs', () => {
  before(() => yjs.load?.())

  it("decodes ywebsocket as the protocol's own parser", async () => {
    const decoded = await decodedOf(yjs, 'ywebsocket')
    const messages = messagesOf('ywebsocket')
    assert.deepEqual(
      decoded.map(({ line, parts, direction, name, value }, index) => {
        const { bytes, states } = value as { bytes?: number; states?: unknown }
        const own = { bytes, states, kind: name, size: messages[index]?.size }
        return [line, parts, direction, JSON.parse(JSON.stringify(own))]
      }),
      expectedOf('ywebsocket').map((packet) => {
        const { lines, direction, ...fields } = packet
        return [...placeOf(packet), fields]
      }),
    )
  })

  it('pairs the steps of the synchronization', async () => {
    const decoded = await decodedOf(yjs, 'ywebsocket')
    const steps = decoded.filter(({ kind }) => kind === 'request' || kind === 'response')
    assert.deepEqual(
      steps.map(({ line, name, answers }) => [line, name, answers]),
      [
        [4, 'sync.step1', undefined],
        [5, 'sync.step1', undefined],
        [7, 'sync.step2', 3],
        [8, 'sync.step2', 4],
      ],
    )
  })

  it('shows what a document lacks', () => {
    const document = new Doc()
    document.clientID = 200
    document.getText('t').insert(0, 'hello')
    const encoder = createEncoder()
    writeVarUint(encoder, 0)
    writeSyncStep1(encoder, document)
    const [packet] = decodeAll(yjs, [message(toUint8Array(encoder))])
    assert.deepEqual(packet?.value, { bytes: 4, stateVector: [{ clientID: 200, clock: 5 }] })
    assert.equal(yjs.recognizeMessage?.(message(toUint8Array(encoder))), 'a sync step of Yjs')
  })

  itIsRobust(yjs, ['ywebsocket'])
})

describe('Hocuspocus', () => {
  before(() => hocuspocus.load?.())

  /** A message as `@hocuspocus/provider` writes it. */
  function written(
    type: number,
    write: (encoder: ReturnType<typeof createEncoder>) => void = () => {},
  ): Uint8Array {
    const encoder = createEncoder()
    writeVarString(encoder, 'doc-ü')
    writeVarUint(encoder, type)
    write(encoder)
    return toUint8Array(encoder)
  }

  const document = new Doc()
  document.getText('t').insert(0, 'hello')
  const states = new awareness.Awareness(document)
  states.setLocalState({ name: 'Ann' })
  const token = written(2, (encoder) => {
    writeVarUint(encoder, 0)
    writeVarString(encoder, 'secret')
    writeVarString(encoder, '4.8.0')
  })
  const messages = [
    message(token, { direction: 'out' }),
    message(
      written(2, (encoder) => {
        writeVarUint(encoder, 2)
        writeVarString(encoder, 'read-write')
      }),
    ),
    message(
      written(0, (encoder) => writeSyncStep1(encoder, document)),
      { direction: 'out' },
    ),
    message(written(4, (encoder) => writeSyncStep2(encoder, document))),
    message(
      written(0, (encoder) => writeUpdate(encoder, encodeStateAsUpdate(document))),
      { direction: 'out' },
    ),
    message(written(8, (encoder) => writeVarUint(encoder, 1))),
    message(
      written(1, (encoder) =>
        writeVarUint8Array(encoder, awareness.encodeAwarenessUpdate(states, [document.clientID])),
      ),
    ),
    message(written(3)),
    message(written(5, (encoder) => writeVarString(encoder, '{"a":1}'))),
    message(Uint8Array.of(9)),
    message(Uint8Array.of(10), { direction: 'out' }),
    message(written(7, (encoder) => writeVarString(encoder, 'bye'))),
  ]
  after(() => states.destroy())

  it('decodes what its provider writes', () => {
    const packets = decodeAll(hocuspocus, messages)
    assert.ok(packets.every(({ channel, kind }) => channel === 'doc-ü' || kind === 'heartbeat'))
    assert.deepEqual(
      packets.map(({ kind, name, asks, answersTo }) => [kind, name, asks ?? answersTo]),
      [
        ['handshake', 'authentication', 'auth doc-ü'],
        ['handshake', 'authenticated', 'auth doc-ü'],
        ['request', 'sync.step1', 'sync doc-ü'],
        ['response', 'sync.step2', 'sync doc-ü'],
        ['event', 'sync.update', 'update 0 doc-ü'],
        ['ack', 'sync status', 'update 0 doc-ü'],
        ['event', 'awareness', 'awareness doc-ü'],
        ['request', 'query awareness', 'awareness doc-ü'],
        ['event', 'stateless', undefined],
        ['heartbeat', 'ping', 'ping'],
        ['heartbeat', 'pong', 'ping'],
        ['close', 'close', undefined],
      ],
    )
    assert.deepEqual(packets[0]?.value, { token: 'secret', version: '4.8.0' })
    assert.deepEqual(packets[6]?.value, {
      states: [{ clientID: document.clientID, clock: 1, state: { name: 'Ann' } }],
    })
  })

  it('pairs each update with its confirmation, in order, once the document is authenticated', () => {
    const update = () =>
      message(
        written(0, (encoder) => writeUpdate(encoder, encodeStateAsUpdate(document))),
        { direction: 'out' },
      )
    const status = (applied: number) => message(written(8, (encoder) => writeVarUint(encoder, applied)))
    const keysOf = (talk: EncodedMessage[]) =>
      decodeAll(hocuspocus, talk).map(({ asks, answersTo }) => asks ?? answersTo)
    const [first] = messages
    assert.ok(first !== undefined)
    assert.deepEqual(
      keysOf([first, update(), update(), status(1), update(), status(0), status(1), status(1)]),
      [
        'auth doc-ü',
        'update 0 doc-ü',
        'update 1 doc-ü',
        'update 0 doc-ü',
        'update 2 doc-ü',
        'update 1 doc-ü',
        'update 2 doc-ü',
        undefined,
      ],
    )
    assert.deepEqual(keysOf([update(), status(1)]), [undefined, undefined])
    const closed = message(written(7), { direction: 'out' })
    assert.deepEqual(keysOf([first, update(), closed, status(1)]).slice(2), [undefined, undefined])
  })

  it('tells the sessions of a document apart', () => {
    const encoder = createEncoder()
    writeVarString(encoder, 'doc\0s1')
    writeVarUint(encoder, 5)
    writeVarString(encoder, 'hi')
    assert.deepEqual(decodeAll(hocuspocus, [message(toUint8Array(encoder))]), [
      { kind: 'event', name: 'stateless', channel: 'doc', value: { sessionId: 's1', payload: 'hi' } },
    ])
  })

  it('is recognized by its authentication', () => {
    const reasons = messages.map((each) => hocuspocus.recognizeMessage?.(each))
    assert.deepEqual(
      reasons.filter((reason) => reason !== undefined),
      ['an authentication of Hocuspocus'],
    )
    assert.ok(messages.every((each) => yjs.recognizeMessage?.(each) === undefined))
  })

  itIsRobust(hocuspocus, [], FACTS, messages)
})
