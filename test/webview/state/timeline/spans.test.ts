import assert from 'node:assert/strict'
import type { EventType } from '../../../../src/shared/event.ts'
import { allocateColumns, packKind } from '../../../../src/shared/event-columns.ts'
import { EventTimes } from '../../../../webview/state/timeline/event-times.ts'
import { TimelineModel } from '../../../../webview/state/timeline/model.ts'

type Step = readonly [time: number, type: EventType, eventName?: string, size?: number, empty?: boolean]

function lane(steps: readonly Step[]) {
  const model = new TimelineModel()
  const batch = allocateColumns(0, steps.length)
  steps.forEach(([time, type, , size = 0, empty = false], i) => {
    batch.time[i] = time
    batch.connection[i] = 1
    batch.size[i] = size
    batch.eventName[i] = i
    batch.kind[i] = packKind({ type, direction: 'in', empty })
  })
  model.append(batch, (index) => steps[index]?.[2] ?? '')
  return model.lanes.get(1) ?? assert.fail('the lane is there')
}

describe('the state band', () => {
  const { states, errors, gaps } = lane([
    [0, 'connect'],
    [10, 'open'],
    [50, 'error', 'ECONNRESET'],
    [50, 'close'],
    [50, 'reconnect', '1'],
    [80, 'connect', '1'],
    [85, 'open'],
    [90, 'gap'],
    [120, 'close'],
  ])

  it('distinguishes connecting, open, waiting and closed, the last until now', () => {
    const spans = states.between(0, 1000, 200).filter(({ start, end }) => end > start)
    assert.deepEqual(
      spans.map(({ state, start, end, event }) => [state, start, end, event]),
      [
        ['connecting', 0, 10, 0],
        ['open', 10, 50, 1],
        ['waiting', 50, 80, 4],
        ['connecting', 80, 85, 5],
        ['open', 85, 120, 6],
        ['closed', 120, 200, 8],
      ],
    )
  })

  it('has the states that overlap a part', () => {
    assert.deepEqual(
      states.between(60, 82, 200).map(({ state }) => state),
      ['waiting', 'connecting'],
    )
    assert.deepEqual(
      states.between(150, 160, 200).map(({ state }) => state),
      ['closed'],
    )
  })

  it('marks errors and gaps at their times', () => {
    assert.deepEqual([errors.length, errors.time(0), errors.event(0)], [1, 50, 2])
    assert.deepEqual([gaps.length, gaps.time(0), gaps.event(0)], [1, 90, 7])
  })

  it('visits every wait, except those that the painter has passed', () => {
    const steps: Step[] = []
    for (let i = 0; i < 50; i++)
      steps.push([i * 100, 'reconnect'], [i * 100 + 30, 'connect'], [i * 100 + 40, 'open'])
    steps.push([6000, 'reconnect'])
    const { states } = lane(steps)
    const waits: number[][] = []
    states.eachWait(7000, (start, end) => {
      waits.push([start, end])
      return end
    })
    assert.equal(waits.length, 51)
    assert.deepEqual(
      [waits[1], waits[50]],
      [
        [100, 130],
        [6000, 7000],
      ],
    )
    const seen: number[] = []
    states.eachWait(7000, (start) => {
      seen.push(start)
      return start === 500 ? 1110 : start
    })
    assert.deepEqual(seen.slice(4, 8), [400, 500, 1100, 1200])
    assert.equal(seen.at(-1), 6000)
  })

  it('is failed for an attempt that never opened', () => {
    const failed = lane([
      [0, 'connect'],
      [5, 'error', 'ECONNREFUSED'],
    ])
    assert.equal(failed.states.current, 'failed')
  })
})

describe('poll cycles', () => {
  const { cycles } = lane([
    [0, 'connect'],
    [0, 'request'],
    [30, 'response', '200'],
    [30, 'message', '', 88],
    [31, 'request'],
    [61, 'response', '304', 0, true],
    [61, 'request'],
    [70, 'response', '502'],
    [75, 'request'],
    [80, 'error', 'ECONNRESET'],
    [90, 'request'],
  ])

  it('last from request to response and have an outcome', () => {
    assert.deepEqual(
      cycles
        .between(0, 100, 100)
        .map(({ start, end, outcome, bytes, status }) => [start, end, outcome, bytes, status]),
      [
        [0, 30, 'data', 88, 200],
        [31, 61, 'empty', 0, 304],
        [61, 70, 'error', 0, 502],
        [75, 80, 'error', 0, 0],
        [90, undefined, 'held', 0, 0],
      ],
    )
  })

  it('are dropped up to the one that is open at a time', () => {
    const { cycles: some } = lane([
      [0, 'request'],
      [30, 'response', '200'],
      [31, 'request'],
      [61, 'response', '304', 0, true],
      [62, 'request'],
    ])
    some.forget(40)
    assert.deepEqual(
      some.between(0, 100, 100).map(({ start }) => start),
      [31, 62],
    )
    some.forget(1000)
    assert.equal(some.length, 1)
  })

  it('are those that overlap a part', () => {
    assert.deepEqual(
      cycles.between(40, 62, 100).map(({ start }) => start),
      [31, 61],
    )
  })
})

describe('marks of a lane', () => {
  const marks = new EventTimes()
  for (let i = 0; i < 100_000; i++) marks.push(i, 1000 + i)

  it('are all kept, and visited if they can be distinguished', () => {
    assert.equal(marks.length, 100_000)
    const seen: number[] = []
    marks.each(10, 1000, 100, (time) => seen.push(time))
    assert.deepEqual(seen, [10, 110, 210, 310, 410, 510, 610, 710, 810, 910])
    const single: number[] = []
    marks.each(99_998, 200_000, 0, (time) => single.push(time))
    assert.deepEqual(single, [99_998, 99_999])
  })

  it('are found near a time', () => {
    assert.equal(marks.nearest(5.4, 3), 1005)
    assert.equal(marks.nearest(100_010, 3), undefined)
  })
})
