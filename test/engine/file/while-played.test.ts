import assert from 'node:assert/strict'
import { fileOf, OpenedFile, short } from './opened-file.ts'

describe('a recording in the engine, while it is played', () => {
  const file = new OpenedFile()

  beforeEach(async () => {
    await file.open(fileOf(short))
    await file.whole()
    await file.shown(short.length)
  })

  it('shows the events up to the current position, and reports the pace', async () => {
    await file.replay({ do: 'play' })
    assert.deepEqual(file.reader.rewinds, [0])
    for (const [time, count] of [
      [0, 1],
      [10, 2],
      [99, 2],
      [100, 3],
      [550, 7],
      [1100, 13],
    ] as const) {
      file.timers.advance(time - file.timers.now())
      await file.shown(count)
      assert.ok(file.reader.times.every((at) => at <= time))
      assert.equal(file.status().at, time)
    }
    const { playing, position, start, end } = file.status().file?.replay ?? {}
    assert.deepEqual(
      { playing, position, start, end },
      { playing: false, position: 1100, start: 0, end: 1100 },
    )
  })

  it('reports the connections as they were at the current position', async () => {
    await file.replay({ do: 'play' })
    file.timers.advance(5)
    assert.equal(file.status().connections[0]?.state, 'connecting')
    file.timers.advance(500)
    const [connection] = file.status().connections
    assert.equal(connection?.state, 'open')
    assert.equal(connection?.messagesIn, 5)
    assert.equal(connection?.rate, 5)
    await file.replay({ do: 'seek', time: 250 })
    assert.equal(file.status().connections[0]?.messagesIn, 2)
  })

  it('pauses, continues, and steps from event to event', async () => {
    await file.replay({ do: 'play' })
    file.timers.advance(150)
    await file.replay({ do: 'pause' })
    assert.equal(file.status().pace, 0)
    file.timers.advance(500)
    await file.shown(3)
    assert.equal(file.status().at, 150)
    await file.replay({ do: 'step' })
    await file.shown(4)
    assert.equal(file.status().at, 200)
    await file.replay({ do: 'play' })
    assert.equal(file.status().pace, 1)
    file.timers.advance(100)
    await file.shown(5)
  })

  it('seeks forward and back, and continues from there', async () => {
    await file.replay({ do: 'seek', time: 450 })
    await file.shown(6)
    assert.equal(file.status().file?.replay?.playing, false)
    await file.replay({ do: 'seek', time: 950 })
    await file.shown(11)
    await file.replay({ do: 'seek', time: 50 })
    await file.shown(2)
    assert.deepEqual(file.reader.times, [0, 10])
    await file.replay({ do: 'play' })
    file.timers.advance(50)
    await file.shown(3)
    await file.replay({ do: 'seek', time: 9999 })
    await file.shown(short.length)
    assert.equal(file.status().at, 1100)
    await file.replay({ do: 'play' })
    await file.shown(1)
  })

  it('plays at other speeds, and as fast as possible', async () => {
    await file.replay({ do: 'speed', speed: 4 })
    await file.replay({ do: 'play' })
    assert.equal(file.status().pace, 4)
    file.timers.advance(100)
    await file.shown(6)
    await file.replay({ do: 'speed', speed: 0.25 })
    file.timers.advance(400)
    await file.shown(7)
    await file.replay({ do: 'speed', speed: 'max' })
    assert.equal(file.status().pace, 0)
    file.timers.advance(20)
    await file.shown(short.length)
  })

  it('starts over while it loops', async () => {
    await file.replay({ do: 'loop', loop: true })
    await file.replay({ do: 'play' })
    file.timers.advance(1150)
    await file.shown(2)
    assert.deepEqual(file.reader.rewinds, [0, 0])
    await file.replay({ do: 'loop', loop: false })
    file.timers.advance(2000)
    await file.shown(short.length)
    assert.equal(file.status().file?.replay?.playing, false)
  })

  it('filters what is shown, and knows the matches that follow', async () => {
    await file.engine?.handlers.filter({ text: 'type:message', generation: 1 })
    await file.reader.until(() => file.reader.matches.length === 10)
    await file.replay({ do: 'seek', time: 350 })
    await file.shown(5)
    await file.reader.until(() => file.reader.matches.length === 3)
    assert.deepEqual(file.reader.matches, [2, 3, 4])
    await file.replay({ do: 'seek', time: 650 })
    await file.reader.until(() => file.reader.matches.length === 6)
  })

  it('shows the whole recording again when it is stopped', async () => {
    await file.replay({ do: 'seek', time: 150 })
    await file.shown(3)
    await file.replay({ do: 'stop' })
    await file.shown(short.length)
    assert.equal(file.status().file?.replay, undefined)
  })
})
