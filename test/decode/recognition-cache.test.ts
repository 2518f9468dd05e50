import assert from 'node:assert/strict'
import type { ConnectionFacts, Decoder, EncodedMessage } from '../../src/decode/decoder.ts'
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

  describe('by their first messages', () => {
    let looked: string[] = []
    const byMessage: readonly Decoder[] = [
      {
        ...decoder('wanted', () => undefined),
        recognizeMessage: ({ payload }) => {
          const text = Buffer.from(payload).toString()
          looked.push(text)
          return text.startsWith('wanted') ? 'a message' : undefined
        },
      },
      decoder('last', () => 'no other'),
    ]
    const facts = (connection: number) => ({ connection, url: 'ws://127.0.0.1/broadcast' })
    const message = (
      connection: number,
      text: string,
      rest: Partial<EncodedMessage> = {},
    ): EncodedMessage => ({
      ...{ facts: facts(connection), number: 1, time: 0, direction: 'in', isRequest: false },
      ...{ url: 'ws://127.0.0.1/broadcast', binary: false, eventName: '' },
      ...{ payload: Buffer.from(text), size: text.length, ...rest },
    })
    const see = (decoders: readonly Decoder[], ...messages: readonly EncodedMessage[]) => {
      const choice = new DecoderChoice(decoders, messages[0]?.facts ?? facts(1))
      for (const [number, each] of messages.entries()) choice.see({ ...each, number })
      return choice
    }

    beforeEach(() => {
      looked = []
    })

    it('looks once at a message that is sent to many connections', () => {
      const decoders = [...byMessage]
      for (let connection = 1; connection <= 3; connection++) {
        const choice = see(decoders, message(connection, 'tick 1'), message(connection, 'tick 2'))
        assert.deepEqual(
          choice.first.map(({ payload }) => Buffer.from(payload).toString()),
          ['tick 1', 'tick 2'],
        )
        assert.equal(choice.chosen?.decoder.name, 'last')
      }
      assert.deepEqual(looked, ['tick 1', 'tick 2'])
    })

    it('looks at each message that differs, and keeps its own copy of one', () => {
      const decoders = [...byMessage]
      const reused = Buffer.from('tick 1')
      see(decoders, message(1, '', { payload: reused, size: 6 }))
      reused.write('tick 9')
      see(decoders, message(2, 'tick 1'))
      see(decoders, message(3, 'tick 1', { direction: 'out' }))
      see(decoders, message(4, 'tick 1', { binary: true }))
      assert.deepEqual(looked, ['tick 1', 'tick 1', 'tick 1'])
      assert.equal(see(decoders, message(5, 'tick 1'), message(5, 'wanted')).chosen?.decoder.name, 'wanted')
    })

    it('remembers a bounded number of messages, and none that are long', () => {
      const decoders = [...byMessage]
      const long = 'x'.repeat(2000)
      for (let connection = 1; connection <= 2; connection++) see(decoders, message(connection, long))
      assert.equal(looked.length, 2)
      for (let n = 0; n < 20; n++) see(decoders, message(1, `tick ${n}`))
      see(decoders, message(1, 'tick 0'))
      assert.equal(looked.length, 23)
    })
  })
})
