import assert from 'node:assert/strict'
import { encode } from '@msgpack/msgpack'
import { encode as encodeCbor } from 'cborg'
import type { ConnectionFacts } from '../../../src/decode/decoder.ts'
import { DECODERS } from '../../../src/decode/decoders.ts'
import { decodeAll, message } from './recordings.ts'
import { itIsRobust } from './robust.ts'

const decoderOf = (name: string) => DECODERS.find((each) => each.name === name) ?? assert.fail()
const factsOf = (facts: Partial<ConnectionFacts>): ConnectionFacts => ({
  connection: 1,
  transport: 'websocket',
  url: 'wss://host.example/',
  ...facts,
})

const WAMP: readonly (readonly ['in' | 'out', unknown])[] = [
  ['out', [1, 'realm1', { roles: { caller: {} } }]],
  ['in', [2, 9007199254740991, { roles: {} }]],
  ['out', [48, 1, {}, 'com.add', [1, 2]]],
  ['in', [50, 1, {}, [3]]],
]
const ABLY: readonly (readonly ['in' | 'out', unknown])[] = [
  ['in', { action: 4, connectionId: 'c', connectionDetails: { connectionKey: 'k' } }],
  ['out', { action: 10, channel: 'room' }],
  ['in', { action: 11, channel: 'room' }],
  ['out', { action: 15, channel: 'room', msgSerial: 0, messages: [{ name: 'greet', data: 'ü' }] }],
  ['in', { action: 1, msgSerial: 0, count: 1 }],
]

const CASES = [
  {
    name: 'wamp',
    talk: WAMP,
    encoding: 'MessagePack',
    pack: encode,
    facts: { subprotocol: 'wamp.2.msgpack' },
  },
  { name: 'wamp', talk: WAMP, encoding: 'CBOR', pack: encodeCbor, facts: { subprotocol: 'wamp.2.cbor' } },
  {
    name: 'ably',
    talk: ABLY,
    encoding: 'MessagePack',
    pack: encode,
    facts: { url: 'ws://host.example/?key=k&format=msgpack&heartbeats=false&v=6&agent=ably-js' },
  },
] as const

for (const { name, talk, encoding, pack, facts: own } of CASES)
  describe(`${name} in ${encoding}`, () => {
    const decoder = decoderOf(name)
    const facts = factsOf(own)
    const packed = talk.map(([direction, value]) => message(pack(value), { facts, direction }))
    before(() => decoder.load?.())

    it('is recognized, and decoded as in JSON', () => {
      assert.equal(DECODERS.find((each) => each.recognize(facts) !== undefined)?.name, name)
      const inJson = talk.map(([direction, value]) => message(JSON.stringify(value), { facts, direction }))
      const packets = decodeAll(decoder, packed)
      assert.equal(packets.length, talk.length)
      assert.deepEqual(packets, decodeAll(decoder, inJson))
    })

    it('gives up in a sentence if the bytes are something else', () => {
      assert.throws(() => decodeAll(decoder, [message(Buffer.of(0x9f), { facts })]), {
        message: `The bytes are not ${encoding}.`,
      })
    })

    describe('is robust, so that it', () =>
      itIsRobust(decoder, name === 'wamp' ? ['wamp'] : [], facts, packed))
  })
