/** Random packets, written by the encoders of the protocol's own people and read by our parsers. */
import assert from 'node:assert/strict'
import { encodePacket, encodePayload, type Packet } from 'engine.io-parser'
import { Encoder as MessagePackEncoder } from 'socket.io-msgpack-parser'
import { Encoder } from 'socket.io-parser'
import { bodyPackets, socketPacket } from '../../../src/decode/protocols/socket-io/engine-packets.ts'
import { packetIn, parsePacket, type SocketPacket } from '../../../src/decode/protocols/socket-io/packets.ts'
import { socketIo } from '../../../src/decode/protocols/socket-io/socket-io.ts'
import { loadUnpack, unpack } from '../../../src/decode/protocols/socket-io/unpack.ts'
import { toJson } from '../../../src/decode/values.ts'
import { decodeAll, message } from './recordings.ts'
import { randomNumbers } from './robust.ts'

const ROUNDS = 500
const NAMESPACES = ['/', '/admin', '/a/b', '/ü']
const TEXTS = ['', 'price', 'grüße 😀', '"', ',', '/', '[1]', '\\', '\u2028', '0'.repeat(40)]
const TYPES = ['open', 'close', 'ping', 'pong', 'message', 'upgrade', 'noop'] as const
const FACTS = {
  connection: 1,
  url: 'ws://127.0.0.1/socket.io/?EIO=4&transport=websocket',
  transport: 'websocket',
}

const random = randomNumbers(3)
const oneOf = <T>(from: readonly T[]): T => from[random(from.length)] ?? assert.fail()

/** A value that JSON can have, or with bytes in it. */
function randomValue(withBytes: boolean, depth = 0): unknown {
  const kind = random(depth < 3 ? (withBytes ? 8 : 7) : 5)
  if (kind === 0) return null
  if (kind === 1) return random(2) === 0
  if (kind === 2) return random(1 << 24) - (1 << 23)
  if (kind === 3) return random(1000) / 8
  if (kind === 4) return oneOf(TEXTS)
  const items = Array.from({ length: random(4) }, () => randomValue(withBytes, depth + 1))
  if (kind === 5) return items
  if (kind === 6) return Object.fromEntries(items.map((item, index) => [`${oneOf(TEXTS)}${index}`, item]))
  return randomBytes()
}

const randomBytes = () => Buffer.from(Uint8Array.from({ length: random(20) }, () => random(256)))

/** A packet as the encoders take it. Events and acknowledgments have bytes in their data if asked for. */
function randomPacket(withBytes: boolean) {
  const type = withBytes ? oneOf([2, 3]) : random(5)
  const nsp = oneOf(NAMESPACES)
  const id = type === 3 || (type === 2 && random(2) === 0) ? random(1 << 24) : undefined
  const values = Array.from({ length: random(4) }, () => randomValue(withBytes))
  const data = [
    random(2) === 0 ? undefined : { sid: oneOf(TEXTS) },
    undefined,
    [oneOf(TEXTS), ...values],
    values,
    { message: oneOf(TEXTS) },
  ][type]
  return { type, nsp, ...(id === undefined ? {} : { id }), ...(data === undefined ? {} : { data }) }
}

const WIRE_TYPES = ['CONNECT', 'DISCONNECT', 'EVENT', 'ACK', 'CONNECT_ERROR'] as const

/** What our parsers should make of it, without attachments. */
function expected({ type, nsp, id, data }: ReturnType<typeof randomPacket>): Partial<SocketPacket> {
  return { type: WIRE_TYPES[type], namespace: nsp, id, data: toJson(data) }
}

describe('random packets of Socket.IO', () => {
  before(loadUnpack)

  it('are read from JSON as they were written', () => {
    const encoder = new Encoder()
    for (let round = 0; round < ROUNDS; round++) {
      const packet = randomPacket(false)
      const [text] = encoder.encode(packet)
      assert.deepEqual(parsePacket(String(text)), { ...expected(packet), attachments: 0 }, String(text))
    }
  })

  it('are read with their attachments as they were written', () => {
    const encoder = new Encoder()
    let attachments = 0
    for (let round = 0; round < ROUNDS; round++) {
      const packet = randomPacket(true)
      const parts: unknown[] = encoder.encode(structuredCopy(packet))
      attachments += parts.length - 1
      const messages = parts.map((part, number) =>
        message(typeof part === 'string' ? `4${part}` : Uint8Array.from(part as Buffer), {
          facts: FACTS,
          number,
        }),
      )
      const [decoded, ...more] = decodeAll(socketIo, messages)
      assert.deepEqual(more, [])
      const { data } = expected(packet)
      const value = packet.type === 2 ? (data as unknown[]).slice(1) : data
      assert.deepEqual(
        [decoded?.channel, decoded?.id, decoded?.value],
        [packet.nsp, packet.id?.toString(), value],
      )
    }
    assert.ok(attachments > ROUNDS / 10, `${attachments} attachments`)
  })

  it('are read from MessagePack as they were written', () => {
    const encoder = new MessagePackEncoder()
    for (let round = 0; round < ROUNDS; round++) {
      const packet = randomPacket(round % 2 === 0)
      const [bytes] = [encoder.encode(packet)].flat() as unknown as Buffer[]
      assert.deepEqual(packetIn(unpack(bytes ?? assert.fail())), { ...expected(packet), attachments: 0 })
    }
  })
})

/** The encoder changes the packet that it gets. */
const structuredCopy = ({ data, ...packet }: ReturnType<typeof randomPacket>) => ({
  ...packet,
  data: copied(data),
})

function copied(value: unknown): unknown {
  if (Buffer.isBuffer(value) || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copied)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item)]))
}

describe('random packets of Engine.IO', () => {
  const randomEnginePacket = (): Packet =>
    random(4) === 0 ? { type: 'message', data: randomBytes() } : { type: oneOf(TYPES), data: oneOf(TEXTS) }
  const read = ({ type, data }: { readonly type: string; readonly data?: unknown }) => [
    type,
    typeof data === 'string' ? data : Buffer.from(data as Uint8Array),
  ]

  it('are read from messages as they were written', () => {
    for (let round = 0; round < ROUNDS; round++) {
      const packet = randomEnginePacket()
      encodePacket(packet, true, (encoded: string | Buffer) => {
        const found = socketPacket(Buffer.from(encoded as Buffer), typeof encoded !== 'string', 4)
        assert.deepEqual(read(found), read(packet))
      })
    }
  })

  it('are read from bodies as they were written', () => {
    for (let round = 0; round < ROUNDS; round++) {
      const packets = Array.from({ length: 1 + random(5) }, randomEnginePacket)
      encodePayload(packets, (body) =>
        assert.deepEqual(bodyPackets(Buffer.from(body), 4).map(read), packets.map(read)),
      )
    }
  })
})
