import assert from 'node:assert/strict'
import {
  eventSourceMessage,
  eventStreamBlock,
  streamMessage,
  webSocketMessage,
} from '../../../src/session/formats/har/write-messages.ts'
import { readEventStream } from '../../../src/transport/stream/whole-body.ts'
import { message } from '../../support/recording.ts'

describe('a large message in a HAR', () => {
  it('is written in pieces, whatever its content, and is equivalent', () => {
    const at = new Date(0)
    for (const payload of [
      Buffer.alloc(4_000_000, 1),
      Buffer.alloc(4_000_000, '\n'),
      Buffer.alloc(4_000_000, 0xff),
    ]) {
      const large = message(1, payload, {
        opcode: payload[0] === 0xff ? 'binary' : 'text',
        event: 'tick',
        id: '7',
      })
      for (const make of [webSocketMessage, eventSourceMessage, streamMessage]) {
        const pieces = [...make(large, at)]
        assert.ok(pieces.every(({ length }) => length < 2_000_000))
        const { data } = JSON.parse(pieces.join(''))
        assert.ok(data === payload.toString() || data === payload.toString('base64'))
      }
      const blocks = [...eventStreamBlock(large)]
      assert.ok(blocks.every(({ length }) => length < 2_000_000))
      const [read] = readEventStream(Buffer.concat(blocks))
      assert.ok(payload[0] === 0xff || payload.equals(read?.payload ?? Buffer.alloc(0)))
    }
  })
})
