/** Packets that are put together from the messages of a session. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import mqttPacket from 'mqtt-packet'
import type { JoinedPacket } from '../../../src/shared/packet-map.ts'
import type { DecodedBytes } from '../../../src/shared/protocol/decoding.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'
import { DecodedFile } from './support.ts'

const publish = (topic: string, payload: string | Buffer): Buffer =>
  mqttPacket.generate({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false })

/** A session in which a client sends bytes as messages, with a message of the server after each. */
function sessionOf(messages: readonly Uint8Array[]): string {
  const on = { connection: 1, time: 1 }
  const message = (direction: string, bytes: Uint8Array) => ({
    ...on,
    type: 'message',
    direction,
    opcode: 'binary',
    size: bytes.length,
    base64: Buffer.from(bytes).toString('base64'),
  })
  const events = [
    { type: 'session', version: 1, startedAt: '2026-11-23T05:00:00.000Z' },
    { ...on, type: 'connect', url: 'ws://x.example/', transport: 'websocket', attempt: 0 },
    { ...on, type: 'open', transport: 'websocket', status: 101, subprotocol: 'mqtt' },
    ...messages.flatMap((bytes) => [message('out', bytes), message('in', publish('news', 'n'))]),
  ]
  const path = join(tempDir(), 'a.rtsession')
  writeFileSync(path, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  return path
}

describe('a packet that is put together', () => {
  let file: DecodedFile | undefined

  afterEach(async () => {
    await file?.call.shutdown(null)
    file = undefined
    removeTempDirs()
  })

  /** Of the last message. */
  async function joinedIn(messages: readonly Uint8Array[]): Promise<JoinedPacket | null | undefined> {
    file = await DecodedFile.open(sessionOf(messages))
    const index = 2 * messages.length
    await file.previews((previews) => previews[index]?.decoded !== undefined)
    return (await file.call.decodedBytes({ index }))?.joined
  }

  it('begins and ends within messages that have others, too', async () => {
    const [before, middle, after] = [publish('a', '1'), publish('b', '2345'), publish('c', '6')]
    const joined = await joinedIn([
      Buffer.concat([before, middle.subarray(0, 3)]),
      middle.subarray(3, 5),
      Buffer.concat([middle.subarray(5), after]),
    ])
    assert.deepEqual(joined?.bytes, new Uint8Array(middle))
    assert.deepEqual(joined.messages, [
      { index: 2, from: 0, at: before.length },
      { index: 4, from: 3, at: 0 },
      { index: 6, from: 5, at: 0 },
    ])
    const payload = joined.fields.at(-1)
    assert.deepEqual(payload, { name: 'payload', from: 5, to: 9, path: '$.payload' })
  })

  it('has its first 64 KiB, and says how long it is', async () => {
    const packet = publish('big', Buffer.alloc(200_000, 'x'))
    const chunks = Array.from({ length: 21 }, (_, i) => packet.subarray(i * 10_000, (i + 1) * 10_000))
    const joined = await joinedIn(chunks)
    assert.deepEqual([joined?.size, joined?.bytes.length], [packet.length, 65_536])
    assert.ok(Buffer.from(joined?.bytes ?? []).equals(packet.subarray(0, 65_536)))
    assert.equal(joined?.messages.length, 7)
    assert.equal(joined.fields.at(-1)?.to, packet.length)
  })

  it('is not read if it has too many messages or bytes', async () => {
    const small = publish('a', 'x'.repeat(1100))
    const pieces = (size: number) =>
      Array.from({ length: Math.ceil(small.length / size) }, (_, i) =>
        small.subarray(i * size, (i + 1) * size),
      )
    assert.equal((await joinedIn(pieces(2)))?.messages.length, small.length / 2)
    await file?.call.shutdown(null)
    assert.equal(await joinedIn(pieces(1)), null)
    await file?.call.shutdown(null)
    const large = publish('a', Buffer.alloc(9 << 20))
    assert.equal(await joinedIn([large.subarray(0, 9), large.subarray(9)]), null)
  })

  it('has all its parts in the list, and none for a message that ends packets', async () => {
    const packets = Buffer.concat(['a', 'bb', 'ccc', 'dddd'].map((topic) => publish(topic, topic.repeat(5))))
    for (let size = 1; size < 20; size++) {
      const chunks = Array.from({ length: Math.ceil(packets.length / size) }, (_, i) =>
        packets.subarray(i * size, (i + 1) * size),
      )
      file = await DecodedFile.open(sessionOf(chunks))
      const last = 2 * chunks.length
      const previews = await file.previews((all) => all[last]?.decoded !== undefined)
      for (let index = 2; index <= last; index += 2) {
        const { decoded, isPart = false } = previews[index] ?? {}
        assert.equal(isPart, decoded === undefined, `message ${index} of ${size} bytes`)
        const { joined, packets: ended }: DecodedBytes =
          (await file.call.decodedBytes({ index })) ?? assert.fail()
        assert.equal(joined === null, ended?.[0]?.isContinued !== true)
      }
      await file.call.shutdown(null)
      file = undefined
    }
  })
})
