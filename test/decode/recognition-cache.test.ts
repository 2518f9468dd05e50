import assert from 'node:assert/strict'
import type { ConnectionFacts, Decoder } from '../../src/decode/decoder.ts'
import { DecoderChoice } from '../../src/decode/decoder-choice.ts'

describe('recognition of many connections', () => {
  let asked: ConnectionFacts[] = []
  const decoder = (name: string, recognize: Decoder['recognize']): Decoder => ({
    name,
    recognize,
    open: () => assert.fail('nothing is decoded'),
  })
  const decoders = [
    decoder('wanted', (facts) => {
      asked.push(facts)
      return facts.url?.endsWith('/wanted') || facts.responseHeaders?.['X-Wanted'] ? 'a reason' : undefined
    }),
    decoder('last', () => 'no other'),
  ]
  const chosen = (facts: Omit<ConnectionFacts, 'connection'>, connection = 1) =>
    new DecoderChoice(decoders, { connection, ...facts }).chosen

  beforeEach(() => {
    asked = []
  })

  it('asks the decoders once about connections that differ in their number and the proof of the handshake only', () => {
    const url = 'ws://127.0.0.1/wanted'
    for (let connection = 1; connection <= 3; connection++) {
      const responseHeaders = { 'Sec-WebSocket-Accept': `proof ${connection}` }
      assert.equal(chosen({ url, responseHeaders }, connection)?.decoder.name, 'wanted')
    }
    assert.equal(asked.length, 1)
  })

  it('asks again about connections that differ in anything else', () => {
    const url = 'ws://127.0.0.1/'
    assert.equal(chosen({ url })?.decoder.name, 'last')
    assert.equal(chosen({ url, subprotocol: 'other' })?.decoder.name, 'last')
    assert.equal(chosen({ url, responseHeaders: { 'X-Wanted': '1' } })?.decoder.name, 'wanted')
    assert.equal(chosen({ url: `${url}wanted` })?.decoder.name, 'wanted')
    assert.equal(asked.length, 4)
  })

  it('remembers a bounded number of them, and none that are long', () => {
    const long = `ws://127.0.0.1/${'x'.repeat(5000)}`
    for (let n = 0; n < 2; n++) chosen({ url: long })
    assert.equal(asked.length, 2)
    for (let n = 0; n < 200; n++) chosen({ url: `ws://127.0.0.1/${n}` })
    chosen({ url: 'ws://127.0.0.1/0' })
    assert.equal(asked.length, 203)
  })
})
