import assert from 'node:assert/strict'
import protobufjs from 'protobufjs'
import descriptor from 'protobufjs/ext/descriptor.js'
import type { ConnectionFacts } from '../../../src/decode/decoder.ts'
import { protobuf } from '../../../src/decode/protocols/payloads/protobuf/protobuf.ts'
import { Schema } from '../../../src/decode/protocols/payloads/protobuf/schema.ts'
import { decodeAll, message } from './recordings.ts'
import { itIsRobust } from './robust.ts'

const PROTO = `syntax = "proto3";
package shop.v1;
import "google/protobuf/any.proto";
enum State { UNKNOWN = 0; PAID = 1; }
message Line { string sku = 1; sint32 change = 2; }
message Order {
  int64 id = 1;
  State state = 2;
  repeated Line lines = 3;
  map<string, double> prices = 4;
  repeated int32 codes = 5;
  bytes raw = 6;
  oneof note { string text = 7; bool flag = 8; }
  fixed64 ticks = 9;
  float ratio = 10;
  sint64 delta = 11;
  repeated State history = 12;
  map<int32, Line> by_number = 13;
  uint32 count = 14;
  sfixed32 offset = 15;
  google.protobuf.Any extra = 16;
  Order parent = 17;
}
message Envelope { string kind = 1; bytes body = 2; }
`

const { root } = protobufjs.parse(PROTO, { keepCase: true })
root.addJSON(protobufjs.common.get('google/protobuf/any.proto')?.nested ?? {})
const encode = (type: string, fields: object) => {
  const messageType = root.lookupType(type)
  return messageType.encode(messageType.fromObject(fields)).finish()
}

const FACTS: ConnectionFacts = { connection: 1, transport: 'websocket' }
const factsWith = (options: Record<string, unknown>): ConnectionFacts => ({
  ...FACTS,
  decoderOptions: { files: { 'shop.proto': PROTO }, ...options },
})

const one = (facts: ConnectionFacts, bytes: Uint8Array, direction: 'in' | 'out' = 'in') => {
  const [packet = assert.fail()] = decodeAll(protobuf, [message(bytes, { facts, direction })])
  return packet
}

const ORDER = {
  id: '-9007199254740993',
  state: 'PAID',
  lines: [{ sku: 'A-1', change: -3 }, { sku: 'ü' }],
  prices: { a: 1.5, __proto: 2 },
  codes: [1, -2, 300],
  raw: Buffer.from([0, 255]),
  text: 'hello',
  ticks: '18446744073709551615',
  ratio: 0.5,
  delta: '-5000000000',
  history: ['UNKNOWN', 'PAID'],
  by_number: { '-7': { sku: 'B' } },
  count: 4_000_000_000,
  offset: -4,
  parent: { id: 7 },
}
const DECODED = {
  ...ORDER,
  raw: { base64: 'AP8=' },
  delta: -5_000_000_000,
}

describe('Protocol Buffers', () => {
  before(() => protobuf.load?.())

  it('are decoded by a type of a .proto file, by direction', () => {
    const facts = factsWith({ message: { in: 'shop.v1.Order', out: 'Line' } })
    const { kind, name, value } = one(facts, encode('Order', ORDER))
    assert.deepEqual([kind, name], ['event', 'shop.v1.Order'])
    assert.deepEqual(value, DECODED)
    assert.deepEqual(one(facts, encode('Line', { sku: 'A', change: 2 }), 'out').value, {
      sku: 'A',
      change: 2,
    })
  })

  it('are decoded by a descriptor set', () => {
    const set = (root as unknown as { toDescriptor(edition: string): object }).toDescriptor('proto3')
    const bytes = descriptor.FileDescriptorSet.encode(set).finish()
    const files = { 'shop.binpb': { base64: Buffer.from(bytes).toString('base64') } }
    const facts = { ...FACTS, decoderOptions: { files, message: 'shop.v1.Line' } }
    assert.deepEqual(one(facts, encode('Line', { sku: 'A', change: 2 })).value, { sku: 'A', change: 2 })
    assert.deepEqual(
      new Schema(files).list().map(({ name }) => name),
      ['shop.v1.Line', 'shop.v1.Order', 'shop.v1.Envelope'],
    )
    const both = new Schema({
      ...files,
      'shop.proto': PROTO,
      'a.proto': 'message A { required bytes x = 1; }',
    })
    assert.deepEqual(both.list().at(-1), {
      name: 'A',
      fields: [{ name: 'x', type: 'bytes', isRepeated: false }],
    })
  })

  it('have in an Any what its type says', () => {
    const extra = { type_url: 'type.example.com/shop.v1.Line', value: encode('Line', { sku: 'Z' }) }
    const { value } = one(factsWith({ message: 'Order' }), encode('Order', { extra }))
    assert.deepEqual(value, { extra: { '@type': 'type.example.com/shop.v1.Line', sku: 'Z' } })
    const unknown = { type_url: 'type.example.com/Nothing', value: Buffer.from('x') }
    const { value: kept } = one(factsWith({ message: 'Order' }), encode('Order', { extra: unknown }))
    assert.deepEqual(kept, { extra: { type_url: 'type.example.com/Nothing', value: { base64: 'eA==' } } })
  })

  it('have their type named by a field of an envelope', () => {
    const envelope = { envelope: 'Envelope', type: 'kind', payload: 'body', types: { line: 'shop.v1.Line' } }
    const bytes = encode('Envelope', { kind: 'line', body: encode('Line', { sku: 'Q' }) })
    const { name, value } = one(factsWith({ message: envelope }), bytes)
    assert.deepEqual([name, value], ['shop.v1.Line', { kind: 'line', body: { sku: 'Q' } }])
    const out = factsWith({ message: { out: envelope } })
    assert.deepEqual(one(out, bytes, 'out').value, { kind: 'line', body: { sku: 'Q' } })
    assert.deepEqual(one(out, bytes, 'in').value, { 1: 'line', 2: { 1: 'Q' } })
  })

  it('keep the bytes in an envelope if no file has their type', () => {
    const facts = factsWith({ message: { envelope: 'Envelope', type: 'kind', payload: 'body' } })
    const bytes = encode('Envelope', { kind: 'parcel', body: Buffer.from('x') })
    const { name, value } = one(facts, bytes)
    assert.deepEqual([name, value], ['parcel', { kind: 'parcel', body: { base64: 'eA==' } }])
    assert.equal(one(facts, encode('Envelope', {})).name, 'shop.v1.Envelope')
  })

  it('have fields of types that no file has as without a file', () => {
    const files = { 'a.proto': 'syntax = "proto3"; message A { other.B b = 1; string text = 2; }' }
    const facts = { ...FACTS, decoderOptions: { files, message: 'A' } }
    assert.deepEqual(one(facts, Buffer.from('\n\x02\x08\x05\x12\x01x')).value, { b: { 1: 5 }, text: 'x' })
  })

  it('are a tree of wire types without a file', () => {
    const bytes = encode('Order', {
      id: 5,
      lines: [{ sku: 'A-1' }, { sku: 'B' }],
      text: 'hi',
      ratio: 0.5,
      ticks: 2,
    })
    assert.deepEqual(one(FACTS, bytes).value, {
      1: 5,
      3: [{ 1: 'A-1' }, { 1: 'B' }],
      7: 'hi',
      9: { fixed64: 2, double: 1e-323 },
      10: { fixed32: 0x3f000000, float: 0.5 },
    })
  })

  it('keep fields that the type does not have, or has with another type', () => {
    const bytes = encode('Order', { id: 5, state: 1, text: 'hi' })
    assert.deepEqual(one(factsWith({ message: 'Line' }), bytes).value, { '#1': 5, change: -1, '#7': 'hi' })
  })

  it('say what is wrong with the files, the type or the bytes', () => {
    const wrong = { ...FACTS, decoderOptions: { files: { 'a.proto': 'message {' }, message: 'A' } }
    assert.throws(
      () => one(wrong, Buffer.of(8, 1)),
      /^Error: a\.proto cannot be read: line 1: illegal type name '\{'\.$/,
    )
    assert.throws(
      () => one(factsWith({ message: 'Nope' }), Buffer.of(8, 1)),
      /^Error: The files do not define the message type Nope; they define shop\.v1\.Line, shop\.v1\.Order, .*\.$/,
    )
    assert.throws(() => one(FACTS, Buffer.from('hello, world')), /^Error: The bytes are not a message .*\.$/)
  })

  it('are not nested without end', () => {
    let bytes: Uint8Array = Buffer.of(8, 1)
    for (let depth = 0; depth < 300; depth++) {
      const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7]
      // Field 17 of an order.
      bytes = Buffer.concat([Buffer.of(0x8a, 0x01, ...length), bytes])
    }
    assert.throws(
      () => one(factsWith({ message: 'Order' }), bytes),
      /^Error: The message is nested more than 100/,
    )
    assert.ok(JSON.stringify(one(FACTS, bytes).value).length < 10_000)
    const groups = Buffer.alloc(1_000_000, 0x0b)
    assert.throws(() => one(FACTS, groups), /^Error: The bytes are not a message/)
  })

  it('are recognized by the content type', () => {
    const type = (value: string) =>
      protobuf.recognize({ ...FACTS, responseHeaders: { 'content-type': value } })
    assert.equal(type('application/x-protobuf'), 'content type application/x-protobuf')
    assert.equal(type('application/vnd.google.protobuf; a=b'), 'content type application/vnd.google.protobuf')
    assert.equal(type('application/json'), undefined)
  })

  const own = [encode('Order', ORDER), encode('Line', { sku: 'A', change: 2 })]
  for (const facts of [FACTS, factsWith({ message: 'Order' })])
    describe(facts.decoderOptions === undefined ? 'without a file' : 'with a file', () => {
      itIsRobust(
        protobuf,
        [],
        facts,
        own.map((bytes) => message(bytes, { facts })),
      )
    })
})
