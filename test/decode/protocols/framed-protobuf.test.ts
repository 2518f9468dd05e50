import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import protobufjs from 'protobufjs'
import type { ConnectionFacts, EncodedMessage } from '../../../src/decode/decoder.ts'
import { DECODERS } from '../../../src/decode/decoders.ts'
import { protobuf } from '../../../src/decode/protocols/payloads/protobuf/protobuf.ts'
import { SessionDecoder } from '../../../src/decode/session-decoder.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { decodeAll, message } from './recordings.ts'
import { itIsRobust } from './robust.ts'

const PROTO = 'syntax = "proto3"; package p; message Hello { string text = 1; }'
const HELLO = protobufjs.parse(PROTO).root.lookupType('p.Hello')
const hello = (text: string) => HELLO.encode(HELLO.fromObject({ text })).finish()

function frame(flags: number, bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(5)
  head[0] = flags
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

const TRAILERS = (status: number) => frame(0x80, Buffer.from(`grpc-status: ${status}\r\ngrpc-message:so\r\n`))
const factsOf = (type: string): ConnectionFacts => ({
  connection: 1,
  transport: 'http-stream',
  method: 'POST',
  url: 'https://host.example/p.Greeter/Greet',
  requestHeaders: { 'content-type': type },
  responseHeaders: { 'content-type': type },
  decoderOptions: { files: { 'p.proto': PROTO }, message: 'p.Hello' },
})
const WEB = factsOf('application/grpc-web+proto')
const VALUES = [{ text: 'one' }, { text: 'ü'.repeat(100) }]
const ANSWER = Buffer.concat([...VALUES.map(({ text }) => frame(0, hello(text))), TRAILERS(0)])

/** The answer in pieces of a size. */
const pieces = (bytes: Buffer, size: number, facts: ConnectionFacts): EncodedMessage[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    message(bytes.subarray(index * size, (index + 1) * size), { facts, url: facts.url ?? '' }),
  )

describe('Protocol Buffers in a stream', () => {
  before(() => protobuf.load?.())

  it('are read from the frames of gRPC-Web, from any split, with their trailers', () => {
    for (const size of [1, 7, ANSWER.length]) {
      const packets = decodeAll(protobuf, pieces(ANSWER, size, WEB))
      assert.deepEqual(
        packets.map(({ kind, name, value, answersTo, continues = false }) => [
          kind,
          name,
          value,
          answersTo,
          continues,
        ]),
        [
          ...VALUES.map((value) => ['data', 'p.Greeter/Greet', value, 'call', true]),
          ['close', 'trailers', { 'grpc-status': '0', 'grpc-message': 'so' }, 'call', false],
        ],
      )
    }
  })

  it('are read from Base64 whose parts are padded', () => {
    const facts = factsOf('application/grpc-web-text')
    const parts = [ANSWER.subarray(0, 10), ANSWER.subarray(10, 21), ANSWER.subarray(21)]
    const text = Buffer.from(parts.map((part) => part.toString('base64')).join(''))
    for (const size of [1, 5, text.length])
      assert.deepEqual(
        decodeAll(protobuf, pieces(text, size, facts)).map(({ parts: _, ...packet }) => packet),
        decodeAll(protobuf, pieces(ANSWER, ANSWER.length, WEB)),
      )
    assert.throws(() => decodeAll(protobuf, pieces(Buffer.from('%%%%'), 4, facts)), {
      message: 'The text is not Base64.',
    })
  })

  it('are paired with the call, which is the body of a request', async () => {
    const session = new SessionDecoder({ choiceFor: () => ({ decoderOptions: WEB.decoderOptions }) })
    await session.loadAll()
    const { url = '', requestHeaders: headers = {}, responseHeaders = {} } = WEB
    const body = { base64: frame(0, hello('ask')).toString('base64') }
    const of = { connection: 1, transport: 'http-stream' } as const
    const events: RealtimeEvent[] = [
      { type: 'connect', time: 0, url, attempt: 0, method: 'POST', headers, body, ...of },
      { type: 'open', time: 1, headers: responseHeaders, ...of },
      { type: 'message', time: 2, direction: 'in', payload: ANSWER.subarray(0, 10), connection: 1 },
      { type: 'message', time: 3, direction: 'in', payload: TRAILERS(7), connection: 1 },
    ]
    const decoded = events.flatMap((event, number) => session.decode(number, event) ?? [])
    assert.deepEqual(
      decoded.map(({ kind, name, value, answers }) => [kind, name, value, answers]),
      [
        ['request', 'p.Greeter/Greet', { text: 'ask' }, undefined],
        ['data', 'p.Greeter/Greet', { text: 'one' }, 1],
        ['error', 'trailers', { 'grpc-status': '7', 'grpc-message': 'so' }, 1],
      ],
    )
    assert.equal(session.chosenFor(1)?.reason, 'content type application/grpc-web+proto')
  })

  it('are read after their lengths, and from the envelopes of Connect', () => {
    const delimited = factsOf('application/vnd.google.protobuf; encoding=delimited')
    const bytes = Buffer.concat(
      VALUES.map(({ text }) => Buffer.from(HELLO.encodeDelimited({ text }).finish())),
    )
    for (const size of [1, 9, bytes.length])
      assert.deepEqual(
        decodeAll(protobuf, pieces(bytes, size, delimited)).map(({ value }) => value),
        VALUES,
      )
    const ends = frame(2, Buffer.from('{"error":{"code":"internal"}}'))
    const [packet] = decodeAll(protobuf, pieces(ends, ends.length, factsOf('application/connect+proto')))
    assert.deepEqual([packet?.kind, packet?.name], ['error', 'end of stream'])
  })

  it('are recognized by the subprotocol of Centrifugo', () => {
    const facts = { connection: 1, transport: 'websocket', subprotocol: 'centrifuge-protobuf' }
    const at = { ...facts, url: 'ws://host.example/connection/websocket' }
    assert.equal(DECODERS.find((each) => each.recognize(at) !== undefined)?.name, 'protobuf')
  })

  it('are JSON in the frames of Connect, and the body of a call need not be in a frame', async () => {
    const session = new SessionDecoder()
    await session.loadAll()
    const headers = { 'content-type': 'application/connect+json' }
    const of = { connection: 1, transport: 'http-stream' } as const
    const url = WEB.url ?? ''
    const events: RealtimeEvent[] = [
      { type: 'connect', time: 0, url, attempt: 0, method: 'POST', headers, body: '{"a":1}', ...of },
      { type: 'open', time: 1, headers, ...of },
      {
        ...{ type: 'message', time: 2, direction: 'in', connection: 1 },
        payload: frame(0, Buffer.from('{"b":"ü"}')),
      },
    ]
    assert.deepEqual(
      events
        .flatMap((event, number) => session.decode(number, event) ?? [])
        .map(({ kind, name, value }) => [kind, name, value]),
      [
        ['request', 'p.Greeter/Greet', { a: 1 }],
        ['data', 'p.Greeter/Greet', { b: 'ü' }],
      ],
    )
  })

  it('are read from compressed frames, unless they are too large', () => {
    const value = (text: string) => {
      const bytes = frame(1, gzipSync(hello(text)))
      return decodeAll(protobuf, pieces(bytes, bytes.length, WEB))[0]?.value
    }
    assert.deepEqual(value('packed'), { text: 'packed' })
    assert.deepEqual(Object.keys(value('x'.repeat(5_000_000)) ?? {}), ['compressed'])
  })

  it('show compressed messages of another coding as bytes', () => {
    const bytes = frame(1, Buffer.of(1, 2))
    assert.deepEqual(decodeAll(protobuf, pieces(bytes, 7, WEB))[0]?.value, { compressed: { base64: 'AQI=' } })
  })

  describe('of gRPC-Web', () => itIsRobust(protobuf, [], WEB, pieces(ANSWER, 11, WEB)))
})
