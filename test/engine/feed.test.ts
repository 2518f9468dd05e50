import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { Feed, type FeedDelta, type FeedSource } from '../../src/engine/feed.ts'
import { allocateColumns } from '../../src/shared/event-columns.ts'

class Source implements FeedSource {
  count = 0
  firstKept = 0
  eventNames: string[] = ['']
  columns(from: number, max: number) {
    return allocateColumns(from, Math.max(0, Math.min(max, this.count - from)))
  }
}

function reader(source: Source) {
  const arrivals = new EventEmitter()
  const deltas: FeedDelta[] = []
  const feed = new Feed(source, (delta) => {
    deltas.push(delta)
    arrivals.emit('delta')
  })
  return { feed, deltas, next: () => once(arrivals, 'delta') }
}

describe('the feed to a reader', () => {
  it('sends one delta at a time and merges what is appended before the acknowledgement', async () => {
    const source = new Source()
    const { feed, deltas, next } = reader(source)
    source.count = 3
    feed.subscribe(0, 0)
    await next()
    for (let more = 0; more < 50; more++) {
      source.count++
      feed.poke()
    }
    feed.acknowledge()
    await next()
    assert.deepEqual(
      deltas.map(({ columns }) => [columns.first, columns.count]),
      [
        [0, 3],
        [3, 50],
      ],
    )
  })

  it('sends nothing more without an acknowledgement', async () => {
    const source = new Source()
    const { feed, deltas, next } = reader(source)
    source.count = 1
    feed.subscribe(0, 0)
    await next()
    source.count = 2
    feed.poke()
    const other = reader(source)
    other.feed.subscribe(0, 0)
    await other.next()
    assert.equal(deltas.length, 1)
  })

  it('splits a long backlog into deltas of bounded size, without missing or repeating events', async () => {
    const source = new Source()
    source.count = 200_000
    const { feed, deltas, next } = reader(source)
    feed.subscribe(10, 0)
    let position = 10
    while (position < source.count) {
      await next()
      const { columns } = deltas.at(-1) ?? assert.fail('a delta was announced')
      assert.equal(columns.first, position)
      assert.ok(columns.count > 0 && columns.count <= 65_536)
      position += columns.count
      feed.acknowledge()
    }
    assert.equal(position, source.count)
  })

  it('sends each event name once, with the first delta that needs it', async () => {
    const source = new Source()
    source.count = 1
    const { feed, deltas, next } = reader(source)
    feed.subscribe(0, 0)
    await next()
    source.eventNames.push('price', 'trade')
    source.count = 2
    feed.acknowledge()
    await next()
    assert.deepEqual(
      deltas.map(({ firstEventName, eventNames }) => [firstEventName, ...eventNames]),
      [
        [0, ''],
        [1, 'price', 'trade'],
      ],
    )
  })

  it('skips events that were dropped before they were read, and starts over when the source is cleared', async () => {
    const source = new Source()
    source.count = 10
    source.firstKept = 4
    const { feed, deltas, next } = reader(source)
    feed.subscribe(0, 0)
    await next()
    assert.equal(deltas[0]?.columns.first, 4)
    feed.acknowledge()
    source.firstKept = 0
    source.count = 2
    feed.restart()
    await next()
    assert.deepEqual([deltas[1]?.columns.first, deltas[1]?.columns.count], [0, 2])
  })

  /** Settles when a reader that has just subscribed would have received a delta. */
  async function aWhile(source: Source): Promise<void> {
    const other = reader(source)
    other.feed.subscribe(0, 0)
    await other.next()
  }

  it('sends nothing to a reader that has unsubscribed, not even what was pending, until it subscribes again', async () => {
    const source = new Source()
    source.count = 2
    const { feed, deltas, next } = reader(source)
    feed.subscribe(0, 0)
    feed.unsubscribe()
    feed.poke()
    feed.acknowledge()
    await aWhile(source)
    assert.equal(deltas.length, 0)
    feed.subscribe(1, 0)
    await next()
    assert.deepEqual([deltas[0]?.columns.first, deltas[0]?.columns.count], [1, 1])
  })

  it('holds events back while it is on hold', async () => {
    const source = new Source()
    source.count = 2
    const { feed, deltas, next } = reader(source)
    feed.hold(true)
    feed.subscribe(0, 0)
    await aWhile(source)
    assert.equal(deltas.length, 0)
    feed.hold(false)
    await next()
    assert.equal(deltas[0]?.columns.count, 2)
  })

  it('continues where the source was rewound to', async () => {
    const source = new Source()
    source.count = 9
    const { feed, deltas, next } = reader(source)
    feed.subscribe(0, 0)
    await next()
    feed.acknowledge()
    source.count = 4
    feed.rewind(4)
    await aWhile(source)
    assert.equal(deltas.length, 1)
    source.count = 6
    feed.poke()
    await next()
    assert.deepEqual([deltas[1]?.columns.first, deltas[1]?.columns.count], [4, 2])
  })
})
