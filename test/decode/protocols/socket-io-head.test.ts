import assert from 'node:assert/strict'
import { packetHead } from '../../../src/decode/protocols/socket-io/packet-head.ts'
import { parsePacket } from '../../../src/decode/protocols/socket-io/packets.ts'
import { socketIo } from '../../../src/decode/protocols/socket-io/socket-io.ts'
import { decodeAll, message } from './recordings.ts'

const FACTS = {
  connection: 1,
  url: 'ws://127.0.0.1/socket.io/?EIO=4&transport=websocket',
  transport: 'websocket',
}

describe('The head of a Socket.IO packet', () => {
  for (const text of [
    '2["price"]',
    '2["price",1,{"a":[2]}]',
    '27["sum",1,2]',
    '2/admin,0["grüße 😀","x"]',
    '2/admin?token=1,["x"]',
    '3999999999999999[]',
    '3/admin,12[{"id":123456789012345678901}]',
    '2[""]',
  ])
    it(`agrees with the packet of ${text}`, () => {
      const head = packetHead(Buffer.from(`4${text}`), 1)
      const { type, namespace, id, data } = parsePacket(text) ?? {}
      const name = type === 'EVENT' ? (data as unknown[])[0] : undefined
      assert.ok(head !== undefined)
      const { dataAt, ...rest } = head
      assert.deepEqual(rest, { type, namespace, id, name })
      assert.deepEqual(JSON.parse(Buffer.from(`4${text}`).toString('utf8', dataAt)), data)
    })

  for (const text of [
    '0',
    '1',
    '2',
    '2[',
    '2["a"',
    '2["a]',
    '2["a\\n"]',
    '2[1]',
    '2 ["a"]',
    '2["a" ]',
    '2["a"x]',
  ])
    it(`leaves ${text} to the parser`, () => {
      assert.equal(packetHead(Buffer.from(`4${text}`), 1), undefined)
    })

  it('gives the arguments as text if they are not JSON', () => {
    const packets = decodeAll(socketIo, [message('42["a",{]', { facts: FACTS })])
    assert.deepEqual(packets, [
      { protocol: 'socket.io', kind: 'event', name: 'a', channel: '/', value: '["a",{]' },
    ])
  })
})
