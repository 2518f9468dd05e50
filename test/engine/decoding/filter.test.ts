import assert from 'node:assert/strict'
import { SessionDecoding } from '../../../src/engine/decoding/session-decoding.ts'
import { searchable } from '../../../src/engine/filter-calls.ts'
import { FilterRunner } from '../../../src/engine/filter-runner.ts'
import type { DecodedEvent } from '../../../src/shared/decoded.ts'
import { eventsOf } from '../../decode/expected.ts'
import { pathOf } from '../../decode/protocols/recordings.ts'
import { removeTempDirs } from '../../support/temp-dir.ts'
import { Filled } from '../payload/support.ts'

/** A live session that a test fills, and the filter over it. */
class Filtered {
  readonly filled = new Filled()
  readonly decoding: SessionDecoding
  readonly #filter: FilterRunner
  #generation = 0
  #changed = () => {}

  constructor() {
    this.decoding = new SessionDecoding(this.filled.capture, this.filled.starts, {
      progressed: () => this.#filter.decoded(),
      changed: () => this.#filter.restart(),
    })
    this.#filter = new FilterRunner(searchable(this.filled.capture, this.decoding), () => this.#changed())
  }

  static async of(recording: string): Promise<Filtered> {
    const filtered = new Filtered()
    for (const event of await eventsOf(pathOf(recording))) filtered.filled.add(event)
    return filtered
  }

  poke(): void {
    this.#filter.poke()
  }

  start(text: string): void {
    assert.equal(this.#filter.start(text, ++this.#generation), null)
  }

  /** The matches, once all events have been tested and `isWanted`. */
  async found(text: string, isWanted: (found: readonly number[]) => boolean = () => true): Promise<number[]> {
    this.start(text)
    return await this.until(isWanted)
  }

  async until(isWanted: (found: readonly number[]) => boolean = () => true): Promise<number[]> {
    const { count } = this.filled.capture
    let matches: number[] = []
    let scanned = 0
    await new Promise<void>((resolve) => {
      this.#changed = () => {
        const taken = this.#filter.take(count)
        if (taken !== undefined) {
          matches = [...matches.slice(0, taken.first), ...taken.indexes]
          scanned = taken.scanned
        }
        if (scanned >= count && isWanted(matches)) resolve()
      }
      this.#filter.resume(undefined)
      this.#changed()
    })
    return matches
  }

  close(): void {
    this.#filter.clear()
    this.decoding.clear()
    this.filled.capture.close()
  }
}

describe('a filter on decoded events of a session', () => {
  let filtered: Filtered

  afterEach(() => {
    filtered.close()
    removeTempDirs()
  })

  /** The numbers of the events with a packet that is wanted, decoded one after the other. */
  const expected = (isWanted: (packet: DecodedEvent) => boolean) =>
    Array.from({ length: filtered.filled.capture.count }, (_, index) => index).filter((index) =>
      filtered.decoding.at(index)?.some(isWanted),
    )

  for (const recording of ['socketio.rtsession', 'mqtt.rtsession', 'graphqlws.rtsession', 'stomp.rtsession'])
    it(`finds the packets of ${recording}`, async () => {
      filtered = await Filtered.of(recording)
      const kinds = await filtered.found('kind:handshake')
      assert.deepEqual(
        kinds,
        expected(({ kind }) => kind === 'handshake'),
      )
      assert.ok(kinds.length > 0)
      assert.deepEqual(
        await filtered.found('latency:>=0 not kind:handshake'),
        expected(({ latency }) => latency !== undefined).filter((index) => !kinds.includes(index)),
      )
      assert.deepEqual(
        await filtered.found('is:heartbeat'),
        expected(({ kind }) => kind === 'heartbeat').filter((index) =>
          filtered.decoding.at(index)?.every(({ kind }) => kind === 'heartbeat'),
        ),
      )
      const protocol = filtered.decoding.of(1)?.decoder ?? ''
      assert.deepEqual(
        await filtered.found(`protocol:${protocol} name:*`),
        expected((packet) => packet.protocol === protocol && packet.name !== undefined),
      )
      assert.deepEqual(await filtered.found('protocol:morse'), [])
    })

  it('looks into decoded values if the payloads are not JSON', async () => {
    filtered = await Filtered.of('socketio.rtsession')
    const values = await filtered.found('$[0]')
    assert.deepEqual(
      values,
      expected(({ value }) => Array.isArray(value) && value.length > 0),
    )
    assert.ok(values.length > 0)
    filtered.close()
    filtered = await Filtered.of('mqtt.rtsession')
    const retained = await filtered.found('$.retain == true or $.qos > 0')
    assert.ok(retained.length > 0)
    assert.deepEqual(
      retained,
      expected(({ value }) => {
        const { retain, qos } = (value ?? {}) as { retain?: unknown; qos?: unknown }
        return retain === true || (typeof qos === 'number' && qos > 0)
      }),
    )
  })

  it('finds unanswered requests, and lets them go when they are answered', async () => {
    filtered = new Filtered()
    const { filled } = filtered
    filled.connect('ws://127.0.0.1/socket.io/?EIO=4&transport=websocket', { transport: 'websocket' })
    filled.add({ type: 'open', connection: 1, time: 15, transport: 'websocket', headers: {} })
    filled.message('0{"sid":"x"}')
    const [one, two] = [filled.message('420["one"]', 'out'), filled.message('421["two"]', 'out')]
    assert.deepEqual(await filtered.found('is:unanswered'), [one, two])
    const [ping, pong] = [filled.message('2'), filled.message('3', 'out')]
    const lost = filled.message('2')
    filled.message('431["done"]')
    filtered.poke()
    filtered.decoding.isUnanswered(filled.capture.count - 1)
    assert.deepEqual(await filtered.until((found) => found.length === 1), [one])
    // A heartbeat is not a request, though its answer is known.
    assert.equal(filtered.decoding.isUnanswered(lost), false)
    assert.equal(filtered.decoding.answerTo(ping), pong)
    assert.equal(filtered.decoding.answered, 1)
  })

  it('starts over when a connection is recognized, or when the user chooses another decoder', async () => {
    filtered = new Filtered()
    const { filled } = filtered
    filled.connect('ws://127.0.0.1/', { transport: 'websocket' })
    filled.message('3', 'out')
    filled.message('0{"sid":"x"}')
    const message = filled.message('42["chat",{"text":"hi"}]')
    assert.deepEqual(await filtered.found('$[0].text == "hi"', ({ length }) => length === 1), [message])
    filtered.start('name:chat')
    assert.deepEqual(await filtered.until(), [message])
    filtered.decoding.choose(1, 'none')
    assert.deepEqual(await filtered.until(({ length }) => length === 0), [])
    filtered.decoding.choose(1, null)
    assert.deepEqual(await filtered.until(({ length }) => length === 1), [message])
  })

  it('decodes nothing for a filter that looks at no packets', async () => {
    filtered = await Filtered.of('socketio.rtsession')
    filtered.decoding.packets = () => assert.fail('decoded')
    filtered.decoding.isUnanswered = () => assert.fail('decoded')
    assert.ok((await filtered.found('sum dir:out size:>1')).length > 0)
  })
})
