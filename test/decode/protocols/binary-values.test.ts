import assert from 'node:assert/strict'
import { ExtData, encode as encodeMsgpack } from '@msgpack/msgpack'
import { encode as encodeCbor } from 'cborg'
import type { ConnectionFacts, Decoder, EncodedMessage } from '../../../src/decode/decoder.ts'
import { cbor } from '../../../src/decode/protocols/payloads/cbor.ts'
import { msgpack } from '../../../src/decode/protocols/payloads/msgpack.ts'
import { decodeAll, message } from './recordings.ts'
import { itIsRobust } from './robust.ts'

const WEBSOCKET: ConnectionFacts = { connection: 1, transport: 'websocket' }
const STREAM: ConnectionFacts = { connection: 1, transport: 'http-stream' }

const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  23,
  24,
  255,
  256,
  65_536,
  2 ** 32,
  -(2 ** 40),
  1.5,
  '',
  'ü'.repeat(20),
  'x'.repeat(300),
  'y'.repeat(70_000),
  [],
  {},
  [1, [2, [3]], { a: [] }],
  { type: 'trade', data: { price: 1.25, symbols: ['A', 'B'] } },
  Array.from({ length: 70_000 }, (_, index) => index % 7),
  Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, index])),
]

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

const FORMATS: readonly [Decoder, (value: unknown) => Uint8Array][] = [
  [msgpack, (value) => encodeMsgpack(value, { useBigInt64: true })],
  [cbor, (value) => encodeCbor(value)],
]

for (const [decoder, encode] of FORMATS)
  describe(`values of ${decoder.name}`, () => {
    const valuesOf = (payload: Uint8Array, facts = WEBSOCKET) =>
      decodeAll(decoder, [message(payload, { facts })]).map(({ value }) => value)

    before(() => decoder.load?.())

    it('are decoded, one or several in a message', () => {
      for (const value of VALUES) assert.deepEqual(valuesOf(encode(value)), [value])
      assert.deepEqual(valuesOf(Buffer.concat(VALUES.map((value) => encode(value)))), VALUES)
      const bytes = Uint8Array.of(1, 2, 255)
      assert.deepEqual(valuesOf(encode({ bytes })), [{ bytes: { base64: 'AQL/' } }])
      assert.deepEqual(valuesOf(encode(2n ** 63n)), ['9223372036854775808'])
      assert.deepEqual(valuesOf(encode(2n ** 63n - 1n)), ['9223372036854775807'])
    })

    it('are named by the customary fields', () => {
      const [{ kind, name } = assert.fail()] = decodeAll(decoder, [
        message(encode({ x: 1, type: 'trade' }), { facts: WEBSOCKET }),
      ])
      assert.deepEqual([kind, name], ['event', 'trade'])
    })

    it('are the same in every split of a stream, in linear time', () => {
      const stream = Buffer.concat(VALUES.map((value) => encode(value)))
      for (const size of [1, 3, 1000]) {
        const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
          message(stream.subarray(index * size, (index + 1) * size), { facts: STREAM, binary: false }),
        )
        const packets = decodeAll(decoder, pieces)
        assert.deepEqual(
          packets.map(({ value }) => value),
          VALUES,
        )
        if (size === 1) assert.equal(packets[14]?.parts, encode(VALUES[14]).length)
      }
    })

    it('are not text messages, nor parts of a message', () => {
      assert.deepEqual(decodeAll(decoder, [message('{"a":1}', { facts: WEBSOCKET })]), [])
      assert.throws(
        () => valuesOf(encode('x'.repeat(300)).subarray(0, 50)),
        /^Error: The message ends inside/,
      )
    })

    it('are recognized by the content type or the subprotocol', () => {
      const { name } = decoder
      const type = (value: string) =>
        decoder.recognize({ ...STREAM, responseHeaders: { 'Content-Type': value } })
      assert.equal(type(`application/${name}`), `content type application/${name}`)
      assert.equal(type(`application/vnd.api+${name}; a=b`), `content type application/vnd.api+${name}`)
      assert.equal(type('application/json'), undefined)
      assert.equal(decoder.recognize({ ...WEBSOCKET, subprotocol: name }), `subprotocol ${name}`)
      assert.equal(decoder.recognize({ ...WEBSOCKET, subprotocol: 'json' }), undefined)
    })

    const own: EncodedMessage[] = [3, 13, 14, 18, 19, 21].map((index) =>
      message(encode(VALUES[index]), { facts: STREAM }),
    )
    itIsRobust(decoder, [], STREAM, own)
  })

describe('MessagePack', () => {
  const oneValue = (payload: Uint8Array) =>
    decodeAll(msgpack, [message(payload, { facts: WEBSOCKET })])[0]?.value

  it('has times as text, and extensions with their type', () => {
    assert.equal(oneValue(encodeMsgpack(new Date(1.5e12))), '2017-07-14T02:40:00.000Z')
    const extension = encodeMsgpack(new ExtData(5, Uint8Array.of(1, 2, 3)))
    assert.deepEqual(oneValue(extension), { type: 5, data: { base64: 'AQID' } })
  })

  it('has keys as text', () => {
    // {1: "a", [2]: "b", true: "c"}
    assert.deepEqual(oneValue(hex('83 01 a161 9102 a162 c3 a163')), { 1: 'a', '[2]': 'b', true: 'c' })
  })
})

describe('CBOR', () => {
  const oneValue = (payload: Uint8Array) =>
    decodeAll(cbor, [message(payload, { facts: WEBSOCKET })])[0]?.value

  /** RFC 8949, appendix A. */
  it('agrees with the examples of the standard', () => {
    const examples: [bytes: string, value: unknown][] = [
      ['c249010000000000000000', '18446744073709551616'],
      ['3bffffffffffffffff', '-18446744073709551616'],
      ['c349010000000000000000', '-18446744073709551617'],
      ['f97c00', 'Infinity'],
      ['f97e00', 'NaN'],
      ['f7', undefined],
      ['f90001', 2 ** -24],
      ['f9c400', -4],
      ['fa47c35000', 100_000],
      ['fbc010666666666666', -4.1],
      ['f0', { simple: 16 }],
      ['f8ff', { simple: 255 }],
      ['c074323031332d30332d32315432303a30343a30305a', '2013-03-21T20:04:00Z'],
      ['c11a514b67b0', '2013-03-21T20:04:00.000Z'],
      ['d74401020304', { tag: 23, value: { base64: 'AQIDBA==' } }],
      ['d82076687474703a2f2f7777772e6578616d706c652e636f6d', { tag: 32, value: 'http://www.example.com' }],
      ['a201020304', { 1: 2, 3: 4 }],
      ['5f42010243030405ff', { base64: 'AQIDBAU=' }],
      ['7f657374726561646d696e67ff', 'streaming'],
      ['9fff', []],
      ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
      ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
    ]
    for (const [bytes, value] of examples) assert.deepEqual(oneValue(hex(bytes)), value, bytes)
  })

  it('has a map as pairs if its keys are neither text nor numbers', () => {
    // {[1]: "a"}
    assert.deepEqual(oneValue(hex('a1 8101 6161')), [[[1], 'a']])
  })

  it('is given up if it is nested too deep, or ends what did not begin', () => {
    assert.throws(() => oneValue(Buffer.alloc(100_000, 0x81)), /^Error: The value is nested more than 400/)
    assert.throws(() => oneValue(hex('ff')), /^Error: The bytes have an end/)
    assert.throws(() => oneValue(hex('bf01ff')), /^Error: The bytes are not CBOR/)
    assert.throws(() => oneValue(hex('82ff')), /^Error: The bytes have an end/)
    assert.equal(Object.hasOwn(oneValue(hex('a1 695f5f70726f746f5f5f 01')) as object, '__proto__'), true)
  })
})
