/** Paints the answer of a language model: the wait for its first token, its parts, and where it stalls. */
import * as l10n from '@vscode/l10n'
import type { AnswerSpan } from '../../../src/shared/exchange.ts'
import { PART_NAMES } from '../../format/answer-parts.ts'
import { formatDuration, formatLatency } from '../../format/time.ts'
import type { Canvas } from '../canvas/canvas.ts'
import type { Role, Scene } from '../canvas/scene.ts'
import { block, clipped, frame } from '../canvas/shapes.ts'
import { fits } from '../canvas/text.ts'
import { BAR_HEIGHT } from '../layout/bars.ts'
import { type LaneBox, type Layout, xOf } from '../layout/layout.ts'

const FIRST_TOKEN = l10n.t('first token {0}')
const STALL = l10n.t('stall {0}')

/** Distance of a text from edges, and of its baseline from the top. */
const INSIDE = 5
const BASELINE = 9
/** Distance between two lines of the hatching in pixels. */
const HATCH = 5

type Area = readonly [x: number, y: number, width: number, height: number]

/** Paints the answers of a lane, which are in the order of time. */
export function drawAnswers(
  canvas: Canvas,
  scene: Scene,
  box: LaneBox,
  answers: readonly AnswerSpan[],
  color: Role,
): void {
  const { layout, view } = scene
  let free = layout.left
  for (const [i, answer] of answers.entries()) {
    const next = answers[i + 1]
    const room = next === undefined ? layout.left + layout.plotWidth : xOf(layout, view, next.start)
    free = drawAnswer(canvas, scene, box, answer, color, [free, room])
  }
}

/** `room` is the free part of the line. Returns the right edge of what was painted. */
function drawAnswer(
  canvas: Canvas,
  scene: Scene,
  box: LaneBox,
  answer: AnswerSpan,
  color: Role,
  room: readonly [left: number, right: number],
): number {
  const { theme, now } = scene
  const { start, stalls, isGrowing } = answer
  const end = isGrowing ? Math.max(answer.end, now) : answer.end
  const first = answer.first ?? (answer.request === null ? start : end)
  const areaOf = (from: number, to: number): Area | undefined => areaIn(scene, box, from, to)
  const wait = first > start ? areaOf(start, first) : undefined
  if (wait !== undefined) {
    frame(canvas, theme[color], wait, [2, 2])
    const lasted = formatLatency(first - start)
    sayBefore(canvas, scene, wait, [FIRST_TOKEN.replace('{0}', lasted), lasted], room[0])
  }
  const whole = areaOf(first, end)
  if (whole === undefined || end <= first) return Math.max(room[0], rightOf(whole ?? wait))
  block(canvas, theme[color], whole, 0.12)
  const last = drawRuns(canvas, scene, areaOf, { ...answer, end }, color)
  for (const { from, to } of stalls) {
    const gap = areaOf(from, to)
    if (gap === undefined) continue
    block(canvas, theme.bg, gap)
    hatch(canvas, theme.warn, gap, theme.highContrast)
    frame(canvas, theme.warn, gap)
    sayOver(canvas, scene, gap, STALL.replace('{0}', formatDuration(to - from)))
  }
  const after = rightOf(whole) + INSIDE
  if (last === '' || !fits(canvas, last, room[1] - after - INSIDE)) return rightOf(whole)
  sayAt(canvas, theme.fg, last, after, whole)
  return after + canvas.measureText(last).width
}

type AreaOf = (from: number, to: number) => Area | undefined

/** Paints the parts. Returns the name of the last one if there is no room for it. */
function drawRuns(
  canvas: Canvas,
  { theme, layout }: Scene,
  areaOf: AreaOf,
  { runs, stalls, end, isGrowing }: AnswerSpan,
  color: Role,
): string {
  let unsaid = ''
  for (const [i, { part, from, ...run }] of runs.entries()) {
    const to = isGrowing && i === runs.length - 1 ? end : run.to
    const area = areaOf(from, to)
    unsaid = ''
    if (area === undefined) continue
    block(canvas, theme[color], area, part === 'content' ? 0.5 : 0.22)
    if (part === 'tool_call') frame(canvas, theme[color], area)
    // The words are before a stall, which is painted over the part, or after it.
    const [stall] = stalls.filter((each) => each.from >= from && each.from < to)
    const before = areaOf(from, stall?.from ?? to)
    const after = stall && areaOf(stall.to, to)
    const spot = [before, after].find(
      (each) => each !== undefined && say(canvas, theme.fg, each, PART_NAMES[part], layout),
    )
    if (spot === undefined) unsaid = PART_NAMES[part]
  }
  return unsaid
}

function rightOf(area: Area | undefined): number {
  return area === undefined ? 0 : area[0] + area[2]
}

/** The part in view; undefined if there is none. */
function areaIn({ layout, view }: Scene, box: LaneBox, from: number, to: number): Area | undefined {
  const left = Math.max(layout.left - 2, Math.round(xOf(layout, view, from)))
  const right = Math.min(layout.left + layout.plotWidth + 2, Math.round(xOf(layout, view, to)))
  if (right < layout.left || left > layout.left + layout.plotWidth || right < left) return undefined
  return [left, box.top + box.traffic, Math.max(2, right - left), BAR_HEIGHT]
}

/** The first of some texts before a part, if nothing else is there, or in it. `free` is the right edge of what is before. */
function sayBefore(
  canvas: Canvas,
  { theme, layout }: Scene,
  area: Area,
  texts: readonly string[],
  free: number,
): void {
  const [left] = area
  for (const text of texts) {
    const start = left - canvas.measureText(text).width - INSIDE
    if (start > free) sayAt(canvas, theme.fg, text, start, area)
    else if (!say(canvas, theme.fg, area, text, layout)) continue
    return
  }
}

/** A text over the hatching. */
function sayOver(canvas: Canvas, { theme, layout }: Scene, area: Area, text: string): void {
  const [left, top, width, height] = area
  if (!fits(canvas, text, width - 2 * INSIDE)) return
  const room = canvas.measureText(text).width
  const x = Math.max(layout.left, left) + Math.max(INSIDE, (width - room) / 2)
  block(canvas, theme.bg, [x - 3, top + 1, room + 6, height - 2])
  sayAt(canvas, theme.fg, text, x, area)
}

/** A text in a part. Returns whether there is room for it. */
function say(canvas: Canvas, color: string, area: Area, text: string, layout: Layout): boolean {
  const [left, , width] = area
  const x = Math.max(left, layout.left) + INSIDE
  const hasRoom = fits(canvas, text, left + width - x - INSIDE)
  if (hasRoom) sayAt(canvas, color, text, x, area)
  return hasRoom
}

function sayAt(canvas: Canvas, color: string, text: string, x: number, [, top]: Area): void {
  canvas.fillStyle = color
  canvas.fillText(text, x, top + BASELINE)
}

function hatch(canvas: Canvas, color: string, area: Area, isStrong: boolean): void {
  const [left, top, width, height] = area
  clipped(canvas, area, () => {
    canvas.globalAlpha = isStrong ? 1 : 0.6
    canvas.strokeStyle = color
    canvas.lineWidth = 1
    canvas.beginPath()
    for (let x = left - height; x < left + width; x += HATCH) {
      canvas.moveTo(x, top + height)
      canvas.lineTo(x + height, top)
    }
    canvas.stroke()
    canvas.globalAlpha = 1
  })
}
