/** Where packets are in the bytes of messages. */
import assert from 'node:assert/strict'
import { EventStreamCodec } from '@smithy/eventstream-codec'
import mqttPacket from 'mqtt-packet'
import type { Decoder, EncodedMessage, Packet } from '../../src/decode/decoder.ts'
import { DECODERS } from '../../src/decode/decoders.ts'
import { PacketMap } from '../../src/decode/packet-map.ts'
import type { MappedPacket, MessageMap } from '../../src/shared/packet-map.ts'
import { splits } from '../support/splits.ts'
import { checkCover, checkMap } from './check-map.ts'
import { FACTS, message, messagesOf } from './protocols/recordings.ts'

interface Mapped {
  readonly message: EncodedMessage
  readonly packets: readonly Packet[]
  readonly map: MessageMap
}

function decoderOf(name: string): Decoder {
  const decoder = DECODERS.find((each) => each.name === name)
  assert.ok(decoder)
  return decoder
}

/** Decodes messages with a map of each. */
async function mapAll(name: string, messages: readonly EncodedMessage[]): Promise<Mapped[]> {
  const decoder = decoderOf(name)
  await decoder.load?.()
  const facts = messages[0]?.facts ?? FACTS
  const decoding = decoder.open(facts)
  decoding.opened?.(facts)
  return messages.map((each, number) => {
    const map = new PacketMap()
    const packets = decoding.decode({ ...each, number }, map)
    const finished = map.finish(packets.length, each.size)
    checkMap(finished, packets.length, each.size)
    checkCover(finished, each.payload)
    const isPart = packets.length === 0 && decoding.isInsidePacket?.(each) === true
    assert.equal(isPart, packets.length === 0 && finished.unfinished !== null)
    if (STREAMED.some(([streamed]) => streamed === name) && each.size > 0)
      assert.ok(
        isPart || packets.length > 0 || BETWEEN_FRAMES.test(Buffer.from(each.payload).toString('latin1')),
      )
    return { message: each, packets, map: finished }
  })
}

function textIn({ message: { payload } }: Mapped, { from, to }: { from: number; to: number }): string {
  return Buffer.from(payload.subarray(from, to)).toString('latin1')
}

/** The fields of the packets of a message: name, meaning and bytes as text. */
function fieldsOf(mapped: Mapped | undefined): string[][] {
  assert.ok(mapped?.map.packets)
  return mapped.map.packets.map(({ fields }) =>
    fields.map(
      (field) => `${field.name}${field.meaning ? ` ${field.meaning}` : ''}: ${textIn(mapped, field)}`,
    ),
  )
}

/** The fields of all packets, noted in one map of all messages. */
async function fieldsTogether(
  name: string,
  chunks: readonly Uint8Array[],
  direction: 'in' | 'out',
): Promise<string[][]> {
  const decoder = decoderOf(name)
  const decoding = decoder.open(FACTS)
  const whole = message(Buffer.concat(chunks), { direction })
  const map = new PacketMap()
  return chunks.flatMap((chunk) => {
    const packets = decoding.decode(message(chunk, { direction, binary: true }), map)
    const finished = map.finish(packets.length, chunk.length)
    assert.ok(finished.packets?.every(({ isContinued }) => !isContinued))
    map.nextMessage(chunk.length)
    return fieldsOf({ message: whole, packets, map: finished })
  })
}

/** The bytes of each packet, put together from the messages that carry it. */
function joined(all: readonly Mapped[]): string[] {
  const texts: string[] = []
  const begun = { in: '', out: '' }
  for (const each of all) {
    const { direction } = each.message
    for (const packet of each.map.packets ?? []) {
      texts.push((packet.isContinued ? begun[direction] : '') + textIn(each, packet))
      begun[direction] = ''
    }
    const { unfinished } = each.map
    if (unfinished !== null)
      begun[direction] = (unfinished.isContinued ? begun[direction] : '') + textIn(each, unfinished)
  }
  return texts
}

/** What may follow a frame of STOMP. */
const BETWEEN_FRAMES = /^[\0\r]+$/

const STREAMED = [
  ['mqtt', 'mqtt'],
  ['nats', 'nats'],
  ['stomp', 'stomp'],
] as const

describe('the map of a message', () => {
  for (const [name, recording] of STREAMED)
    it(`finds the bytes of packets of ${name} in any split`, async () => {
      for (const direction of ['out', 'in'] as const) {
        const messages = messagesOf(recording).filter((each) => each.direction === direction)
        const whole = await mapAll(name, messages)
        const expected = joined(whole)
        assert.ok(expected.length > 3)
        const bytes = Buffer.concat(messages.map(({ payload }) => payload))
        for (const chunks of [...splits(bytes)].slice(-61)) {
          const parts = chunks.map((chunk) => message(chunk, { direction, binary: true }))
          const mapped = await mapAll(name, parts)
          assert.deepEqual(joined(mapped), expected)
          for (const { packets, map } of mapped)
            assert.deepEqual(
              map.packets?.map(({ isContinued }) => isContinued),
              packets.map((packet) => packet.parts !== undefined).slice(0, map.packets?.length),
            )
        }
      }
    })

  for (const [name, recording] of STREAMED)
    it(`has the fields of packets of ${name} that are put together from any split`, async () => {
      for (const direction of ['out', 'in'] as const) {
        const messages = messagesOf(recording).filter((each) => each.direction === direction)
        const packets = joined(await mapAll(name, messages))
        const alone = await mapAll(
          name,
          packets.map((text) => message(Buffer.from(text, 'latin1'), { direction, binary: true })),
        )
        const expected = alone.flatMap(fieldsOf)
        const bytes = Buffer.concat(messages.map(({ payload }) => payload))
        for (const chunks of [...splits(bytes)].slice(-61))
          assert.deepEqual(await fieldsTogether(name, chunks, direction), expected)
      }
    })

  it('names the fields of MQTT', async () => {
    const subscriptions = [
      { topic: 'a/#', qos: 1 },
      { topic: 'b', qos: 0 },
    ]
    const packets: object[] = [
      {
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 5,
        clean: true,
        clientId: 'me',
        keepalive: 1,
        username: 'user',
        password: 'word',
        will: { topic: 'gone', payload: 'bye', qos: 0, retain: false },
      },
      {
        cmd: 'publish',
        topic: 'news/a',
        qos: 1,
        messageId: 258,
        payload: 'hello',
        dup: false,
        retain: false,
      },
      { cmd: 'subscribe', messageId: 1, subscriptions },
      { cmd: 'puback', messageId: 258, reasonCode: 16 },
      { cmd: 'pingreq' },
    ]
    const bytes = packets.map((each) =>
      mqttPacket.generate(each as mqttPacket.Packet, { protocolVersion: 5 }),
    )
    const [mapped] = await mapAll('mqtt', [message(Buffer.concat(bytes), { direction: 'out' })])
    const [connect, publish, subscribe, puback, ping] = fieldsOf(mapped)
    assert.deepEqual(
      connect?.map((field) => field.replace(/:.*/s, '')),
      [
        'packet type and flags CONNECT',
        'remaining length',
        'protocol name length',
        'protocol name',
        'protocol version',
        'connect flags',
        'keep alive',
        'properties',
        'client id length',
        'client id',
        'will properties',
        'will topic length',
        'will topic',
        'will payload length',
        'will payload',
        'user name length',
        'user name',
        'password length',
        'password',
      ],
    )
    assert.equal(connect?.at(-1), 'password: word')
    assert.deepEqual(publish, [
      'packet type and flags PUBLISH: 2',
      'remaining length: \x10',
      'topic length: \0\x06',
      'topic: news/a',
      'packet id: \x01\x02',
      'properties: \0',
      'payload: hello',
    ])
    assert.deepEqual(subscribe?.slice(-6), [
      'topic filter length: \0\x03',
      'topic filter: a/#',
      'subscription options: \x01',
      'topic filter length: \0\x01',
      'topic filter: b',
      'subscription options: \0',
    ])
    assert.deepEqual(puback?.slice(2, 4), ['packet id: \x01\x02', 'reason code: \x10'])
    assert.deepEqual(ping, ['packet type and flags PINGREQ: \xc0', 'remaining length: \0'])
  })

  it('names the packet that a message has a part of', async () => {
    const publish = mqttPacket.generate({
      cmd: 'publish',
      topic: 'big',
      qos: 0,
      payload: 'x'.repeat(300),
      dup: false,
      retain: false,
    })
    const ping = Uint8Array.of(0xc0, 0)
    const chunks = [
      Buffer.concat([ping, publish.subarray(0, 1)]),
      publish.subarray(1, 100),
      publish.subarray(100),
    ]
    const [first, second, third] = await mapAll(
      'mqtt',
      chunks.map((chunk) => message(chunk)),
    )
    assert.deepEqual(
      first?.map.packets?.map(({ from, to }) => [from, to]),
      [[0, 2]],
    )
    const { fields: _, ...begun } = first?.map.unfinished ?? { fields: [] }
    assert.deepEqual(begun, { from: 2, to: 3, isContinued: false, name: 'PUBLISH' })
    assert.deepEqual(second?.map.packets, [])
    assert.equal(second?.map.unfinished?.isContinued, true)
    assert.equal(second?.map.unfinished?.name, 'PUBLISH')
    assert.deepEqual(
      third?.map.packets?.map(({ from, to, isContinued }) => [from, to, isContinued]),
      [[0, publish.length - 100, true]],
    )
    assert.deepEqual(third && fieldsOf(third), [[`payload: ${'x'.repeat(publish.length - 100)}`]])
  })

  it('names the fields of STOMP and NATS', async () => {
    const frame = 'SEND\ndestination:/q\nreceipt:1\n\nhello\0\n\n'
    const [stomp] = await mapAll('stomp', [message(frame, { direction: 'out' })])
    assert.deepEqual(fieldsOf(stomp), [
      ['command: SEND\n', 'destination: destination:/q\n', 'receipt: receipt:1\n', 'body: hello'],
      [],
      [],
    ])
    const operations =
      "HMSG news 7 _INBOX.1 12 17\r\nNATS/1.0\r\n\r\nhello\r\nPING\r\nSUB a b 3\r\n-ERR 'no'\r\n"
    const [nats] = await mapAll('nats', [message(operations)])
    assert.deepEqual(fieldsOf(nats), [
      [
        'operation: HMSG',
        'subject: news',
        'sid: 7',
        'reply to: _INBOX.1',
        'header size: 12',
        'size: 17',
        'headers: NATS/1.0\r\n\r\n',
        'payload: hello',
      ],
      ['operation: PING'],
      ['operation: SUB', 'subject: a', 'queue group: b', 'sid: 3'],
      ['operation: -ERR', "message: 'no'"],
    ])
  })

  const socket = { ...FACTS, url: 'ws://127.0.0.1/socket.io/?EIO=4&transport=websocket' }
  const inSocket = (payload: Uint8Array | string) => message(payload, { facts: socket })

  it('names the fields of Socket.IO, and finds attachments', async () => {
    const mapped = await mapAll('socket.io', [
      inSocket('0{"sid":"a"}'),
      inSocket('42/chat,13["näme",{"a":"],["},[1]]'),
      inSocket('43/chat,13["ok"]'),
      inSocket('451-["file",{"_placeholder":true,"num":0}]'),
      inSocket(Uint8Array.of(1, 2)),
    ])
    assert.deepEqual(fieldsOf(mapped[0]), [['Engine.IO type open: 0', 'data: {"sid":"a"}']])
    const utf8 = (text: string) => Buffer.from(text).toString('latin1')
    assert.deepEqual(fieldsOf(mapped[1]), [
      [
        'Engine.IO type message: 4',
        'packet type EVENT: 2',
        'namespace: /chat,',
        'ack id: 13',
        `event: ${utf8('"näme"')}`,
        'argument: {"a":"],["}',
        'argument: [1]',
      ],
    ])
    assert.deepEqual(fieldsOf(mapped[2]).at(0)?.at(-1), 'argument: "ok"')
    assert.deepEqual(mapped[3]?.map.packets, [])
    const { fields = [], name, isContinued } = mapped[3]?.map.unfinished ?? {}
    assert.deepEqual([name, isContinued, fields.length], ['BINARY_EVENT', false, 5])
    const [attachment] = mapped[4]?.map.packets ?? []
    assert.deepEqual(attachment, {
      from: 0,
      to: 2,
      isContinued: true,
      fields: [{ name: 'attachment', from: 0, to: 2 }],
    } satisfies MappedPacket)
  })

  it('finds the packets in the body of a poll', async () => {
    const url = 'http://127.0.0.1/socket.io/?EIO=4&transport=polling&sid=a'
    const facts = { ...FACTS, url, transport: 'poll' }
    const body = '451-["f",{"_placeholder":true,"num":0}]\x1ebAQI=\x1e2\x1e42["ä"]'
    const [mapped] = await mapAll('socket.io', [message(body, { facts, url })])
    const texts = mapped?.map.packets?.map((packet) => textIn(mapped, packet))
    assert.deepEqual(texts, [body.slice(0, 45), '2', '42["\xc3\xa4"]'])
    const older = url.replace('EIO=4', 'EIO=3')
    const [v3] = await mapAll('socket.io', [
      message('7:42["ä"]1:2', { facts: { ...facts, url: older }, url: older }),
    ])
    assert.deepEqual(
      v3?.map.packets?.map((packet) => textIn(v3, packet)),
      ['42["\xc3\xa4"]', '2'],
    )
  })

  it('finds packets inside the strings of SockJS', async () => {
    const url = 'ws://127.0.0.1/echo/000/abc/websocket'
    const frames = ['CONNECTED\nversion:1.2\n\n\0', 'MESSAGE\nid:\u{1f600}\n\nbödy\0']
    const escaped = `a[${frames.map((frame) => JSON.stringify(frame).replace('ö', '\\u00f6')).join(', ')}]`
    const [mapped] = await mapAll('sockjs', [message(escaped, { facts: { ...FACTS, url } })])
    assert.deepEqual(fieldsOf(mapped), [
      ['frame type array: a', 'command: CONNECTED\\n', 'version: version:1.2\\n'],
      ['command: MESSAGE\\n', 'id: id:\xf0\x9f\x98\x80\\n', 'body: b\\u00f6dy'],
    ])
    const spans = mapped?.map.packets?.map(({ from, to }) => [from, to])
    const size = Buffer.byteLength(escaped)
    assert.equal(spans?.[0]?.[0], 0)
    assert.equal(spans?.[1]?.[1], size)
  })

  it('finds messages in a batch and records between separators', async () => {
    const batch = ' [ {"jsonrpc":"2.0","method":"a"} ,{"jsonrpc":"2.0","method":"]"}]'
    const [rpc] = await mapAll('json-rpc', [message(batch)])
    assert.deepEqual(
      rpc?.map.packets?.map((packet) => textIn(rpc, packet)),
      ['{"jsonrpc":"2.0","method":"a"}', '{"jsonrpc":"2.0","method":"]"}'],
    )
    const records = '{"type":6}\x1e{"type":1,"target":"ä","arguments":[]}\x1e{"type":6}\x1e'
    const [signalr] = await mapAll('signalr', [message(records)])
    assert.deepEqual(
      signalr?.map.packets?.map((packet) => Buffer.from(textIn(signalr, packet), 'latin1').toString()),
      records.split('\x1e').slice(0, 3),
    )
  })

  it('finds messages of SignalR in MessagePack', async () => {
    const ping = [2, 0x91, 6]
    const close = [4, 0x93, 7, 0xc0, 0xc2]
    const [mapped] = await mapAll('signalr', [message(Uint8Array.from([...ping, ...close, ...ping]))])
    assert.deepEqual(
      mapped?.map.packets?.map(({ from, to }) => [from, to]),
      [
        [0, 3],
        [3, 8],
        [8, 11],
      ],
    )
  })

  it('names the fields of an AWS event stream in any split', async () => {
    const codec = new EventStreamCodec(String, (text) => Buffer.from(text))
    const frame = codec.encode({
      headers: { ':event-type': { type: 'string', value: 'a' } },
      body: Buffer.from('{"b":1}'),
    })
    const facts = { ...FACTS, transport: 'http-stream' }
    const [whole] = await mapAll('event-stream', [message(frame, { facts })])
    const [fields = []] = fieldsOf(whole)
    assert.deepEqual(
      fields.map((field) => field.replace(/:.*/s, '')),
      ['total length', 'headers length', 'prelude checksum', 'headers', 'payload', 'message checksum'],
    )
    assert.equal(fields[4], 'payload: {"b":1}')
    for (const chunks of splits(frame)) {
      const mapped = await mapAll(
        'event-stream',
        chunks.map((chunk) => message(chunk, { facts })),
      )
      assert.deepEqual(joined(mapped), [Buffer.from(frame).toString('latin1')])
    }
  })

  it('takes a whole message if it is one packet', async () => {
    const [mapped] = await mapAll('json-rpc', [message('{"jsonrpc":"2.0","method":"a"}')])
    assert.deepEqual(mapped?.map, {
      packets: [{ from: 0, to: 30, isContinued: false, fields: [] }],
      unfinished: null,
    })
  })
})
