import assert from 'node:assert/strict'
import type { DecodedEvent } from '../../../src/shared/decoded.ts'
import { mainValue, wordOf } from '../../../src/shared/protocol-words.ts'
import { titleOfEvent } from '../../../webview/format/decoded.ts'

const event = (
  protocol: string,
  kind: DecodedEvent['kind'],
  rest: Partial<DecodedEvent> = {},
): DecodedEvent => ({
  protocol,
  kind,
  ...rest,
})

describe('the title of a packet', () => {
  it('has the word of its protocol and its name', () => {
    const title = (...given: Parameters<typeof event>) => titleOfEvent(event(...given))
    assert.equal(title('socket.io', 'request', { name: 'sum', channel: '/' }), 'EVENT sum → ack')
    assert.equal(title('socket.io', 'event', { name: 'stats', channel: '/admin' }), 'EVENT stats /admin')
    assert.equal(title('socket.io', 'error', { name: 'connect_error', channel: '/' }), 'CONNECT_ERROR')
    assert.equal(title('mqtt', 'ack', { name: 'a/b', value: { cmd: 'suback' } }), 'SUBACK a/b')
    assert.equal(title('mqtt', 'heartbeat', { name: 'PINGREQ', value: { cmd: 'pingreq' } }), 'PINGREQ')
    assert.equal(title('graphql-transport-ws', 'data', { name: 'onPrice' }), 'next onPrice')
    assert.equal(title('mcp', 'request', { name: 'tools/call', channel: 'add' }), 'request tools/call add')
    assert.equal(title('acme-chat', 'subscribe', { name: 'join' }), 'subscribe join')
    assert.equal(title('acme-chat', 'heartbeat', {}), 'heartbeat')
    assert.equal(title('cbor', 'data', {}), 'data')
  })
})

describe('the value of a packet', () => {
  it('is read from what the packet carries, else without what its title says', () => {
    const publish = { cmd: 'publish', qos: 1, topic: 'a', payload: { c: 22 } }
    assert.deepEqual(mainValue(event('mqtt', 'event', { value: publish })), { c: 22 })
    const suback = { cmd: 'suback', qos: 0, length: 4, granted: [0], messageId: 3 }
    assert.deepEqual(mainValue(event('mqtt', 'ack', { value: suback })), { granted: [0], messageId: 3 })
    assert.deepEqual(mainValue(event('socket.io', 'ack', { value: [42] })), [42])
  })

  it('is read without what only wraps it', () => {
    const said = (value: unknown) => mainValue(event('graphql-transport-ws', 'data', { value }))
    assert.deepEqual(said({ data: { ticks: { n: 1 } } }), { n: 1 })
    assert.deepEqual(said({ data: { hello: 'Zoë' } }), { hello: 'Zoë' })
    assert.deepEqual(said({ data: { a: { n: 1 }, b: { n: 2 } } }), { a: { n: 1 }, b: { n: 2 } })
    const failed = { data: { boom: null }, errors: [{ message: 'boom' }] }
    assert.deepEqual(said(failed), failed)
    assert.deepEqual(said([{ message: 'no' }]), [{ message: 'no' }])
  })

  it('gives no word that it does not have itself', () => {
    assert.equal(wordOf(event('mqtt', 'ack', { value: Object.create({ cmd: 'suback' }) })), undefined)
    assert.equal(wordOf(event('constructor', 'ack')), undefined)
  })
})
