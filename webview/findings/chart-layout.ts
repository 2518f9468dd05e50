/** The geometry of the charts of findings, in pixels of their box. */
import * as l10n from '@vscode/l10n'
import type {
  BarsChart,
  ChartSpan,
  ChartTone,
  FindingChart,
  SeriesChart,
  TimesChart,
  ValuesChart,
} from '../../src/shared/finding-chart.ts'
import { largest } from '../../src/shared/numbers.ts'
import { formatTick, stepFor, ticks } from '../../src/shared/ticks.ts'
import { formatCount } from '../format/count.ts'
import { formatValue, linearScale, logScale, rangeOf, type Scale } from './chart-scale.ts'

export const CHART_WIDTH = 420
const HEIGHT = 124
/** Room for one line of labels above the plot and for two, and for what is below and beside it. */
const TOP = 22
const TWO_LINES = 34
const BOTTOM = 18
const SIDE = 10
const LABELS = 52
/** Width of a letter of a label, as far as it has to be known. */
const LETTER = 6.2
/** Distance of two labels of a line at least. Letters may be wider than `LETTER`. */
const LABEL_GAP = 10

export interface ChartText {
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
  readonly text: string
  readonly tone: ChartTone
}

export interface ChartShape {
  /** The `d` of a path. */
  readonly path: string
  readonly tone: ChartTone
  readonly look: 'filled' | 'outlined' | 'dashed'
}

export interface ChartBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface ChartDrawing {
  readonly height: number
  /** The `d` of the quiet lines, and of the line that the marks stand on. */
  readonly grid: string
  readonly base: string
  /** Hatched. */
  readonly spans: readonly ChartBox[]
  readonly shapes: readonly ChartShape[]
  readonly texts: readonly ChartText[]
}

/** How each tone is painted: what is wrong is hollow, so that it is told without its color. */
const LOOKS: Readonly<Record<ChartTone, ChartShape['look']>> = {
  plain: 'filled',
  quiet: 'filled',
  wrong: 'outlined',
}

export function drawingOf(chart: FindingChart): ChartDrawing {
  switch (chart.kind) {
    case 'times':
      return timesDrawing(chart)
    case 'series':
      return seriesDrawing(chart)
    case 'values':
      return valuesDrawing(chart)
    case 'bars':
      return barsDrawing(chart)
  }
}

interface Plot {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

const PLOT: Plot = { left: SIDE, right: CHART_WIDTH - SIDE, top: TOP, bottom: HEIGHT - BOTTOM }

const within = ({ left, right }: Plot, at: number) => left + at * (right - left)

/** A horizontal axis with labels and lines, for a plot. */
function acrossAxis(plot: Plot, scale: Scale) {
  const places = scale.ticks.map(({ at, label }) => ({ x: within(plot, at), label }))
  return {
    grid: places.map(({ x }) => `M${round(x)} ${plot.top}V${plot.bottom}`).join(''),
    base: `M${plot.left} ${plot.bottom}H${plot.right}`,
    texts: places.map(({ x, label }) => textAt(x, plot.bottom + 14, label, 'quiet')),
  }
}

function timeScale(times: readonly number[], spans: readonly ChartSpan[], plot: Plot): Scale {
  const all = [...times, ...spans.flatMap(({ from, to }) => [from, to])]
  const [least, most] = rangeOf(all) ?? [0, 1000]
  const padding = (most - least) * 0.03 || 500
  const [from, to] = [Math.max(0, least - padding), most + padding]
  const step = stepFor(to - from, plot.right - plot.left, 64)
  const place = (time: number) => (time - from) / (to - from)
  return {
    place,
    ticks: ticks(from, to, step).map((time) => ({ at: place(time), label: formatTick(time, step) })),
  }
}

/** The labels of several spans may need a second line. */
function topFor({ length }: readonly ChartSpan[]): number {
  return length > 1 ? TWO_LINES : TOP
}

function spansOf(plot: Plot, scale: Scale, spans: readonly ChartSpan[]) {
  const boxes = spans.map(({ from, to, label }) => {
    const x = within(plot, scale.place(from))
    const width = Math.max(2, within(plot, scale.place(to)) - x)
    return { box: { x, y: plot.top, width, height: plot.bottom - plot.top }, label, middle: x + width / 2 }
  })
  return {
    spans: boxes.map(({ box }) => box),
    texts: apart(boxes.map(({ middle, label }) => textAt(middle, plot.top - 7, label, 'plain', plot.left))),
  }
}

function seriesDrawing({ label, unit, points, spans = [] }: SeriesChart): ChartDrawing {
  const plot = { ...PLOT, left: LABELS, top: topFor(spans) }
  const across = timeScale(
    points.map(({ time }) => time),
    spans,
    plot,
  )
  const up = linearScale(
    points.map(({ value }) => value),
    unit,
    3,
  )
  const yOf = (at: number) => plot.bottom - at * (plot.bottom - plot.top)
  const axis = acrossAxis(plot, across)
  const hatched = spansOf(plot, across, spans)
  const dots = points.map(({ time, value, tone = 'plain' }) => ({
    tone,
    path: dot(within(plot, across.place(time)), yOf(up.place(value))),
  }))
  return {
    height: HEIGHT,
    grid: axis.grid + up.ticks.map(({ at }) => `M${plot.left} ${round(yOf(at))}H${plot.right}`).join(''),
    base: axis.base,
    spans: hatched.spans,
    shapes: byTone(dots),
    texts: [
      ...axis.texts,
      ...hatched.texts,
      ...up.ticks.map((each) => endAt(plot.left - 6, yOf(each.at) + 4, each.label)),
      { x: 0, y: 11, anchor: 'start', text: label, tone: 'quiet' },
    ],
  }
}

/** Least, largest and relative width of a cell, and its height. */
const CELL = { least: 2, most: 11, share: 0.7, height: 22 }

function timesDrawing({ points, spans = [] }: TimesChart): ChartDrawing {
  const plot = { ...PLOT, top: topFor(spans), bottom: 76 }
  const times = points.map(({ time }) => time)
  const across = timeScale(times, spans, plot)
  const axis = acrossAxis(plot, across)
  const hatched = spansOf(plot, across, spans)
  const places = times.map((time) => within(plot, across.place(time)))
  const width = cellWidth(places)
  const y = (plot.top + plot.bottom) / 2 - CELL.height / 2
  const cells = points.map(({ tone = 'plain' }, at) => ({
    tone,
    path: rectangle({ x: (places[at] ?? 0) - width / 2, y, width, height: CELL.height }),
  }))
  return {
    ...axis,
    height: 76 + BOTTOM,
    ...hatched,
    shapes: byTone(cells),
    texts: [...axis.texts, ...hatched.texts],
  }
}

function cellWidth(places: readonly number[]): number {
  const sorted = places.toSorted((one, other) => one - other)
  const gaps = sorted.slice(1).map((place, at) => place - (sorted[at] ?? 0))
  const middle = gaps.toSorted((one, other) => one - other)[Math.floor(gaps.length / 2)] ?? CELL.most
  return Math.min(CELL.most, Math.max(CELL.least, middle * CELL.share))
}

/** Values with a label beside their dot at most. */
const MOST_NAMED = 2
const DOT = 3.2
const DOT_STEP = 2 * DOT + 1.4

/** How far values are apart, as a factor, so that a logarithmic axis tells them apart better. */
const LEAST_LOG = { ms: 5, other: 100 }

function valuesDrawing({ unit, points, marks = [] }: ValuesChart): ChartDrawing {
  const plot = { ...PLOT, top: TWO_LINES }
  const values = [...points, ...marks].map(({ value }) => value)
  const [least, most] = rangeOf(values) ?? [0, 1]
  const isLog = most / Math.max(least, Number.MIN_VALUE) > (unit === 'ms' ? LEAST_LOG.ms : LEAST_LOG.other)
  const across = isLog ? logScale(values, unit) : linearScale(values, unit, 5)
  const axis = acrossAxis(plot, across)
  const xs = points.map(({ value }) => within(plot, across.place(value)))
  const ys = stacked(xs, plot)
  const dots = points.map(({ tone = 'plain' }, at) => ({ tone, path: dot(xs[at] ?? 0, ys[at] ?? 0) }))
  const named = points.flatMap(({ value, tone }, at) => (tone === 'wrong' ? [{ value, at }] : []))
  const lines = marks.map(({ value, label }) => ({ x: within(plot, across.place(value)), label }))
  return {
    ...axis,
    height: HEIGHT,
    spans: [],
    shapes: [
      ...byTone(dots),
      {
        path: lines.map(({ x }) => `M${round(x)} ${plot.top}V${plot.bottom}`).join(''),
        tone: 'plain',
        look: 'dashed',
      },
    ],
    texts: [
      ...axis.texts,
      ...apart(lines.map(({ x, label }) => textAt(x, plot.top - 6, label, 'plain'))),
      ...(named.length > MOST_NAMED
        ? []
        : named.map(({ value, at }) =>
            textAt(xs[at] ?? 0, (ys[at] ?? 0) - 9, formatValue(value, unit), 'wrong'),
          )),
    ],
  }
}

/** Dots at the same place are above each other. */
function stacked(xs: readonly number[], plot: Plot): number[] {
  const columns = xs.map((x) => Math.floor(x / DOT_STEP))
  const counts = new Map<number, number>()
  const levels = columns.map((column) => {
    const level = counts.get(column) ?? 0
    counts.set(column, level + 1)
    return level
  })
  const highest = largest([...counts.values()], 1)
  const step = Math.min(DOT_STEP, (plot.bottom - plot.top - 2 * DOT) / highest)
  return levels.map((level) => plot.bottom - DOT - 2 - level * step)
}

const BAR = { step: 32, height: 9, most: 6 }

function barsDrawing({ unit, bars }: BarsChart): ChartDrawing {
  const shown = bars.slice(0, BAR.most)
  const most = largest(
    bars.map(({ value }) => value),
    1e-9,
  )
  const width = CHART_WIDTH - 2 * SIDE
  const rows = shown.map(({ value, label, tone = 'plain' }, at) => {
    const box = {
      x: SIDE,
      y: 20 + at * BAR.step,
      width: Math.max(2, (value / most) * width),
      height: BAR.height,
    }
    const figure = formatValue(value, unit)
    const text = clip(label, width - figure.length * LETTER - 12)
    return {
      tone,
      path: rectangle(box),
      texts: [
        { x: SIDE, y: box.y - 5, anchor: 'start', text, tone: 'plain' },
        endAt(SIDE + width, box.y - 5, figure),
      ] as const,
    }
  })
  const height = 12 + shown.length * BAR.step
  const left = bars.length - shown.length
  const more =
    left === 0 ? [] : [textAt(SIDE, height + 8, l10n.t('and {0} more', formatCount(left)), 'quiet')]
  return {
    height: height + (left === 0 ? 0 : 14),
    grid: '',
    base: '',
    spans: [],
    shapes: byTone(rows),
    texts: [
      ...rows.flatMap(({ texts }) => texts),
      ...more.map((text) => ({ ...text, anchor: 'start' as const, x: SIDE })),
    ],
  }
}

const TONES = ['quiet', 'plain', 'wrong'] as const satisfies readonly ChartTone[]

/** One path for each tone, what is wrong on top. */
function byTone(marks: readonly { readonly tone: ChartTone; readonly path: string }[]): ChartShape[] {
  return TONES.flatMap((tone) => {
    const path = marks.flatMap((mark) => (mark.tone === tone ? [mark.path] : [])).join('')
    return path === '' ? [] : [{ path, tone, look: LOOKS[tone] }]
  })
}

function dot(x: number, y: number): string {
  const across = `${2 * DOT} 0`
  return `M${round(x - DOT)} ${round(y)}a${DOT} ${DOT} 0 1 0 ${across}a${DOT} ${DOT} 0 1 0 -${across}`
}

function rectangle({ x, y, width, height }: ChartBox): string {
  return `M${round(x)} ${round(y)}h${round(width)}v${height}h${round(-width)}z`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

const widthOf = (text: string) => text.length * LETTER

/** A text around a place, moved so that it leaves neither the box nor what is right of `left`. */
function textAt(x: number, y: number, text: string, tone: ChartTone, left = 0): ChartText {
  const half = widthOf(text) / 2
  if (x - half < left) return { x: left, y, anchor: 'start', text, tone }
  if (x + half > CHART_WIDTH) return { x: CHART_WIDTH, y, anchor: 'end', text, tone }
  return { x, y, anchor: 'middle', text, tone }
}

function endAt(x: number, y: number, text: string): ChartText {
  return { x, y, anchor: 'end', text, tone: 'quiet' }
}

/** The texts of a line of which none overlaps one before it. A second line above takes what does not fit. */
function apart(texts: readonly ChartText[]): ChartText[] {
  const ends = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  return texts
    .toSorted((one, other) => startOf(one) - startOf(other))
    .flatMap((text) => {
      const line = ends.findIndex((end) => startOf(text) >= end + LABEL_GAP)
      if (line < 0) return []
      ends[line] = startOf(text) + widthOf(text.text)
      return [{ ...text, y: text.y - line * 13 }]
    })
}

function startOf({ x, anchor, text }: ChartText): number {
  return x - { start: 0, middle: 0.5, end: 1 }[anchor] * widthOf(text)
}

function clip(text: string, width: number): string {
  const most = Math.max(1, Math.floor(width / LETTER))
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}
