import assert from 'node:assert/strict'
import { FrameImpl, Parser } from '@stomp/stompjs'
import { stomp } from '../../../src/decode/protocols/stomp/stomp.ts'
import { decodeAll, decodedOf, expectedOf, message, messagesOf, placeOf } from './recordings.ts'
import { itIsRobust } from './robust.ts'

const RECORDED = ['stomp', 'stomp-rabbitmq-invalid-utf8']

const KINDS: Readonly<Record<string, string>> = {
  CONNECT: 'handshake',
  CONNECTED: 'handshake',
  SUBSCRIBE: 'subscribe',
  UNSUBSCRIBE: 'unsubscribe',
  ACK: 'ack',
  RECEIPT: 'ack',
  ERROR: 'error',
  DISCONNECT: 'close',
  'heart-beat': 'heartbeat',
}

describe('STOMP', () => {
  it("decodes stomp as the protocol's own parser", async () => {
    const decoded = await decodedOf(stomp, 'stomp')
    assert.deepEqual(
      decoded.map(({ line, parts, direction, kind, value }) => [line, parts, direction, kind, value]),
      expectedOf('stomp').map((packet) => {
        const { kind, headers, body } = packet
        const value = kind === 'heart-beat' ? undefined : { command: kind, headers, body }
        const isRequest = kind === 'SEND' && Object.hasOwn(headers as object, 'receipt')
        return [...placeOf(packet), isRequest ? 'request' : (KINDS[kind] ?? 'event'), value]
      }),
    )
  })

  it('pairs receipts, acknowledgments and the handshake', async () => {
    const decoded = await decodedOf(stomp, 'stomp')
    const answers = decoded
      .filter((packet) => packet.answers !== undefined)
      .map(({ line, kind, name, channel, answers }) => [line, kind, name, channel, answers])
    assert.deepEqual(answers, [
      [5, 'handshake', 'CONNECTED', undefined, 3],
      [12, 'ack', '/topic/chat', '/topic/chat', 7],
      [13, 'ack', '/queue/jobs', 'jobs-1', 8],
      [14, 'ack', '/queue/jobs', 'jobs-1', 9],
      [21, 'ack', '/queue/jobs', 'jobs-1', 18],
      [22, 'ack', '/queue/jobs', 'jobs-1', 19],
    ])
    const [unsubscribe] = decoded.filter(({ kind }) => kind === 'unsubscribe')
    assert.equal(unsubscribe?.name, '/topic/chat')
  })

  it("agrees with the protocol's own parser in any split", () => {
    const text =
      'SEND\r\ndestination:/a\\c\\\\n\ncontent-length:5\ndestination:/b\n\na\0\0b\0\0\n\nSEND\nb:c\n\nü\0\nACK\nid:1\n\n\0'
    const bytes = Buffer.from(text)
    const frames: unknown[] = []
    const parser = new Parser(
      (raw) => {
        const { command, headers, body } = FrameImpl.fromRawFrame(raw, true)
        frames.push({ command, headers, body })
      },
      () => frames.push('heart-beat'),
    )
    parser.parseChunk(text)
    // The library unescapes the backslash last, so that `\\n` becomes a backslash and a line feed.
    assert.match(JSON.stringify(frames[0]), /\\\\/)
    for (let size = 1; size <= bytes.length; size++) {
      const messages = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        message(bytes.subarray(index * size, (index + 1) * size), { direction: 'out', number: index }),
      )
      const packets = decodeAll(stomp, messages)
      const found = packets.map(({ value }) => value as { headers: Record<string, string>; body: unknown })
      assert.deepEqual(
        found.map((each) => each?.body ?? 'heart-beat'),
        [
          { base64: Buffer.from('a\0\0b\0').toString('base64') },
          'heart-beat',
          'heart-beat',
          'ü',
          'heart-beat',
          '',
        ],
      )
      assert.equal(found[0]?.headers.destination, '/a:\\n')
      assert.equal(packets.length, frames.length)
    }
  })

  it('does not unescape the headers of STOMP 1.0', () => {
    const packets = decodeAll(stomp, [
      message('CONNECTED\nsession:1\n\n\0'),
      message('MESSAGE\ndestination:/a\\c\n\nhi\0'),
    ])
    assert.equal(packets[1]?.name, '/a\\c')
  })

  it('keeps headers with the names of object members', () => {
    const [packet] = decodeAll(stomp, [message('SEND\n__proto__:1\nconstructor:2\n\n\0')])
    assert.match(JSON.stringify(packet?.value), /"__proto__":"1","constructor":"2"/)
  })

  it('is recognized by its first frame', () => {
    assert.equal(
      stomp.recognizeMessage?.(message('CONNECT\naccept-version:1.2\n\n\0')),
      'a CONNECT frame of STOMP',
    )
    assert.ok(messagesOf('stomp').length > 0)
  })

  itIsRobust(stomp, RECORDED)
})
