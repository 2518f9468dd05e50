/** Paints what was asked and answered on a connection, below its traffic: a bar from each request to its answer. */
import * as l10n from '@vscode/l10n'
import { largest } from '../../../src/shared/numbers.ts'
import type { Lane } from '../../state/timeline/model.ts'
import type { Canvas } from '../canvas/canvas.ts'
import type { LaneHead, Role, Scene } from '../canvas/scene.ts'
import { block, clipped, frame } from '../canvas/shapes.ts'
import { fits } from '../canvas/text.ts'
import { BAR_HEIGHT, type Bar, type Crowd, placeBars } from '../layout/bars.ts'
import { type LaneBox, REQUEST_ROW } from '../layout/layout.ts'
import { drawAnswers } from './answers.ts'
import { drawCounts } from './request-counts.ts'
import { textsOf } from './request-words.ts'

/** Distances of a text from the edges of a bar, and of its baseline from the top. */
const INSIDE = 5
const BESIDE = 5
const BASELINE = 9
/** Width of a bar below which there is no text in it, and room below which no text fits. */
const LEAST_TEXT = 14
const LEAST_ROOM = 6

export function drawExchanges(
  canvas: Canvas,
  scene: Scene,
  box: LaneBox,
  lane: Lane,
  { color, protocol }: LaneHead,
): void {
  const known = scene.exchanges(box.connection)
  if (known === undefined) return
  const { layout, view, now } = scene
  clipped(canvas, [layout.left, box.top, layout.plotWidth, box.height], () => {
    if (known.answers.length > 0) {
      drawAnswers(canvas, scene, box, known.answers, color)
      return
    }
    const placing = { layout, view, now, endOf: (time: number) => lane.states.endAfter(time, now) }
    const { bars, crowds } = placeBars(placing, box, known.exchanges)
    if (known.counts !== null) drawCounts(canvas, scene, box, known.counts, color)
    for (const crowd of crowds) drawCrowd(canvas, scene, crowd, color)
    for (const bar of bars) drawBar(canvas, scene, bar, color, protocol)
  })
}

function drawBar(
  canvas: Canvas,
  { theme, layout, now }: Scene,
  bar: Bar,
  color: Role,
  protocol: string | undefined,
): void {
  const left = Math.round(Math.max(bar.left, layout.left - 2))
  const right = Math.round(Math.min(bar.right, layout.left + layout.plotWidth + 2))
  const area = [left, bar.top, Math.max(2, right - left), BAR_HEIGHT] as const
  switch (bar.look) {
    case 'answered':
      block(canvas, theme[color], area)
      break
    case 'failed':
      block(canvas, theme.error, area)
      break
    case 'unanswered':
      block(canvas, theme.warn, area, 0.16)
      frame(canvas, theme.warn, area, [3, 2])
      break
    case 'waiting':
      block(canvas, theme[color], area, 0.1)
      frame(canvas, theme[color], area, [3, 2])
      break
    case 'stream':
      block(canvas, theme[color], area, 0.22)
      frame(canvas, theme[color], area)
      break
    default:
      void (bar.look satisfies never)
  }
  const isFilled = bar.look === 'answered' || bar.look === 'failed'
  const inside = Math.max(left, layout.left) + INSIDE
  const room = { within: right - inside - INSIDE, beside: bar.room - right - 2 * BESIDE }
  // Most of many bars have no room for a text, which takes longer to make than to paint the bar.
  if (Math.max(room.within, room.beside) < LEAST_ROOM) return
  const texts = textsOf(bar, now, protocol)
  const within = isFilled ? undefined : texts.find((text) => fits(canvas, text, room.within))
  const beside = texts.find((text) => fits(canvas, text, room.beside))
  if (within !== undefined && right - inside > LEAST_TEXT) say(canvas, theme.fg, within, inside, bar.top)
  else if (beside !== undefined) say(canvas, theme.fg, beside, right + BESIDE, bar.top)
  else if (isFilled) {
    const own = texts.find((text) => fits(canvas, text, room.within))
    if (own !== undefined && right - inside > LEAST_TEXT) say(canvas, theme.bg, own, inside, bar.top)
  }
}

function say(canvas: Canvas, color: string, text: string, x: number, top: number): void {
  canvas.fillStyle = color
  canvas.fillText(text, x, top + BASELINE)
}

/** Requests that overlap: for each pixel, how many were under way. */
function drawCrowd(
  canvas: Canvas,
  { theme, layout }: Scene,
  { bars, top, height, ...ends }: Crowd,
  color: Role,
): void {
  const left = Math.floor(Math.max(ends.left, layout.left))
  const right = Math.ceil(Math.min(ends.right, layout.left + layout.plotWidth))
  const width = right - left
  if (width <= 0) return
  const all = new Array<number>(width + 1).fill(0)
  const wrong = new Array<number>(width + 1).fill(0)
  for (const bar of bars) {
    const isWrong = bar.look === 'unanswered' || bar.look === 'failed'
    const from = Math.max(0, Math.floor(bar.left) - left)
    const to = Math.min(width, Math.max(from + 1, Math.ceil(bar.right) - left))
    if (from >= width || to <= 0) continue
    for (const counts of isWrong ? [all, wrong] : [all]) {
      counts[from] = (counts[from] ?? 0) + 1
      counts[to] = (counts[to] ?? 0) - 1
    }
  }
  const [sums, trouble] = [sumsOf(all), sumsOf(wrong)]
  const most = largest(sums, 1)
  for (let x = 0; x < width; x++) {
    const share = (sums[x] ?? 0) / most
    if (share === 0) continue
    const high = Math.max(2, Math.round(height * share))
    block(canvas, theme[color], [left + x, top + height - high, 1, high], 0.55)
    if ((trouble[x] ?? 0) > 0) block(canvas, theme.warn, [left + x, top + height - 3, 1, 3])
  }
  const text = l10n.t('{0} at once', most)
  const room = width - 2 * INSIDE
  if (most < 3 || !fits(canvas, text, room) || height < REQUEST_ROW) return
  const backing = canvas.measureText(text).width + 6
  block(canvas, theme.bg, [left + INSIDE - 3, top + height - BAR_HEIGHT - 2, backing, BAR_HEIGHT + 2], 0.75)
  say(canvas, theme.fg, text, left + INSIDE, top + height - BAR_HEIGHT - 1)
}

function sumsOf(differences: readonly number[]): number[] {
  let sum = 0
  return differences.map((difference) => {
    sum += difference
    return sum
  })
}
