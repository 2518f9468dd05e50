import assert from 'node:assert/strict'
import { MAX_SPEED, Player, type PlayerOptions } from '../../../src/session/replay/player.ts'
import { FakeTimers } from '../../support/fake-timers.ts'
import { message, recordingOf } from '../../support/recording.ts'
import { seededRandom } from '../../support/splits.ts'

interface Emitted {
  readonly index: number
  readonly at: number
}

class Stage {
  readonly timers = new FakeTimers()
  readonly emitted: Emitted[] = []
  readonly moves: number[] = []
  readonly states: string[] = []
  readonly player: Player
  hasRoom = true
  onEmit: (index: number) => void = () => {}
  #writable: (() => void)[] = []

  constructor(times: readonly number[], options: PlayerOptions = {}) {
    const source = recordingOf(times.map((time) => message(time, 'x')))
    this.player = new Player(
      source,
      {
        emit: (index) => {
          this.emitted.push({ index, at: this.timers.now() })
          this.onEmit(index)
          return this.hasRoom
        },
        onWritable: (callback) => this.#writable.push(callback),
        moved: (index) => this.moves.push(index),
        changed: () => this.states.push(this.player.state),
      },
      { timers: this.timers, ...options },
    )
  }

  get at(): number[] {
    return this.emitted.map(({ at }) => at)
  }

  get indexes(): number[] {
    return this.emitted.map(({ index }) => index)
  }

  drain(): void {
    this.hasRoom = true
    for (const callback of this.#writable.splice(0)) callback()
  }
}

describe('the player', () => {
  it('emits each event at its time, the first at once', () => {
    const stage = new Stage([500, 600, 600, 1600.5])
    stage.player.play()
    assert.deepEqual(stage.at, [0])
    stage.timers.advance(99)
    assert.deepEqual(stage.at, [0])
    stage.timers.advance(10_000)
    assert.deepEqual(stage.at, [0, 100, 100, 1100.5])
    assert.deepEqual(stage.states, ['playing', 'ended'])
  })

  it('plays faster and slower', () => {
    for (const [speed, at] of [
      [4, [0, 25, 250]],
      [0.25, [0, 400, 4000]],
      [100, [0, 1, 10]],
    ] as const) {
      const stage = new Stage([0, 100, 1000], { speed })
      stage.player.play()
      stage.timers.advance(10_000)
      assert.deepEqual(stage.at, at)
    }
  })

  it('does not wait at all at the highest speed', () => {
    const stage = new Stage([0, 1e6, 2e9], { speed: MAX_SPEED })
    stage.player.play()
    assert.deepEqual(stage.at, [0, 0, 0])
    assert.equal(stage.player.state, 'ended')
  })

  it('does not drift, however long each event takes', () => {
    const stage = new Stage(Array.from({ length: 1000 }, (_, n) => n * 10))
    stage.onEmit = () => stage.timers.block(7)
    stage.player.play()
    stage.timers.advance(20_000)
    assert.equal(stage.at[999], 9990)
  })

  it('catches up after the thread was busy', () => {
    const stage = new Stage([0, 10, 20, 100])
    stage.player.play()
    stage.timers.block(50)
    stage.timers.advance(100)
    assert.deepEqual(stage.at, [0, 50, 50, 100])
  })

  it('has one timer at a time, and none while it does not play', () => {
    const stage = new Stage([0, 10, 20, 30])
    stage.player.play()
    assert.equal(stage.timers.pending, 1)
    stage.player.setSpeed(2)
    stage.player.seek(5)
    assert.equal(stage.timers.pending, 1)
    stage.player.pause()
    assert.equal(stage.timers.pending, 0)
  })

  it('releases the thread when many events are overdue', () => {
    const stage = new Stage(Array.from({ length: 1000 }, () => 0))
    stage.onEmit = () => stage.timers.block(1)
    stage.player.play()
    assert.ok(stage.emitted.length < 1000)
    stage.timers.advance(1000)
    assert.equal(stage.emitted.length, 1000)
  })

  it('continues after a pause at the same position', () => {
    const stage = new Stage([0, 100, 200])
    stage.player.play()
    stage.timers.advance(140)
    stage.player.pause()
    assert.equal(stage.player.position, 140)
    stage.timers.advance(1000)
    assert.deepEqual(stage.at, [0, 100])
    stage.player.play()
    stage.timers.advance(1000)
    assert.equal(stage.at[2], 1140 + 60)
  })

  it('steps from event to event, whatever their times', () => {
    const stage = new Stage([0, 100, 5000])
    stage.player.play()
    stage.timers.advance(20)
    assert.ok(stage.player.step())
    assert.deepEqual(stage.indexes, [0, 1])
    assert.equal(stage.player.position, 100)
    assert.equal(stage.player.state, 'paused')
    assert.ok(stage.player.step())
    assert.equal(stage.player.state, 'ended')
    assert.ok(!stage.player.step())
  })

  it('seeks forward and back, playing or not, and reports the position', () => {
    const stage = new Stage([0, 100, 200, 300])
    stage.player.seek(150)
    assert.deepEqual([stage.player.index, stage.player.position], [2, 150])
    stage.player.play()
    stage.timers.advance(60)
    assert.deepEqual(stage.emitted, [{ index: 2, at: 50 }])
    stage.player.seek(100)
    assert.deepEqual(stage.moves, [2, 1])
    assert.deepEqual(stage.indexes, [2, 1])
    stage.player.seek(1e9)
    assert.equal(stage.player.position, 300)
    stage.timers.advance(0)
    assert.equal(stage.player.state, 'ended')
    stage.player.seek(-5)
    assert.deepEqual([stage.player.state, stage.player.index], ['paused', 0])
  })

  it('changes its speed without a jump', () => {
    const stage = new Stage([0, 1000])
    stage.player.play()
    stage.timers.advance(500)
    stage.player.setSpeed(5)
    assert.equal(stage.player.position, 500)
    stage.timers.advance(100)
    assert.deepEqual(stage.at, [0, 600])
    assert.throws(() => stage.player.setSpeed(0), RangeError)
    assert.throws(() => stage.player.setSpeed(Number.NaN), RangeError)
  })

  it('waits while the host is full, then catches up', () => {
    const stage = new Stage([0, 10, 20, 500])
    stage.hasRoom = false
    stage.player.play()
    stage.timers.advance(100)
    assert.deepEqual(stage.at, [0])
    stage.drain()
    assert.deepEqual(stage.at, [0, 100, 100])
    stage.timers.advance(1000)
    assert.equal(stage.at[3], 500)
  })

  it('emits nothing if the host becomes ready during a pause', () => {
    const stage = new Stage([0, 10], { speed: MAX_SPEED })
    stage.hasRoom = false
    stage.player.play()
    stage.player.pause()
    stage.drain()
    assert.equal(stage.emitted.length, 1)
    stage.player.play()
    assert.equal(stage.emitted.length, 2)
  })

  it('starts over in a loop, and reports it', () => {
    const stage = new Stage([1000, 1100], { loop: true })
    stage.player.play()
    stage.timers.advance(250)
    assert.deepEqual(stage.at, [0, 100, 100, 200, 200])
    assert.deepEqual(stage.moves, [0, 0])
    stage.player.loop = false
    stage.timers.advance(1000)
    assert.equal(stage.player.state, 'ended')
  })

  it('releases the thread between the passes of a short loop', () => {
    const stage = new Stage([0], { loop: true, speed: MAX_SPEED })
    stage.player.play()
    stage.timers.advance(100)
    assert.equal(stage.emitted.length, 11)
    stage.player.dispose()
    stage.timers.advance(100)
    assert.equal(stage.emitted.length, 11)
  })

  it('plays again from the start after its end', () => {
    const stage = new Stage([0, 10])
    stage.player.play()
    stage.timers.advance(10)
    stage.player.play()
    stage.timers.advance(10)
    assert.deepEqual(stage.indexes, [0, 1, 0, 1])
  })

  it('ends at once without events', () => {
    const stage = new Stage([], { loop: true })
    stage.player.play()
    assert.equal(stage.player.state, 'ended')
    assert.deepEqual([stage.player.start, stage.player.end, stage.player.position], [0, 0, 0])
  })

  describe('of a session with events that were recorded late', () => {
    // The polls of 100, 200 and 300 were known to be polls after what happened at 1000.
    const TIMES = [0, 500, 1000, 100, 200, 300, 1500, 400, 2000, 1800]

    it('plays them with the event before them, and ends at the latest time', () => {
      const stage = new Stage(TIMES)
      assert.equal(stage.player.end, 2000)
      stage.player.play()
      stage.timers.advance(10_000)
      assert.deepEqual(stage.at, [0, 500, 1000, 1000, 1000, 1000, 1500, 1500, 2000, 2000])
    })

    for (const [time, index] of [
      [0, 0],
      [1, 1],
      [250, 1],
      [501, 2],
      [1000, 2],
      [1001, 6],
      [1501, 8],
      [1900, 8],
      [2000, 8],
      [9000, 8],
    ] as const)
      it(`goes to the first event that is played at ${time} or later`, () => {
        const stage = new Stage(TIMES)
        stage.player.seek(time)
        assert.equal(stage.player.index, index)
        assert.equal(stage.player.position, Math.min(time, 2000))
      })

    it('finds what a slow search finds, in a session of many blocks', () => {
      const random = seededRandom(3)
      const times = Array.from({ length: 5000 }, (_, n) =>
        Math.max(0, n - (random() < 0.2 ? 3000 * random() : 0)),
      )
      const played = times.map(
        (
          (most) => (time: number) =>
            (most = Math.max(most, time))
        )(0),
      )
      const { player } = new Stage(times)
      for (let n = 0; n < 200; n++) {
        const time = 5100 * random()
        player.seek(time)
        const wanted = Math.min(time, player.end)
        assert.equal(
          player.index,
          played.findIndex((each) => each >= wanted),
        )
      }
    })

    it('does not go back if it is paused at one of them', () => {
      const stage = new Stage(TIMES)
      stage.onEmit = (index) => {
        stage.hasRoom = index !== 2
      }
      stage.player.play()
      stage.timers.advance(1200)
      stage.player.pause()
      assert.equal(stage.player.position, 1000)
    })
  })
})
