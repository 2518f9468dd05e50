/** Paints the states: a thin line while open, dashes while connecting, a dashed box with the reason while waiting, a thick line if failed. */
import type { Lane } from '../../state/timeline/model.ts'
import type { StateSpan } from '../../state/timeline/spans.ts'
import type { Canvas } from '../canvas/canvas.ts'
import type { Role, Scene, Theme } from '../canvas/scene.ts'
import { block, frame, line } from '../canvas/shapes.ts'
import { fits, fitting } from '../canvas/text.ts'
import { floorOf, type LaneBox, xOf } from '../layout/layout.ts'

const BAND = 3
/** Height of a line of text, and the width below which there is no text. */
const LINE = 12
const LEAST_TEXT = 16
/** Letters below which a second line is not worth painting. */
const LEAST_LETTERS = 5

/** Paints in `color` where the connection is open. */
export function drawStates(canvas: Canvas, scene: Scene, box: LaneBox, lane: Lane, color: Role): void {
  const { layout, view, now } = scene
  for (const span of lane.states.between(view.from, view.to, now)) {
    const left = Math.max(layout.left - 2, xOf(layout, view, span.start))
    const right = Math.min(layout.left + layout.plotWidth + 2, xOf(layout, view, span.end))
    drawSpan(canvas, scene, box, span, left, Math.max(right, left + 1), color)
  }
}

function drawSpan(
  canvas: Canvas,
  scene: Scene,
  box: LaneBox,
  span: StateSpan,
  left: number,
  right: number,
  color: Role,
): void {
  const { theme } = scene
  const y = bandOf(box)
  switch (span.state) {
    case 'open':
      drawOpen(canvas, theme, color, box, left, right)
      return
    case 'connecting':
      dashes(canvas, theme.dim, left, right, y + BAND / 2)
      return
    case 'failed':
      block(canvas, theme.error, [left, y, Math.min(4, right - left), BAND])
      dashes(canvas, theme.error, left, right, y + BAND / 2)
      return
    case 'waiting':
      drawWaiting(canvas, scene, box, span, left, right)
      return
    case 'closed':
      drawClosed(canvas, scene, box, left, right)
  }
}

/** Open is normal: a thin line that the traffic is on. Each poll shows by itself that the connection is open. */
function drawOpen(
  canvas: Canvas,
  theme: Theme,
  color: Role,
  box: LaneBox,
  left: number,
  right: number,
): void {
  if (box.shape === 'cycles') return
  block(canvas, theme[color], [left, floorOf(box), right - left, 1], theme.highContrast ? 1 : OPEN)
}

/** Opacity of the line while open. */
const OPEN = 0.6

/** Top of the band. */
function bandOf({ top, traffic }: LaneBox): number {
  return top + traffic - BAND - 3
}

/** A faint line, with a word if nothing else shows the state. */
function drawClosed(canvas: Canvas, { theme }: Scene, box: LaneBox, left: number, right: number): void {
  const y = bandOf(box)
  block(canvas, theme.dim, [left, y - 3, 1, BAND + 3])
  canvas.globalAlpha = 0.5
  for (let x = left; x < right; x += 6) canvas.fillRect(x, y + 1, 2, 1)
  canvas.globalAlpha = 1
  const start = Math.max(left, box.left) + 6
  if (right - start > 50) canvas.fillText('closed', start, box.top + box.traffic / 2 + 4)
}

function dashes(canvas: Canvas, color: string, left: number, right: number, y: number): void {
  const ends = [
    [left, y],
    [right, y],
  ] as const
  line(canvas, color, 2, ends, [4, 3])
}

function drawWaiting(
  canvas: Canvas,
  { theme, says }: Scene,
  box: LaneBox,
  span: StateSpan,
  left: number,
  right: number,
): void {
  const top = box.top + 4
  const height = box.height - 8
  // Clears the background of the text.
  const area = [left, top, right - left, height] as const
  block(canvas, theme.bg, area)
  block(canvas, theme.warn, area, 0.13)
  frame(canvas, theme.warn, area, [3, 3])
  const said = says(span.event)
  const start = Math.max(left, box.left) + 5
  const room = right - start - 4
  if (said === undefined || room < LEAST_TEXT) return
  const lost = span.gap === undefined ? undefined : says(span.gap)
  canvas.fillStyle = theme.warn
  const most = Math.floor((height - 4) / LINE)
  wrapped(canvas, waitWords(said, lost), room, most).forEach((text, i) => {
    canvas.fillText(text, start, top + LINE * (i + 1))
  })
}

/** One line if everything fits on it, else several lines. */
function wrapped(canvas: Canvas, { lines, stack }: WaitWords, room: number, most: number): readonly string[] {
  const whole = lines.find((line) => fits(canvas, line, room))
  if (whole !== undefined) return [whole]
  const cut = stack.slice(0, most).map((texts) => fitting(canvas, texts, room))
  return cut.filter((text, i) => i === 0 || text.length > LEAST_LETTERS)
}

/** The text of a wait, from the text of its event (`reconnect 1 in 1.4 s · why · …`) and of its gap (`3 missed`). */
export interface WaitWords {
  /** One line, with shorter and shorter texts. */
  readonly lines: readonly string[]
  /** Several lines, if one has no room. Of each, the first text that fits, or the last one, shortened. */
  readonly stack: readonly (readonly string[])[]
}

export function waitWords(said: string, lost: string | undefined): WaitWords {
  const [first = '', reason = ''] = said.split(' · ')
  const retry = first.replace(/^reconnect/, 'retry')
  const short = retry.replace(/ in .*$/, '')
  const join = (...parts: (string | undefined)[]) => parts.filter(Boolean).join(' · ')
  return {
    lines: [join(retry, reason, lost), join(short, reason, lost)],
    stack: [[retry, short], [lost ?? ''], [reason]].filter(([text]) => text !== ''),
  }
}
