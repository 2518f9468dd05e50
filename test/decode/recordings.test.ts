/** Runs every recording of real clients and servers through the decoders. */
import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { OnDemandDecoder } from '../../src/decode/decode-on-demand.ts'
import { DECODERS } from '../../src/decode/decoders.ts'
import { DECODED_KINDS, type DecodedEvent } from '../../src/shared/decoded.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { checkCover, checkMap } from './check-map.ts'
import { EventsSource } from './events-source.ts'
import { decodeRecording, eventsOf } from './expected.ts'

const FOLDER = join(import.meta.dirname, '../fixtures/recordings')
const FILES = readdirSync(FOLDER).filter((name) => /\.(?:rtsession|har)$/.test(name))
const NAMES = new Set(DECODERS.map(({ name }) => name))

describe('the recordings of real clients and servers', () => {
  it('are there', () => {
    assert.ok(FILES.length >= 51, `${FILES.length} recordings`)
  })

  it('have every body that was sent, and the stream, if they are HARs', async () => {
    const texts = async (file: string, way: 'in' | 'out') =>
      (await eventsOf(join(FOLDER, file))).flatMap((event) =>
        event.type === 'message' && event.direction === way ? [Buffer.from(event.payload).toString()] : [],
      )
    const posted = await texts('engineio-polling.har', 'out')
    assert.equal(posted.length, 10)
    assert.deepEqual(posted.slice(0, 2), ['40', '420["sum",1,2]'])
    assert.deepEqual(await texts('sockjs-xhr-streaming.har', 'out'), [
      '["one"]',
      '["{\\"two\\":\\"ü\\"}"]',
      '["bye"]',
    ])
    const streamed = await texts('sockjs-xhr-streaming.har', 'in')
    assert.deepEqual(streamed.slice(2, 4), ['o', 'a["welcome"]'])
    assert.equal(streamed.at(-1), 'c[4001,"asked to"]')
  })

  for (const file of FILES)
    it(`${file} is decoded to its end, and answers come after what they answer`, async () => {
      const { decoded, session, connections } = await decodeRecording(join(FOLDER, file))
      for (const connection of connections) {
        assert.equal(session.problemOf(connection), undefined)
        assert.ok(NAMES.has(session.chosenFor(connection)?.decoder.name ?? ''))
      }
      for (const { line, kind, answers, latency, value } of decoded) {
        assert.ok(DECODED_KINDS.includes(kind))
        assert.equal(answers === undefined, latency === undefined)
        if (answers !== undefined) assert.ok(answers < line - 1 && (latency ?? -1) >= 0)
        assert.deepEqual(JSON.parse(JSON.stringify(value ?? null)), value ?? null)
      }
    })

  for (const file of FILES)
    it(`${file} is decoded alike in order and on demand`, async () => {
      const path = join(FOLDER, file)
      const { decoded, session } = await decodeRecording(path)
      const events = await eventsOf(path)
      const source = new EventsSource(events)
      const progress = new EventEmitter()
      const onProgress = () => progress.emit('slice')
      const onDemand = new OnDemandDecoder(source, (each) => source.startOf(each), {
        interval: 3,
        onProgress,
      })
      for (let n = 0; n < events.length; n++) {
        const index = (n * 17) % events.length
        let found = onDemand.decode(index)
        while (found === undefined || onDemand.reached < events.length) {
          await once(progress, 'slice')
          found = onDemand.decode(index)
        }
        const event = events[index]
        const connection = event !== undefined && 'connection' in event ? event.connection : 0
        assert.equal(onDemand.chosenFor(connection)?.decoder, session.chosenFor(connection)?.decoder)
        const inOrder = decoded.filter(({ line }) => line === index + 2).map(({ line: _, ...rest }) => rest)
        // Before a connection is recognized by a message, only decoding on demand knows its protocol.
        if (!inOrder.some(({ protocol }) => protocol === 'json'))
          assert.deepEqual(found, inOrder, `event ${index + 1}`)
        checkMapOf(onDemand, index, found, event)
      }
      const answers = decoded.flatMap(({ answers = 0, line }) =>
        answers > 0 ? [[answers - 1, line - 2] as const] : [],
      )
      for (const [number, by] of answers) assert.ok((onDemand.answerTo(number) ?? by + 1) <= by)
    })
})

/** Where the packets of an event are in its bytes. */
function checkMapOf(
  decoder: OnDemandDecoder,
  index: number,
  events: readonly DecodedEvent[],
  event: RealtimeEvent | undefined,
): void {
  const map = decoder.map(index)
  assert.ok(map)
  if (event?.type !== 'message' || events.length === 0) return
  checkMap(map, events.length, event.payload.length)
  assert.ok(map.packets, `event ${index + 1} is mapped`)
  checkCover(map, event.payload)
  const isContinued = events.slice(0, map.packets.length).map(({ parts }) => parts !== undefined)
  assert.deepEqual(
    map.packets.map((packet) => packet.isContinued),
    isContinued,
  )
}
