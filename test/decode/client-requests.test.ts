import assert from 'node:assert/strict'
import { ClientRequests } from '../../src/decode/client-requests.ts'

const request = (connection: number, isSocket = false) => ({
  number: connection,
  time: 0,
  connection,
  kind: 'request' as const,
  name: undefined,
  channel: undefined,
  protocol: 'json-rpc',
  direction: 'out' as const,
  isHeartbeat: false,
  isSocket,
  isAnswered: false,
})

describe('requests of several clients that have the same key', () => {
  it('are answered on their own connection, or on another one if only one waits', () => {
    const requests = new ClientRequests()
    for (const connection of [1, 2, 3]) requests.add('0', request(connection, connection === 3))
    assert.equal(requests.size, 4)
    const copy = requests.copy()
    assert.equal(requests.find('0', 2, false)?.number, 2)
    assert.equal(requests.find('0', 4, false), undefined)
    requests.keep('0', request(2))
    assert.equal(requests.find('0', 2, false)?.isAnswered, true)
    requests.remove('0', request(2))
    // What was asked on a WebSocket is not answered on another one.
    assert.equal(requests.find('0', 4, true)?.number, 1)
    for (const connection of [1, 3]) requests.remove('0', request(connection))
    assert.deepEqual([requests.size, copy.size], [0, 4])
    assert.equal(copy.find('0', 1, false)?.isAnswered, false)
  })

  it('are kept in bounds', () => {
    const requests = new ClientRequests()
    for (let n = 0; n < 50_000; n++) requests.add('0', request(n))
    assert.ok(requests.size <= 10_001)
    for (let n = 0; n < 50_000; n++)
      for (const connection of [1, 2]) requests.add(`k${n}`, request(connection))
    assert.ok(requests.size <= 20_000)
    assert.equal(requests.find('k49999', 2, false)?.number, 2)
  })
})
