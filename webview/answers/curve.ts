/** The curve of the gaps between the pieces of an answer: what is drawn where, for a given size. */
import type { AnswerPartName, AnswerStall } from '../../src/shared/model-answer.ts'
import { largest } from '../../src/shared/numbers.ts'
import { stepFor, ticks } from '../../src/shared/ticks.ts'
import type { AnswerText } from '../state/answer-text.ts'

/** Gaps in ms at the lower edge of the logarithmic axis, and at least at its upper one. */
const LEAST = 1
const MOST = 2000
/** Pixels between two marks on the time axis, and the least width of what is drawn. */
const MARKS = 72
const LEAST_WIDTH = 2
/** Least width in pixels of a bar that has a gap after it. */
const SEPARATE = 4

interface Box {
  readonly left: number
  readonly width: number
}

export interface Curve {
  /** The gaps as the data of an SVG path. */
  readonly bars: string
  readonly first: (Box & { readonly height: number; readonly ms: number }) | undefined
  readonly stalls: readonly (Box & { readonly height: number; readonly stall: AnswerStall })[]
  readonly runs: readonly (Box & { readonly part: AnswerPartName; readonly pieces: number })[]
  readonly marks: readonly { readonly left: number; readonly time: number }[]
  readonly levels: readonly { readonly top: number; readonly ms: number }[]
  /** Pixels from the left edge at a session time, and the session time there. */
  placeOf(time: number): number
  timeAt(left: number): number
}

/** `span` is the time in ms that fills the width: of this answer, or of the longest one beside it. */
export function curveOf(text: AnswerText, span: number, width: number, height: number): Curve {
  const start = startOf(text)
  const scale = width / Math.max(1, span)
  const placeOf = (time: number) => (time - start) * scale
  const { stalls, timeToFirst } = text.answer
  const top = Math.max(MOST, timeToFirst ?? 0, longestOf(stalls))
  const heightOf = (ms: number) =>
    ms <= LEAST ? 1 : Math.max(1, (height * Math.log10(ms / LEAST)) / Math.log10(top / LEAST))
  const timeOf = (event: number) => text.pieces[text.pieceOf(event) ?? -1]?.time
  const step = stepFor(span, width, MARKS)
  return {
    bars: barsOf(text, placeOf, heightOf, height, Math.ceil(width)),
    first:
      timeToFirst === undefined
        ? undefined
        : { left: 0, width: timeToFirst * scale, height: heightOf(timeToFirst), ms: timeToFirst },
    stalls: stalls.flatMap((stall) => {
      const to = timeOf(stall.to)
      if (to === undefined) return []
      const left = placeOf(to - stall.ms)
      return [{ left, width: Math.max(LEAST_WIDTH, stall.ms * scale), height: heightOf(stall.ms), stall }]
    }),
    runs: runsOf(text, placeOf),
    marks: ticks(0, span, step).map((time) => ({ left: time * scale, time })),
    levels: [10, 100, 1000, 10_000, 100_000]
      .filter((ms) => ms <= top)
      .map((ms) => ({ top: height - heightOf(ms), ms })),
    placeOf,
    timeAt: (left) => start + left / scale,
  }
}

/** Milliseconds of the longest stall; 0 if there is none. */
export function longestOf(stalls: readonly AnswerStall[]): number {
  return largest(
    stalls.map(({ ms }) => ms),
    0,
  )
}

/** Session time in ms at which the curve of an answer begins: that of its request, or of its first piece. */
export function startOf({ answer, pieces }: AnswerText): number {
  return answer.timeToFirst === undefined ? (pieces[0]?.time ?? answer.start) : answer.start
}

/** Milliseconds from there to the last piece. */
export function spanOf(text: AnswerText): number {
  return Math.max(1, text.answer.end - startOf(text))
}

/** Each piece is a bar as wide as its gap. If several are in one column of pixels, the highest is drawn. */
function barsOf(
  text: AnswerText,
  placeOf: (time: number) => number,
  heightOf: (ms: number) => number,
  height: number,
  width: number,
): string {
  const heights = new Float64Array(width + 1)
  const stalls = new Set(text.answer.stalls.map(({ to }) => to))
  for (let i = 1; i < text.pieces.length; i++) {
    const { time = 0, event = 0 } = text.pieces[i] ?? {}
    const { time: before = time } = text.pieces[i - 1] ?? {}
    if (time <= before || stalls.has(event)) continue
    const from = Math.floor(placeOf(before))
    const to = Math.max(from + 1, Math.floor(placeOf(time)))
    const bar = heightOf(time - before)
    const end = to - from >= SEPARATE ? to - 1 : to
    for (let x = Math.max(0, from); x < Math.min(end, heights.length); x++)
      heights[x] = Math.max(heights[x] ?? 0, bar)
  }
  return pathOf(heights, height)
}

function pathOf(heights: Float64Array, height: number): string {
  const path: string[] = []
  for (let x = 0; x < heights.length; ) {
    const bar = heights[x] ?? 0
    let end = x + 1
    while (end < heights.length && heights[end] === bar) end++
    if (bar > 0) path.push(`M${x} ${height}V${(height - bar).toFixed(1)}H${end}V${height}Z`)
    x = end
  }
  return path.join('')
}

/** Runs of one part up to a stall. A run that is too short to see is added to the one before it. */
function runsOf(text: AnswerText, placeOf: (time: number) => number): Curve['runs'] {
  const stalls = text.answer.stalls.flatMap(({ to }) => text.pieceOf(to) ?? [])
  const runs: { left: number; width: number; part: AnswerPartName; pieces: number }[] = []
  for (const { part, from, to } of text.runs) {
    const cuts = [from, ...stalls.filter((at) => at > from && at < to), to]
    for (let i = 1; i < cuts.length; i++) {
      const [first = from, end = to] = [cuts[i - 1], cuts[i]]
      const left = placeOf(text.pieces[first]?.time ?? 0)
      const width = Math.max(LEAST_WIDTH, placeOf(text.pieces[end - 1]?.time ?? 0) - left)
      const last = runs.at(-1)
      if (last !== undefined && width <= LEAST_WIDTH && left <= last.left + last.width + 1) {
        last.width = Math.max(last.width, left + width - last.left)
        if (last.part === part) last.pieces += end - first
      } else runs.push({ left, width, part, pieces: end - first })
    }
  }
  return runs
}
