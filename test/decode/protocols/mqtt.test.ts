import assert from 'node:assert/strict'
import mqttPacket from 'mqtt-packet'
import { encodable } from '../../../src/decode/connection-record.ts'
import type { EncodedMessage } from '../../../src/decode/decoder.ts'
import { mqtt } from '../../../src/decode/protocols/mqtt/mqtt.ts'
import { SessionDecoder } from '../../../src/decode/session-decoder.ts'
import {
  decodeAll,
  decodedOf,
  type ExpectedPacket,
  expectedOf,
  message,
  messageLinesOf,
  messagesOf,
  placeOf,
} from './recordings.ts'
import { itIsRobust } from './robust.ts'

const RECORDED = ['mqtt', 'mqtt-browser', 'mqtt-big-aedes', 'mqtt-big-mosquitto']

const KINDS: Readonly<Record<string, string>> = {
  connect: 'handshake',
  connack: 'handshake',
  publish: 'event',
  subscribe: 'subscribe',
  unsubscribe: 'unsubscribe',
  pingreq: 'heartbeat',
  pingresp: 'heartbeat',
  disconnect: 'close',
}

/** Application data in base64, as the expected files have it. */
function inBase64(content: unknown): string {
  if (typeof content === 'object' && content !== null && 'base64' in content) return String(content.base64)
  return Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64')
}

/** The value of a packet as the expected files have it. */
function asExpected(value: unknown): object {
  const { payload, password, will, ...fields } = value as Record<string, unknown>
  return {
    topic: null,
    ...fields,
    ...(payload !== undefined && { payload: inBase64(payload) }),
    ...(password !== undefined && { password: `base64:${inBase64(password)}` }),
    ...(typeof will === 'object' &&
      will !== null &&
      'payload' in will && {
        will: { ...will, payload: `base64:${inBase64(will.payload)}` },
      }),
  }
}

/**
 * The expected packets with all lines of each. The expected files lack messages with no more than a packet's type or
 * length, because the parser that made the files had already consumed these.
 */
function withHeaders(name: string): ExpectedPacket[] {
  const messages = messageLinesOf(name)
  const last: Record<string, number> = {}
  return expectedOf(name).map((packet) => {
    const { lines, direction } = packet
    const [first = 0, end = 0] = [lines[0], lines.at(-1)]
    const before = messages.filter(
      (each) => each.direction === direction && each.line > (last[direction] ?? 0) && each.line < first,
    )
    last[direction] = end
    return { ...packet, lines: [...before.map(({ line }) => line), ...lines] }
  })
}

const packetOf = (packet: object, protocolVersion = 5) =>
  mqttPacket.generate(packet as mqttPacket.Packet, { protocolVersion })

describe('MQTT', () => {
  for (const name of RECORDED)
    it(`decodes ${name} as the protocol's own parser`, async () => {
      const decoded = await decodedOf(mqtt, name)
      assert.deepEqual(
        decoded.map(({ line, parts, direction, kind, value }) => [
          line,
          parts,
          direction,
          kind,
          asExpected(value),
        ]),
        withHeaders(name).map((packet) => {
          const { lines, direction, connection, kind, ...fields } = packet
          return [...placeOf(packet), KINDS[kind] ?? 'ack', fields]
        }),
      )
    })

  it('pairs packets by their identifier', async () => {
    const decoded = await decodedOf(mqtt, 'mqtt-browser')
    const paired = decoded.map(({ line, kind, name, answers }) => [line, kind, name, answers])
    assert.deepEqual(paired.slice(0, 12), [
      [4, 'handshake', 'CONNECT', undefined],
      [5, 'handshake', 'CONNACK', 3],
      [6, 'subscribe', 'sensors/#, chat/+', undefined],
      [7, 'ack', 'sensors/#, chat/+', 5],
      [8, 'event', 'chat/a', undefined],
      [9, 'event', 'chat/a', undefined],
      [10, 'ack', 'chat/a', 7],
      [11, 'ack', 'chat/a', 8],
      [12, 'ack', 'chat/a', 10],
      [13, 'ack', 'chat/a', 9],
      [14, 'ack', 'chat/a', 12],
      [15, 'ack', 'chat/a', 11],
    ])
    assert.ok(decoded.filter(({ name }) => name === 'PINGRESP').every(({ answers }) => answers !== undefined))
  })

  it('decodes the same packets from any split', async () => {
    await mqtt.load?.()
    for (const name of RECORDED) {
      const messages = messagesOf(name)
      const whole = decodeAll(mqtt, messages).map(({ parts, ...packet }) => packet)
      const bytewise: EncodedMessage[] = messages.flatMap((each) =>
        Array.from(each.payload, (byte) => ({ ...each, payload: Uint8Array.of(byte), size: 1 })),
      )
      assert.deepEqual(
        decodeAll(mqtt, bytewise).map(({ parts, ...packet }) => packet),
        whole,
      )
    }
  })

  it('decodes MQTT 5: properties, reason codes, topic aliases', async () => {
    await mqtt.load?.()
    const connect = {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 5,
      clean: true,
      clientId: 'c',
      keepalive: 1,
    }
    const publish = { cmd: 'publish', qos: 0, dup: false, retain: false, payload: '[1]' }
    const properties = { topicAlias: 3, userProperties: { ['__proto__']: 'x', a: ['1', '2'] } }
    const packets = decodeAll(mqtt, [
      message(packetOf(connect), { direction: 'out' }),
      message(packetOf({ cmd: 'connack', reasonCode: 0x87, sessionPresent: false })),
      message(packetOf({ ...publish, topic: 'a/b', properties }), { direction: 'out' }),
      message(packetOf({ ...publish, topic: '', properties: { topicAlias: 3 } }), { direction: 'out' }),
      message(packetOf({ cmd: 'suback', messageId: 7, granted: [0x80] })),
      message(packetOf({ cmd: 'puback', messageId: 8, reasonCode: 0x10 })),
    ])
    assert.deepEqual(
      packets.map(({ kind, name }) => [kind, name]),
      [
        ['handshake', 'CONNECT'],
        ['error', 'CONNACK'],
        ['event', 'a/b'],
        ['event', 'a/b'],
        ['error', undefined],
        ['ack', undefined],
      ],
    )
    assert.match(
      JSON.stringify(packets[2]),
      /"userProperties":\{"__proto__":"x","a":\["1","2"\]\}.*"payload":\[1\]/,
    )
  })

  it('pairs the packets of an exchange that authenticates, and requests with their responses', async () => {
    const session = new SessionDecoder({ decoders: [mqtt] })
    await session.loadAll()
    const properties = { authenticationMethod: 'SCRAM' }
    const connect = { cmd: 'connect', protocolVersion: 5, clean: true, clientId: 'c', keepalive: 1 }
    const publish = { cmd: 'publish', qos: 0, dup: false, retain: false, payload: '' }
    const ask = (data: string) => ({ responseTopic: 'answers', correlationData: Buffer.from(data) })
    const said: [direction: 'in' | 'out', packet: object][] = [
      ['out', { ...connect, protocolId: 'MQTT', properties }],
      ['in', { cmd: 'auth', reasonCode: 0x18, properties }],
      ['out', { cmd: 'auth', reasonCode: 0x18, properties }],
      ['in', { cmd: 'connack', reasonCode: 0, sessionPresent: false }],
      ['out', { ...publish, qos: 1, messageId: 7, topic: 'ask', properties: ask('a') }],
      ['out', { ...publish, topic: 'ask', properties: ask('b') }],
      ['in', { ...publish, topic: 'answers', properties: { correlationData: Buffer.from('b') } }],
      ['in', { cmd: 'puback', messageId: 7, reasonCode: 0 }],
      ['in', { ...publish, topic: 'answers', properties: { correlationData: Buffer.from('a') } }],
      ['in', { ...publish, topic: 'answers', properties: { correlationData: Buffer.from('a') } }],
      ['out', { cmd: 'auth', reasonCode: 0x19, properties }],
      ['in', { cmd: 'auth', reasonCode: 0x00, properties }],
      ['in', { ...publish, topic: 'ask', properties: ask('c') }],
      ['out', { ...publish, topic: 'answers', properties: { correlationData: Buffer.from('c') } }],
    ]
    const paired = said.map(([direction, packet], number) => {
      const payload = packetOf(packet)
      const message = { number, time: number, direction, binary: true, eventName: '', payload }
      const [{ kind = '', name = '', answers = 0 } = {}] =
        session.decodeMessage(1, encodable({ ...message, size: payload.length })) ?? []
      return [kind, name, answers]
    })
    assert.equal(session.problemOf(1), undefined)
    assert.deepEqual(paired, [
      ['handshake', 'CONNECT', 0],
      ['handshake', 'AUTH', 1],
      ['handshake', 'AUTH', 2],
      ['handshake', 'CONNACK', 3],
      ['event', 'ask', 0],
      ['event', 'ask', 0],
      ['event', 'answers', 6],
      ['ack', 'ask', 5],
      ['event', 'answers', 5],
      ['event', 'answers', 0],
      ['handshake', 'AUTH', 0],
      ['handshake', 'AUTH', 11],
      ['event', 'ask', 0],
      ['event', 'answers', 13],
    ])
  })

  it('is recognized by its first packet', () => {
    const connect = messagesOf('mqtt-browser')[0]
    assert.ok(connect !== undefined)
    assert.equal(mqtt.recognizeMessage?.(connect), 'a CONNECT packet of MQTT')
  })

  it('gives up in a sentence if it starts in the middle of a packet', async () => {
    await mqtt.load?.()
    assert.throws(
      () => decodeAll(mqtt, messagesOf('mqtt').slice(1)),
      /^Error: The bytes are not a packet of MQTT.*\.$/,
    )
  })

  itIsRobust(mqtt, RECORDED)
})
