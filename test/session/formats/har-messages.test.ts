import assert from 'node:assert/strict'
import { JsonList, Spools } from '../../../src/session/formats/bytes/spools.ts'
import {
  addEventSourceMessage,
  addEventStreamBlock,
  addStreamMessage,
  addWebSocketMessage,
} from '../../../src/session/formats/har/write-messages.ts'
import { readEventStream } from '../../../src/transport/stream/whole-body.ts'
import { message } from '../../support/recording.ts'

describe('a large message in a HAR', () => {
  it('is written in pieces, whatever its content, and is equivalent', async () => {
    const at = new Date(0)
    const spools = new Spools()
    let largest = 0
    const makeSpool = () => {
      const spool = spools.make()
      const flush = spool.flush.bind(spool)
      spool.flush = () => {
        largest = Math.max(largest, spool.buffer.length)
        return flush()
      }
      return spool
    }
    const contentOf = async (spool: ReturnType<typeof makeSpool>) => {
      const pieces: Uint8Array[] = []
      for await (const piece of spool.read()) pieces.push(Buffer.from(piece))
      return Buffer.concat(pieces)
    }
    try {
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
        for (const add of [addWebSocketMessage, addEventSourceMessage, addStreamMessage]) {
          const list = new JsonList(makeSpool())
          await add(list, large, at)
          const { data } = JSON.parse((await contentOf(list.spool)).toString())
          assert.ok(data === payload.toString() || data === payload.toString('base64'))
        }
        const body = makeSpool()
        await addEventStreamBlock(body, large)
        const [read] = readEventStream(await contentOf(body))
        assert.ok(payload[0] === 0xff || payload.equals(read?.payload ?? Buffer.alloc(0)))
      }
      assert.ok(largest > 0 && largest < 1_000_000, `${largest} bytes at once`)
    } finally {
      await spools.remove()
    }
  })
})
