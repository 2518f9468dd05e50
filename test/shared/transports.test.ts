import assert from 'node:assert/strict'
import { protocolIn, schemeOf, TRANSPORTS, traitsOf, transportsWith } from '../../src/shared/transports.ts'

describe('the table of transports', () => {
  it('gives the transports that have a trait', () => {
    assert.deepEqual(transportsWith('scheme', 'ws'), ['websocket'])
    assert.deepEqual(transportsWith('polls', true), ['long-poll', 'poll'])
    assert.deepEqual(transportsWith('sends', true), ['websocket'])
    for (const name of TRANSPORTS) assert.ok(traitsOf(name))
  })

  it('has no traits for auto, unknown transports, or names of inherited properties', () => {
    for (const name of [undefined, 'auto', 'mqtt', 'toString', '__proto__'])
      assert.equal(traitsOf(name), undefined)
  })

  it('sorts URLs by the family of their scheme', () => {
    for (const url of ['ws://h/', 'WSS://h/', 'wss:']) assert.equal(schemeOf(url), 'ws')
    for (const url of ['http://h/', 'https:', 'HTTP://h/']) assert.equal(schemeOf(url), 'http')
    for (const url of ['', 'h:80/', 'ftp://h/', 'wsx://h/', ' ws://h/'])
      assert.equal(schemeOf(url), undefined)
  })

  it('changes the family of a scheme and keeps its encryption', () => {
    for (const [plain, encrypted] of [
      ['ws:', 'wss:'],
      ['http:', 'https:'],
    ] as const) {
      assert.deepEqual([protocolIn('http', plain), protocolIn('http', encrypted)], ['http:', 'https:'])
      assert.deepEqual([protocolIn('ws', plain), protocolIn('ws', encrypted)], ['ws:', 'wss:'])
    }
    assert.equal(protocolIn('http', 'ftp:'), 'ftp:')
  })
})
