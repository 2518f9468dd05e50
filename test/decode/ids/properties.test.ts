import assert from 'node:assert/strict'
import type { ConnectionFacts } from '../../../src/decode/decoder.ts'
import { IdMapping } from '../../../src/decode/ids/id-mapping.ts'
import {
  type CarriedMessage,
  idsOf,
  keyWithoutIds,
  type ProtocolIds,
  replaceIds,
  type WholePacket,
  withoutIds,
} from '../../../src/decode/ids/ids.ts'
import { idTableWith } from '../../../src/decode/ids/table.ts'
import { assertLinear } from '../../support/linear.ts'
import { IdNumbering } from './id-numbering.ts'
import { RECORDINGS, recordedPackets } from './recorded-packets.ts'

const WEBSOCKET: ConnectionFacts = { connection: 1, transport: 'websocket', url: 'ws://127.0.0.1/' }
/** Protocols whose packets do not end where messages do. */
const STREAMS = ['mqtt', 'nats', 'stomp']

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const contentOf = ({ direction, bytes, binary, attachments }: WholePacket) => ({
  direction,
  binary,
  text: latin1(bytes),
  attachments: attachments.map(latin1),
})

/** Numbers from a seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function splitAll(protocol: ProtocolIds, messages: readonly CarriedMessage[]): WholePacket[] {
  const splitter = protocol.splitter(WEBSOCKET)
  return [...messages.flatMap((message) => splitter.push(message)), ...splitter.finish()]
}

describe('ids in recordings', () => {
  for (const name of RECORDINGS)
    it(`can be replaced there and back in ${name}`, async () => {
      for (const { packets } of await recordedPackets(name)) {
        const [there, back] = [new IdMapping(), new IdMapping()]
        const numbering = new IdNumbering()
        for (const packet of packets) {
          assert.ok(replaceIds(packet, () => undefined) === packet)
          assert.ok(replaceIds(packet, (_, id) => id) === packet)
          const other = replaceIds(packet, (kind, id, side) => {
            const text = numbering.replace(kind, `${id}`, side)?.toString() ?? ''
            const replaced = typeof id === 'number' ? 1 + Number(text.split('-').at(-1)) : `é"\\${text}`
            back.set(kind, side, replaced, id)
            return replaced
          })
          assert.deepEqual(contentOf(replaceIds(other, back.replace)), contentOf(packet))
          assert.equal(keyWithoutIds(other), keyWithoutIds(packet))
          there.learn(packet, other)
          assert.deepEqual(contentOf(replaceIds(packet, there.replace)), contentOf(other))
          assert.equal(idsOf(packet).length, idsOf(other).length)
        }
      }
    })

  for (const name of RECORDINGS)
    it(`stay the same if the packets of ${name} are written and split again`, async () => {
      for (const { protocol, packets } of await recordedPackets(name))
        for (const direction of ['in', 'out'] as const) {
          const written = packets.filter((packet) => packet.direction === direction)
          const again = splitAll(protocol, protocol.write(written, WEBSOCKET))
          assert.deepEqual(again.map(contentOf), written.map(contentOf))
        }
    })
})

describe('packets of a stream', () => {
  for (const name of RECORDINGS)
    it(`are the same in every split of ${name}`, async () => {
      for (const { protocol, messages } of await recordedPackets(name)) {
        if (!STREAMS.includes(protocol.name)) continue
        for (const direction of ['in', 'out'] as const) {
          const all = Buffer.concat(
            messages.filter((each) => each.direction === direction).map(({ payload }) => payload),
          )
          const whole = splitAll(protocol, [{ direction, payload: all, binary: true }])
          assert.equal(latin1(Buffer.concat(whole.map(({ bytes }) => bytes))), latin1(all))
          for (const size of [1, 2, 3, 7, 64, 1000]) {
            const pieces: CarriedMessage[] = []
            for (let at = 0; at < all.length; at += size)
              pieces.push({ direction, payload: all.subarray(at, at + size), binary: true })
            assert.deepEqual(splitAll(protocol, pieces).map(contentOf), whole.map(contentOf))
          }
        }
      }
    })
})

describe('foreign bytes', () => {
  it('never fail, and lose nothing', async () => {
    const random = randomFrom(7)
    for (const name of RECORDINGS)
      for (const { protocol, messages } of await recordedPackets(name)) {
        const splitter = protocol.splitter(WEBSOCKET)
        for (const message of messages.slice(0, 200)) {
          const payload = Buffer.from(message.payload)
          for (let n = 0; n < 3 && payload.length > 0; n++) payload[random(payload.length)] = random(256)
          const cut = payload.subarray(0, random(payload.length + 1))
          for (const packet of splitter.push({ ...message, payload: cut, binary: random(8) === 0 })) {
            const ids = idsOf(packet)
            const same = new Map(ids.map(({ kind, id }) => [`${kind} ${id}`, id]))
            assert.ok(replaceIds(packet, (kind, id) => same.get(`${kind} ${id}`)) === packet)
            withoutIds(packet)
          }
        }
        splitter.finish()
      }
  })

  const hostile: readonly (readonly [string, (size: number) => string])[] = [
    ['arrays in arrays', (size) => '['.repeat(size / 2) + ']'.repeat(size / 2)],
    ['objects in objects', (size) => `${'{"id":'.repeat(size / 8)}1${'}'.repeat(size / 8)}`],
    ['many members', (size) => `{${'"id":1,'.repeat(size / 7)}"id":2}`],
    ['backslashes', (size) => `"${'\\\\'.repeat(size / 2)}"`],
    ['quotes', (size) => `["${'\\"'.repeat(size / 2)}"]`],
    ['attributes', (size) => `<iq${' id="a"'.repeat(size / 7)} type="get"/>`],
    ['packets of Socket.IO', (size) => `42/${'a'.repeat(size / 2)},1[${'1,'.repeat(size / 4)}1]`],
    ['headers', (size) => `SEND\n${'receipt:b\n'.repeat(size / 10)}\n\0`],
    ['lines', (size) => 'PING\r\n'.repeat(size / 6)],
    ['words', (size) => `MSG ${'a '.repeat(size / 2)}\r\n`],
  ]
  for (const name of ['socket.io', 'stomp', 'nats', 'xmpp', 'sockjs', 'json-rpc', 'wamp', 'signalr'])
    it(`are read in linear time by ${name}`, () => {
      const protocol = idTableWith().get(name)
      assert.ok(protocol)
      for (const [what, make] of hostile)
        assertLinear(
          what,
          (size) => Buffer.from(make(size)),
          (payload) => {
            const splitter = protocol.splitter(WEBSOCKET)
            for (const packet of [...splitter.push({ direction: 'in', payload }), ...splitter.finish()])
              withoutIds(packet)
          },
          16_000,
        )
    })

  it('are not searched for ids in quadratic time if they are URLs', () => {
    const { replaceInRequest } = idTableWith().get('sockjs') ?? {}
    for (const part of ['?', '&', '?a', '/', '/a', '?a=', '%'])
      assertLinear(
        `URLs of ${part}`,
        (size) => ({ url: `http://h/${part.repeat(size / part.length)}`, headers: {} }),
        (head) => replaceInRequest?.(head, () => 0),
      )
  })

  it('are not read as packets of any protocol', () => {
    const random = randomFrom(11)
    for (const protocol of idTableWith().values()) {
      const splitter = protocol.splitter(WEBSOCKET)
      for (let n = 0; n < 200; n++) {
        const payload = Buffer.from(Array.from({ length: random(40) }, () => random(256)))
        const direction = random(2) === 0 ? 'in' : 'out'
        for (const packet of splitter.push({ direction, payload, binary: random(2) === 0 }))
          withoutIds(packet)
      }
      splitter.finish()
    }
  })
})
