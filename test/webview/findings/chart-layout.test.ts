/** The geometry of the charts of findings. */
import assert from 'node:assert/strict'
import { type ChartTone, type FindingChart, MAX_CHART_POINTS } from '../../../src/shared/finding-chart.ts'
import { CHART_WIDTH, type ChartDrawing } from '../../../webview/findings/charts/drawing.ts'
import { drawingOf } from '../../../webview/findings/charts/layout.ts'
import { chartSummary } from '../../../webview/findings/charts/summary.ts'

/** Where the parts of a path begin. */
function startsOf(path: string): { x: number; y: number }[] {
  return [...path.matchAll(/M(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }))
}

function startsIn({ shapes }: ChartDrawing, tone: ChartTone): { x: number; y: number }[] {
  return startsOf(shapes.find((shape) => shape.tone === tone)?.path ?? '')
}

const texts = ({ texts }: ChartDrawing) => texts.map(({ text }) => text)

/** Everything is in the box, and no number is missing. */
function isInBox(drawing: ChartDrawing): void {
  const { shapes, grid, base, height, spans } = drawing
  const paths = [grid, base, ...shapes.map(({ path }) => path)].join('')
  assert.doesNotMatch(paths + JSON.stringify(spans), /NaN|Infinity|null/)
  for (const { x, y } of [...startsOf(paths), ...spans, ...drawing.texts]) {
    assert.ok(x >= 0 && x <= CHART_WIDTH, `x is ${x}`)
    assert.ok(y >= 0 && y <= height, `y is ${y} of ${height}`)
  }
}

const SERIES: FindingChart = {
  kind: 'series',
  label: 'seq',
  unit: 'count',
  points: [408, 409, 410, 418, 419].map((value, at) => ({
    time: 46_000 + at * 1000,
    value,
    ...(at === 3 && { tone: 'wrong' as const }),
  })),
  spans: [{ from: 48_500, to: 49_000, label: 'down 0.5 s' }],
}

const VALUES: FindingChart = {
  kind: 'values',
  unit: 'ms',
  points: [...[10, 100, 1000].map((value) => ({ value })), { value: 10_000, tone: 'wrong' as const }],
  marks: [
    { value: 30, label: 'p50 30 ms' },
    { value: 5000, label: 'limit 5 s' },
  ],
}

describe('the chart of a finding', () => {
  it('draws values over time, the later ones further right and the larger ones higher', () => {
    const drawing = drawingOf(SERIES)
    isInBox(drawing)
    const plain = startsIn(drawing, 'plain')
    assert.equal(plain.length, 4)
    for (const [at, { x, y }] of plain.slice(1).entries()) {
      assert.ok(x > (plain[at]?.x ?? 0))
      assert.ok(y < (plain[at]?.y ?? 0))
    }
    const [wrong] = startsIn(drawing, 'wrong')
    const [span] = drawing.spans
    assert.ok(wrong && span && wrong.x > span.x + span.width - 5, 'it comes after the span')
    for (const text of ['seq', '410', '415', '00:48', 'down 0.5 s'])
      assert.ok(texts(drawing).includes(text), text)
  })

  it('gives each power of ten of durations the same room', () => {
    const drawing = drawingOf(VALUES)
    isInBox(drawing)
    const [first, second, third] = startsIn(drawing, 'plain').map(({ x }) => x)
    assert.ok(first !== undefined && second !== undefined && third !== undefined)
    assert.ok(Math.abs(second - first - (third - second)) < 1)
    for (const text of ['10 ms', '100 ms', '1 s', '10 s', 'p50 30 ms', 'limit 5 s', '10 s'])
      assert.ok(texts(drawing).includes(text), text)
  })

  it('has round values on its axis, also if the values are close to each other', () => {
    const ages = [5720, 5810, 5900].map((value) => ({ value }))
    const labels = texts(drawingOf({ kind: 'values', unit: 'ms', points: ages }))
    assert.deepEqual(labels, ['5.75 s', '5.8 s', '5.85 s', '5.9 s'])
  })

  it('puts equal values above each other, however many there are', () => {
    const points = Array.from({ length: MAX_CHART_POINTS }, () => ({ value: 40 }))
    const drawing = drawingOf({ kind: 'values', unit: 'ms', points })
    isInBox(drawing)
    const dots = startsIn(drawing, 'plain')
    assert.equal(new Set(dots.map(({ x }) => x)).size, 1)
    assert.ok(new Set(dots.map(({ y }) => y)).size > 100)
  })

  it('draws a cell for each time, hollow where it stands out', () => {
    const points = Array.from({ length: 30 }, (_, at) => ({
      time: at * 2000,
      ...(at % 10 !== 3 && { tone: 'wrong' as const }),
    }))
    const drawing = drawingOf({ kind: 'times', points })
    isInBox(drawing)
    assert.deepEqual(
      drawing.shapes.map(({ tone, look }) => [tone, look, startsIn(drawing, tone).length]),
      [
        ['plain', 'filled', 3],
        ['wrong', 'outlined', 27],
      ],
    )
  })

  it('draws amounts as bars, with their names and figures, and says how many are left out', () => {
    const bars = Array.from({ length: 9 }, (_, at) => ({ label: `part ${at}`, value: 1000 * (9 - at) }))
    const drawing = drawingOf({ kind: 'bars', unit: 'bytes', bars })
    isInBox(drawing)
    const widths = [...(drawing.shapes[0]?.path ?? '').matchAll(/h([\d.]+)/g)].map(([, width]) =>
      Number(width),
    )
    assert.equal(widths.length, 6)
    assert.ok(Math.abs((widths[3] ?? 0) / (widths[0] ?? 1) - 6 / 9) < 0.01)
    for (const text of ['part 0', '9.0\u00a0kB', 'and 3 more']) assert.ok(texts(drawing).includes(text), text)
  })

  it('has no texts over each other', () => {
    const marks = Array.from({ length: 8 }, (_, at) => ({ value: 100 + at, label: `a long name ${at}` }))
    const drawing = drawingOf({
      kind: 'values',
      unit: 'count',
      points: [{ value: 1 }, { value: 200 }],
      marks,
    })
    const named = drawing.texts.filter(({ text }) => text.startsWith('a long'))
    assert.ok(named.length >= 1 && named.length <= 2, `${named.length} of 8`)
    assert.equal(new Set(named.map(({ y }) => y)).size, named.length)
  })

  it('has room between the labels of spans that are close to each other, and beside the name of the axis', () => {
    const spans = [9200, 12_000, 16_500, 20_050, 24_700].map((from) => ({
      from,
      to: from + 500,
      label: 'down 508 ms',
    }))
    const points = [9000, 25_500].map((time) => ({ time, value: 1 }))
    for (const chart of [
      { kind: 'series', label: 'seq', unit: 'count', points, spans },
      { kind: 'times', points, spans },
    ] satisfies FindingChart[]) {
      const drawing = drawingOf(chart)
      isInBox(drawing)
      const labels = drawing.texts.filter(({ text }) => text.startsWith('down'))
      assert.equal(labels.length, spans.length, chart.kind)
      const width = 'down 508 ms'.length * 6.5
      const starts = labels.map(({ x, y, anchor }) => ({
        x: x - { start: 0, middle: 0.5, end: 1 }[anchor] * width,
        y,
      }))
      for (const [at, one] of starts.entries())
        for (const other of starts.slice(at + 1))
          assert.ok(
            one.y !== other.y || Math.abs(one.x - other.x) >= width + 4,
            `${chart.kind}: ${one.x} and ${other.x}`,
          )
      assert.ok(starts.every(({ y }) => y >= 11))
      if (chart.kind === 'series') assert.ok(starts.every(({ x }) => x > 4 * 6.5))
    }
  })

  it('survives any numbers', () => {
    const odd = [0, -5, 1e-9, 1e12, Number.NaN]
    for (const unit of ['ms', 'bytes', 'count'] as const)
      for (const points of [[], [7], [0], [-3, -2], odd.slice(0, 4)]) {
        isInBox(drawingOf({ kind: 'values', unit, points: points.map((value) => ({ value })) }))
        isInBox(
          drawingOf({
            kind: 'series',
            label: 'x',
            unit,
            points: points.map((value, time) => ({ value, time })),
          }),
        )
        isInBox(
          drawingOf({
            kind: 'bars',
            unit,
            bars: points.map((value) => ({ label: 'a', value: Math.abs(value) })),
          }),
        )
        isInBox(drawingOf({ kind: 'times', points: points.map((value) => ({ time: Math.abs(value) })) }))
      }
  })

  it('is told in words', () => {
    assert.equal(
      chartSummary(SERIES),
      'seq, 00:46.000 to 00:50.000; 408 to 419; 1 of 5 points stand out; down 0.5 s from 00:48.500 to 00:49.000',
    )
    assert.equal(chartSummary(VALUES), '10.0 ms to 10 s; 1 of 4 points stand out; p50 30 ms; limit 5 s')
    assert.equal(
      chartSummary({ kind: 'bars', unit: 'bytes', bars: [{ label: 'heads', value: 2000 }] }),
      'heads: 2.0\u00a0kB',
    )
    assert.equal(
      chartSummary({ kind: 'times', points: [{ time: 0 }, { time: 2000 }] }),
      'Times: 00:00.000 to 00:02.000; 2 points',
    )
  })
})
