/** Packets without their values: a search for names does not need those. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { OnDemandDecoder } from '../../src/decode/decode-on-demand.ts'
import { EventsSource } from './events-source.ts'
import { eventsOf } from './expected.ts'

const FOLDER = join(import.meta.dirname, '../fixtures/recordings')
const FILES = readdirSync(FOLDER).filter((name) => /\.(?:rtsession|har)$/.test(name))
const SEEDS = [1, 2, 3]

/** A linear congruential generator. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** A decoder that knows the packets of every event. */
async function decoderOf(source: EventsSource, hasValues = true): Promise<OnDemandDecoder> {
  const decoder = new OnDemandDecoder(source, (each) => source.startOf(each), { interval: 3 })
  for (let index = 0; index < source.count; index++)
    while (decoder.decode(index, hasValues) === undefined || !decoder.isKnown(index))
      await new Promise(setImmediate)
  return decoder
}

describe('packets without their values', () => {
  for (const file of FILES)
    it(`have all else, in any order and between others, in ${file}`, async () => {
      const source = new EventsSource(await eventsOf(join(FOLDER, file)))
      const whole = await decoderOf(source)
      for (const seed of SEEDS) {
        const random = seeded(seed)
        const mixed = await decoderOf(source)
        let next = 0
        for (let count = 0; count < 100; count++) {
          // Mostly in order, as a search reads.
          next = random(4) === 0 ? random(source.count) : (next + 1) % source.count
          const packets = whole.decode(next)
          assert.ok(packets)
          if (random(3) === 0) assert.deepEqual(mixed.decode(next), packets)
          else {
            const heads = mixed.decode(next, false)?.map(({ value: _, ...head }) => head)
            assert.deepEqual(
              heads,
              packets.map(({ value: _, ...head }) => head),
            )
          }
        }
      }
    })

  it('do not make values', async () => {
    const source = new EventsSource(await eventsOf(join(FOLDER, 'socketio.rtsession')))
    const decoder = await decoderOf(source, false)
    const heads = Array.from({ length: source.count }, (_, index) => decoder.decode(index, false) ?? [])
    assert.ok(heads.flat().length > 10)
    assert.ok(heads.flat().every((head) => !('value' in head)))
  })
})
