import assert from 'node:assert/strict'
import type { ConnectionFacts } from '../../../src/decode/decoder.ts'
import { DECODERS } from '../../../src/decode/decoders.ts'
import { decodeAll, message } from './recordings.ts'
import { itIsRobust } from './robust.ts'

const PHOENIX = DECODERS.find(({ name }) => name === 'phoenix') ?? assert.fail()
const FACTS: ConnectionFacts = {
  connection: 1,
  transport: 'websocket',
  url: 'wss://host.example/socket/websocket?vsn=2.0.0',
}
const DATA = Buffer.of(0, 255)
const CONTENT = { base64: DATA.toString('base64') }

/** A frame as the serializer of Phoenix writes it: its kind, the sizes of the texts, the texts, the data. */
function frame(kind: number, ...texts: string[]): Buffer {
  const bytes = texts.map((text) => Buffer.from(text))
  return Buffer.concat([Buffer.of(kind, ...bytes.map(({ length }) => length)), ...bytes, DATA])
}

const messages = [
  message('["1","1","room:ü","phx_join",{}]', { facts: FACTS, direction: 'out' }),
  message(frame(0, '1', '2', 'room:ü', 'image'), { facts: FACTS, direction: 'out' }),
  message(frame(1, '1', '2', 'room:ü', 'ok'), { facts: FACTS }),
  message(frame(0, '1', '3', 'room:ü', 'image'), { facts: FACTS, direction: 'out' }),
  message(frame(1, '1', '3', 'room:ü', 'error'), { facts: FACTS }),
  message(frame(0, '1', 'room:ü', 'pushed'), { facts: FACTS }),
  message(frame(2, 'room:ü', 'told'), { facts: FACTS }),
]

describe('Phoenix', () => {
  it('decodes messages with binary payloads like those in JSON', () => {
    assert.deepEqual(decodeAll(PHOENIX, messages).slice(1), [
      { kind: 'request', name: 'image', channel: 'room:ü', id: '2', asks: '2', value: CONTENT },
      {
        kind: 'ack',
        channel: 'room:ü',
        id: '2',
        answersTo: '2',
        value: { status: 'ok', response: CONTENT },
      },
      { kind: 'request', name: 'image', channel: 'room:ü', id: '3', asks: '3', value: CONTENT },
      {
        kind: 'error',
        channel: 'room:ü',
        id: '3',
        answersTo: '3',
        value: { status: 'error', response: CONTENT },
      },
      { kind: 'event', name: 'pushed', channel: 'room:ü', value: CONTENT },
      { kind: 'event', name: 'told', channel: 'room:ü', value: CONTENT },
    ])
  })

  it('gives up in a sentence if the bytes are something else', () => {
    for (const bytes of [Buffer.of(3, 0, 0), Buffer.of(2, 9, 9, 65), Buffer.of()])
      assert.throws(
        () => decodeAll(PHOENIX, [message(bytes, { facts: FACTS })]),
        /^Error: [A-Z].*Phoenix.*\.$/,
      )
  })

  itIsRobust(PHOENIX, [], FACTS, messages)
})
