import assert from 'node:assert/strict'
import { deflateRawSync } from 'node:zlib'
import { HandleInflater } from '../../../src/transport/websocket/inflater.ts'
import type { ReceiverSink } from '../../../src/transport/websocket/received.ts'
import { Receiver } from '../../../src/transport/websocket/receiver.ts'
import { arrayBuffersInUse } from '../../support/memory.ts'
import { frame } from '../../support/raw-server.ts'

const MANY = 500
const SILENT: ReceiverSink = {
  batch: () => {},
  message: () => {},
  ping: () => {},
  pong: () => {},
  close: () => {},
  failed: (error) => assert.fail(error),
  busy: () => {},
}

function receiver(compression: boolean, sink: Partial<ReceiverSink>): Receiver {
  const inflater = compression ? new HandleInflater({ forgets: false, windowBits: 15 }) : undefined
  return new Receiver({ maxSize: 1_000_000, maxFragments: 10, inflater }, { ...SILENT, ...sink })
}

function message(compression: boolean, text: string): Uint8Array {
  if (!compression) return Uint8Array.from(frame(1, text))
  return Uint8Array.from(frame(1, deflateRawSync(text), { rsv: 0x40 }))
}

describe('Receivers between messages', () => {
  for (const compression of [false, true]) {
    const kind = compression ? 'compressed' : 'plain'

    it(`own no buffers after ${kind} messages`, async () => {
      let received = 0
      const sink: Partial<ReceiverSink> = {
        batch: ({ count }) => {
          received += count
        },
      }
      const bytes = message(compression, 'hello')
      // The buffers that all receivers share.
      receiver(compression, sink).push(bytes.slice(), 0)
      const before = await arrayBuffersInUse()
      const receivers = Array.from({ length: MANY }, () => receiver(compression, sink))
      for (const each of receivers) each.push(bytes.slice(), 0)
      const each = ((await arrayBuffersInUse()) - before) / MANY
      assert.equal(received, MANY + 1)
      assert.ok(each < 500, `${each} bytes each`)
      for (const one of receivers) one.finish()
    })

    it(`deliver their own ${kind} messages if one reads while another delivers`, () => {
      const seen: string[] = []
      const note = (name: string): ReceiverSink['batch'] => {
        return ({ count, bytes, starts, sizes }) => {
          for (let index = 0; index < count; index++) {
            const start = starts[index] ?? 0
            const text = Buffer.from(bytes.subarray(start, start + (sizes[index] ?? 0))).toString()
            seen.push(`${name} ${text}`)
          }
        }
      }
      const inner = receiver(compression, { batch: note('inner') })
      const outer = receiver(compression, {
        batch: (batch) => {
          inner.push(message(compression, 'a much longer text than that of the other one'), 0)
          note('outer')(batch)
        },
      })
      outer.push(message(compression, 'short'), 0)
      assert.deepEqual(seen, ['inner a much longer text than that of the other one', 'outer short'])
      for (const one of [inner, outer]) one.finish()
    })
  }
})
