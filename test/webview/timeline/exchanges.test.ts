import assert from 'node:assert/strict'
import type { AnswerSpan, Exchange, ExchangeCounts } from '../../../src/shared/exchange.ts'
import { newStatus } from '../../../src/shared/status.ts'
import type { Scene } from '../../../webview/timeline/canvas/scene.ts'
import { ellipsizeName } from '../../../webview/timeline/canvas/text.ts'
import { draw } from '../../../webview/timeline/draw.ts'
import { placeBars } from '../../../webview/timeline/layout/bars.ts'
import { eventOf, pickAt } from '../../../webview/timeline/layout/hit-test.ts'
import { foldOf, hit, type LaneBox, layOut, xOf } from '../../../webview/timeline/layout/layout.ts'
import { seededRandom } from '../../support/splits.ts'
import { LETTER, type Painted, Sketch, type Step, sceneOf } from './sketch.ts'

const SPAN = 20_000
const OPEN: readonly Step[] = [
  { time: 0, type: 'connect' },
  { time: 0, type: 'open' },
]

function request(index: number, start: number, end: number, more: Partial<Exchange> = {}): Exchange {
  return {
    index,
    start,
    end,
    answer: index + 1,
    answers: 1,
    isStream: false,
    isOver: true,
    hasFailed: false,
    kind: 'request',
    name: 'sum',
    ...more,
  }
}

const unanswered = { answer: null, answers: 0, isOver: false }
const stream = { isStream: true, isOver: false, kind: 'subscribe' } as const

interface Requests {
  readonly exchanges?: readonly Exchange[]
  readonly counts?: ExchangeCounts
  readonly answers?: readonly AnswerSpan[]
  readonly heartbeats?: readonly number[]
  readonly rows?: number
  readonly steps?: readonly Step[]
}

function sceneWith(requests: Requests): Scene {
  const { exchanges = [], counts = null, answers = [], heartbeats = [], rows = 2, steps = OPEN } = requests
  const status = { ...newStatus(1), transport: 'websocket' as const }
  const lane = { rows: new Map([[1, rows]]), folded: new Set<number>() }
  return {
    ...sceneOf(['websocket'], SPAN, steps),
    layout: layOut(1358, [status], undefined, lane),
    head: () => ({ title: 'chat', lines: [], color: 'c1', protocol: 'socket.io' }),
    exchanges: () => ({
      connection: 1,
      exchanges,
      counts,
      answers,
      answerCount: answers.length,
      figures: null,
      heartbeats,
    }),
  }
}

function laneOf({ layout }: Scene): LaneBox {
  return layout.lanes[0] ?? assert.fail('the lane is laid out')
}

/** What is painted below the traffic of the lane. */
function below(scene: Scene): Painted[] {
  const sketch = new Sketch()
  draw(sketch, scene)
  const { left, top, traffic } = laneOf(scene)
  return sketch.painted.filter((each) => each.top >= top + traffic - 1 && each.left >= left - 4)
}

const textsOf = (painted: readonly Painted[]) =>
  painted.filter(({ kind }) => kind === 'text').map(({ text }) => text.replaceAll('\u00a0', ' '))

const about = (actual: number | undefined, wanted: number) =>
  assert.ok(Math.abs((actual ?? Number.NaN) - wanted) <= 2, `${actual} is not about ${wanted}`)

describe('requests below the traffic of a lane', () => {
  it('are bars in the color of the connection from the request to its answer, with the time that it took', () => {
    const scene = sceneWith({ exchanges: [request(0, 2000, 3240, { name: 'upload' })] })
    const painted = below(scene)
    const [bar] = painted.filter(({ role, kind }) => role === 'c1' && kind === 'fill')
    about(bar?.left, xOf(scene.layout, scene.view, 2000))
    about(bar?.right, xOf(scene.layout, scene.view, 3240))
    const [text] = painted.filter(({ kind }) => kind === 'text')
    assert.deepEqual(textsOf(painted), ['upload 1.24 s'])
    assert.ok((text?.left ?? 0) > (bar?.right ?? 0), 'the text is beside the bar')
  })

  it('have no text if there is no room for it', () => {
    const exchanges = Array.from({ length: 100 }, (_, i) => request(2 * i, i * 200, i * 200 + 150))
    assert.deepEqual(textsOf(below(sceneWith({ exchanges, rows: 1 }))), [])
    const apart = [request(0, 1000, 1100), request(2, 9000, 9100)]
    assert.deepEqual(textsOf(below(sceneWith({ exchanges: apart }))), ['sum 100 ms', 'sum 100 ms'])
  })

  it('are marked if they have no answer: a dashed box for as long as one waits', () => {
    const exchanges = [request(0, 2000, 2000, { ...unanswered, name: 'kick' })]
    const scene = sceneWith({ exchanges })
    const painted = below(scene)
    const [box] = painted.filter(({ role, isDashed }) => role === 'warn' && isDashed)
    about(box?.left, xOf(scene.layout, scene.view, 2000))
    about(box?.right, xOf(scene.layout, scene.view, 7000))
    assert.deepEqual(textsOf(painted), ['kick: no ack'])
    const other = {
      ...scene,
      head: () => ({ title: '', lines: [], color: 'c1', protocol: 'mcp' }) as const,
    }
    assert.deepEqual(textsOf(below(other)), ['kick: no answer'])
  })

  it('are not marked while an answer may still come, and are as soon as the connection ends', () => {
    const exchanges = [request(0, 18_000, 18_000, unanswered)]
    const waiting = below(sceneWith({ exchanges }))
    assert.deepEqual(textsOf(waiting), ['sum 2.0 s…'])
    assert.equal(waiting.filter(({ role }) => role === 'warn').length, 0)
    const scene = sceneWith({ exchanges, steps: [...OPEN, { time: 19_000, type: 'close' }] })
    const [box] = below(scene).filter(({ role, isDashed }) => role === 'warn' && isDashed)
    about(box?.right, xOf(scene.layout, scene.view, 19_000))
  })

  it('are in the color of errors if the answer is one', () => {
    const painted = below(sceneWith({ exchanges: [request(0, 2000, 2500, { hasFailed: true })] }))
    assert.equal(painted.filter(({ role, kind }) => role === 'error' && kind === 'fill').length, 1)
    assert.deepEqual(textsOf(painted), ['sum failed after 500 ms'])
  })

  it('are outlined with the number of answers if they are subscriptions, to the end of the connection', () => {
    const exchanges = [request(0, 1000, 9000, { ...stream, name: 'onPrice', answers: 20 })]
    const scene = sceneWith({ exchanges, steps: [...OPEN, { time: 9500, type: 'reconnect' }] })
    const painted = below(scene)
    const [outline] = painted.filter(({ role, kind }) => role === 'c1' && kind === 'stroke')
    about(outline?.left, xOf(scene.layout, scene.view, 1000))
    about(outline?.right, xOf(scene.layout, scene.view, 9500))
    assert.deepEqual(textsOf(painted), ['subscription onPrice · 20 next'])
  })

  it('have a line of their own if they are subscriptions beside calls', () => {
    const exchanges = [
      request(0, 1000, 19_000, { ...stream, answers: 9 }),
      ...[3000, 3005, 3010, 8000].map((start, i) => request(2 * i + 2, start, start + 500)),
    ]
    const scene = sceneWith({ exchanges })
    const placing = { ...scene, endOf: () => scene.now }
    const { bars, crowds } = placeBars(placing, laneOf(scene), exchanges)
    assert.deepEqual(
      bars.map(({ exchange }) => exchange.index),
      [0, 8],
    )
    assert.equal(new Set(bars.map(({ top }) => top)).size, 2)
    assert.equal(crowds.length, 1)
  })

  it('never overlap', () => {
    const random = seededRandom(7)
    for (let round = 0; round < 300; round++) {
      const exchanges = Array.from({ length: 1 + Math.floor(random() * 40) }, (_, i) => {
        const start = random() * SPAN
        const end = start + random() ** 6 * SPAN
        return request(i, start, end, random() < 0.2 ? stream : random() < 0.2 ? unanswered : {})
      }).sort((one, other) => one.start - other.start)
      const scene = sceneWith({ exchanges, rows: 1 + (round % 2) })
      const { bars, crowds } = placeBars({ ...scene, endOf: () => scene.now }, laneOf(scene), exchanges)
      const areas = [
        ...bars.map(({ left, end, top }) => ({ left, right: end, top, bottom: top + 11 })),
        ...crowds.map(({ left, right, top, height }) => ({ left, right, top, bottom: top + height })),
      ]
      for (const [i, one] of areas.entries())
        for (const other of areas.slice(i + 1))
          assert.ok(
            one.right <= other.left + 2 ||
              other.right <= one.left + 2 ||
              one.bottom <= other.top ||
              other.bottom <= one.top,
            `round ${round}: ${JSON.stringify([one, other])}`,
          )
    }
  })

  it('are a density with the number at once where more overlap than there are lines', () => {
    const exchanges = Array.from({ length: 6 }, (_, i) => request(i, 2000 + i * 100, 12_000 + i * 100))
    const scene = sceneWith({ exchanges })
    const painted = below(scene)
    assert.deepEqual(textsOf(painted), ['6 at once'])
    const columns = painted.filter(({ role }) => role === 'c1')
    assert.ok(columns.length > 500)
    const { top, height } = laneOf(scene)
    for (const column of columns) assert.ok(column.bottom <= top + height)
  })

  it('measure no text if there is no room for any, and each text only once', () => {
    let measured = 0
    class Counting extends Sketch {
      override measureText(text: string) {
        measured++
        return super.measureText(text)
      }
    }
    const measures = (scene: Scene) => {
      measured = 0
      draw(new Counting(), scene)
      return measured
    }
    const bare = sceneWith({ exchanges: [] })
    measures(bare)
    const besides = measures(bare)
    const many = Array.from({ length: 500 }, (_, i) => request(i, i * 40, i * 40 + 30, { name: `n${i}` }))
    assert.equal(measures(sceneWith({ exchanges: many, rows: 1 })), besides)
    const few = many.slice(0, 20).map((each, i) => ({ ...each, start: i * 1000, end: i * 1000 + 100 }))
    const scene = sceneWith({ exchanges: few })
    assert.ok(measures(scene) > besides)
    // While the view moves, the room of each text changes with every frame.
    const view = { ...scene.view, from: 100, to: SPAN + 100 }
    measures({ ...bare, view })
    assert.equal(measures({ ...scene, view }), measures({ ...bare, view }))
  })

  it('have no text over others that begin before a short bar ends', () => {
    const many = Array.from({ length: 4 }, (_, i) => request(i + 2, 5002 + i, 9000 + i))
    const painted = below(sceneWith({ exchanges: [request(0, 5000, 5001), ...many] }))
    assert.deepEqual(textsOf(painted), ['4 at once'])
  })

  it('are counted over time if they are too many to list, with those not answered', () => {
    const counts = { from: 0, to: SPAN, counts: Array(100).fill(3), waiting: Array(100).fill(0) }
    counts.waiting[50] = 1
    const scene = sceneWith({ counts })
    const painted = below(scene)
    const columns = painted.filter(({ role }) => role === 'c1')
    assert.equal(columns.length, 100)
    about(columns.at(-1)?.right, scene.layout.left + scene.layout.plotWidth)
    const [warning] = painted.filter(({ role }) => role === 'warn')
    about(warning?.left, xOf(scene.layout, scene.view, SPAN / 2))
  })

  it('are an answer of a language model: the time to its first token, its text, and its stalls', () => {
    const answer = { start: 2000, first: 2655, end: 12_000, isGrowing: false, request: 3 }
    const runs = [
      { part: 'reasoning', from: 2655, to: 3980 },
      { part: 'content', from: 4000, to: 11_890 },
      { part: 'tool_call', from: 11_900, to: 12_000 },
    ] as const
    const scene = sceneWith({ answers: [{ ...answer, runs, stalls: [{ from: 6000, to: 8600 }] }] })
    const painted = below(scene)
    assert.deepEqual(textsOf(painted), [
      'first token 655 ms',
      'reasoning',
      'text',
      'stall 2.6 s',
      'tool call',
    ])
    const [whole, ...parts] = painted.filter(({ role, kind }) => role === 'c1' && kind === 'fill')
    about(whole?.left, xOf(scene.layout, scene.view, 2655))
    about(whole?.right, xOf(scene.layout, scene.view, 12_000))
    assert.deepEqual(
      parts.map(({ alpha }) => alpha),
      [0.22, 0.5, 0.22],
    )
    for (const [i, { from, to }] of runs.entries()) {
      about(parts[i]?.left, xOf(scene.layout, scene.view, from))
      about(parts[i]?.right, xOf(scene.layout, scene.view, to))
    }
    // Only the tool call is outlined, and its name is beside it.
    const outlines = painted.filter(
      ({ role, kind, isDashed }) => role === 'c1' && kind === 'stroke' && !isDashed,
    )
    about(outlines[0]?.left, parts[2]?.left ?? 0)
    assert.equal(outlines.length, 1)
    const name = painted.find(({ text }) => text === 'tool call')
    assert.ok((name?.left ?? 0) >= (parts[2]?.right ?? 0))
    const [stall] = painted.filter(
      ({ role, kind, isDashed }) => role === 'warn' && kind === 'stroke' && !isDashed,
    )
    about(stall?.left, xOf(scene.layout, scene.view, 6000))
    const box = laneOf(scene)
    const picked = pickAt(scene, box, xOf(scene.layout, scene.view, 5000), box.top + box.traffic + 4)
    assert.equal(eventOf(picked), 3)
  })

  it('are found at a point, with their event', () => {
    const scene = sceneWith({ exchanges: [request(4, 2000, 3000), request(6, 9000, 9001)] })
    const box = laneOf(scene)
    const y = box.top + box.traffic + 5
    const at = (time: number) => eventOf(pickAt(scene, box, xOf(scene.layout, scene.view, time), y))
    assert.deepEqual([at(2500), at(9000), at(6000)], [4, 6, undefined])
  })
})

describe('heartbeats on a lane', () => {
  it('are dots in place of the ticks of messages', () => {
    const steps: Step[] = [...OPEN, { time: 5000 }, { time: 10_000, size: 5 }]
    const sketch = (heartbeats: number[]) => {
      const scene = sceneWith({ steps, heartbeats })
      const painted = new Sketch()
      draw(painted, scene)
      const lane = painted.painted.filter(
        ({ left, top }) => left > scene.layout.left && top > scene.layout.lanesTop,
      )
      return {
        ticks: lane.filter(({ role, top, bottom }) => role === 'c1' && bottom - top > 1).length,
        dots: lane.filter(({ role, kind }) => role === 'dim' && kind === 'fill').length,
      }
    }
    assert.deepEqual(sketch([]), { ticks: 2, dots: 0 })
    assert.deepEqual(sketch([10_000]), { ticks: 1, dots: 1 })
  })
})

describe('the name of a lane', () => {
  const lines = [['acks p50 38 ms · 12 subscriptions', 'acks p50 38 ms'], ['open']]
  /** The texts before the time axis, from top to bottom, with the height of the lane. */
  const said = (most: number) => {
    const status = { ...newStatus(1), transport: 'websocket' as const }
    const scene = { ...sceneWith({}), layout: layOut(1358, [status], { most, height: 1000, scroll: 0 }) }
    const sketch = new Sketch()
    draw(sketch, { ...scene, head: () => ({ title: 'chat', lines, color: 'c1' }) })
    const { left, top, height } = laneOf(scene)
    const texts = sketch.painted.filter((each) => each.kind === 'text' && each.left < left && each.top >= top)
    return { height, texts: texts.map(({ text }) => text) }
  }

  it('has figures and the state below it, in as few words as there is room for', () => {
    assert.deepEqual(said(1000), { height: 50, texts: ['chat', 'acks p50 38 ms', 'open'] })
  })

  it('keeps its number if it does not fit', () => {
    const sketch = new Sketch()
    assert.equal(ellipsizeName(sketch, 'ws socket.io (12)', 12 * LETTER), 'ws soc… (12)')
    assert.equal(ellipsizeName(sketch, 'ws socket.io (12)', 17 * LETTER), 'ws socket.io (12)')
    assert.equal(ellipsizeName(sketch, 'ws socket.io', 8 * LETTER), 'ws sock…')
  })

  it('loses the last lines if the lane is low', () => {
    assert.deepEqual(said(90), { height: 34, texts: ['chat', 'acks p50 38 ms'] })
  })
})

describe('the mark that folds the requests of a lane', () => {
  const status = { ...newStatus(1), transport: 'websocket' as const }
  const layout = (rows: number, folded: number[] = []) =>
    layOut(1358, [status], undefined, { rows: new Map([[1, rows]]), folded: new Set(folded) })

  it('is there if the lane has requests, which take more room than none', () => {
    const heights = [layout(0), layout(1, [1]), layout(1), layout(2)].map(
      ({ lanes }) => lanes[0]?.height ?? 0,
    )
    const [none, folded, one, two] = heights
    assert.equal(folded, none)
    assert.ok((two ?? 0) > (one ?? 0))
    assert.deepEqual(
      [layout(0), layout(1, [1]), layout(1)].map(({ lanes }) => lanes[0]?.canFold),
      [false, true, true],
    )
  })

  it('is after the name', () => {
    const whole = { from: 0, to: SPAN }
    const laid = layout(1)
    const y = (laid.lanes[0]?.top ?? 0) + 10
    const isFold = (x: number) => {
      const spot = hit(laid, { ...whole, live: false }, whole, x, y)
      return spot?.area === 'name' && spot.isFold
    }
    const { x, width } = foldOf(laid)
    assert.deepEqual([isFold(x + width / 2), isFold(x - 3)], [true, false])
  })
})
