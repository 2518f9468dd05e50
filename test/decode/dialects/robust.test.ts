/** Fuzzing of the dialects with recordings. */
import assert from 'node:assert/strict'
import { dialectDecoder } from '../../../src/decode/dialects/dialect-decoder.ts'
import { DIALECTS } from '../../../src/decode/dialects/table.ts'
import { processorTime } from '../../support/linear.ts'
import { decodeAll, FACTS, message } from '../protocols/recordings.ts'
import { itIsRobust, takenBy } from '../protocols/robust.ts'

/** Recordings in which the messages of a dialect are. */
const RECORDED: Readonly<Record<string, readonly string[]>> = {
  'json-rpc': ['rpcws', 'jsonrpc-ndjson', 'mcp', 'mcp-init', 'mcp-toolcall'],
  mcp: ['mcp', 'mcp-init', 'mcp-toolcall'],
  wamp: ['wamp'],
  'graphql-transport-ws': ['graphqlws'],
  'graphql-sse': ['graphql-sse', 'graphql-yoga-sse'],
  bayeux: ['faye'],
  nes: ['nes'],
  primus: ['primus'],
  trpc: ['trpc', 'trpc-sse'],
  'action-cable': ['actioncable'],
}

const DECODERS = new Map(DIALECTS.map((dialect) => [dialect.name, dialectDecoder(dialect)]))

const decoderOf = (name: string) => {
  const decoder = DECODERS.get(name)
  assert.ok(decoder)
  return decoder
}

describe('JSON dialects', () => {
  for (const [name, recordings] of Object.entries(RECORDED))
    describe(name, () => itIsRobust(decoderOf(name), recordings))

  for (const { name } of DIALECTS.filter((dialect) => !Object.hasOwn(RECORDED, dialect.name)))
    describe(name, () => {
      it('recognizes no other protocol', () => {
        assert.deepEqual(takenBy(decoderOf(name)), [])
      })
    })

  it('give up a connection whose messages are of none', () => {
    const strange = Array.from({ length: 8 }, () => message('{"hello":1}'))
    assert.throws(
      () => decodeAll(decoderOf('json-rpc'), strange),
      new Error('None of the first 4 messages is one of json-rpc.'),
    )
  })

  it('keep on after messages that they do not know', () => {
    const known = message('{"jsonrpc":"2.0","method":"a"}')
    const strange = Array.from({ length: 20 }, () => message('{"hello":1}'))
    const packets = decodeAll(decoderOf('json-rpc'), [known, ...strange, message('not JSON'), known])
    assert.equal(packets.length, 2)
  })

  it('read no members that objects inherit', () => {
    const text = '{"jsonrpc":"2.0","method":"a","__proto__":{"id":1},"constructor":{"x":1}}'
    const [packet] = decodeAll(decoderOf('json-rpc'), [message(text)])
    assert.deepEqual(packet, { kind: 'event', name: 'a' })
    assert.equal(Object.hasOwn(Object.prototype, 'id'), false)
  })

  it('refuse a batch of too many messages', () => {
    const batch = `[${Array(200_001).fill('1').join(',')}]`
    assert.throws(() => decodeAll(decoderOf('json-rpc'), [message(batch, { facts: FACTS })]), {
      message: 'A message has more than 200000 packets.',
    })
  })

  it('find names in deep and long documents within bounded time', () => {
    const query = `${'{a'.repeat(1e6)}"""${'#'.repeat(1e6)}`
    const text = JSON.stringify({ id: '1', type: 'subscribe', payload: { query } })
    const taken = processorTime(() => {
      const [packet] = decodeAll(decoderOf('graphql-transport-ws'), [message(text, { direction: 'out' })])
      assert.equal(packet?.name, 'a')
    })
    assert.ok(taken < 5000, `${taken} ms`)
  })
})
