/** Paints the state band: a line while open, dashes while connecting, a dashed box with the reason while waiting, a thick line if failed. */

import type { Lane } from '../../state/timeline/model.ts'
import type { StateSpan } from '../../state/timeline/spans.ts'
import { type LaneBox, xOf } from '../layout/layout.ts'
import { type WaitWords, waitWords } from '../layout/wait-text.ts'
import type { Canvas } from './canvas.ts'
import type { Scene } from './scene.ts'
import { fits, fitting } from './text.ts'

const BAND = 3
/** Height of a line of text, and the width below which there is no text. */
const LINE = 12
const LEAST_TEXT = 16
/** Letters below which a second line is not worth painting. */
const LEAST_LETTERS = 5

export function drawStates(canvas: Canvas, scene: Scene, box: LaneBox, lane: Lane): void {
  const { layout, view, now } = scene
  for (const span of lane.states.between(view.from, view.to, now)) {
    const left = Math.max(layout.left - 2, xOf(layout, view, span.start))
    const right = Math.min(layout.left + layout.plotWidth + 2, xOf(layout, view, span.end))
    drawSpan(canvas, scene, box, span, left, Math.max(right, left + 1))
  }
}

function drawSpan(
  canvas: Canvas,
  scene: Scene,
  box: LaneBox,
  span: StateSpan,
  left: number,
  right: number,
): void {
  const { theme } = scene
  const y = box.top + box.height - BAND - 3
  switch (span.state) {
    case 'open':
      canvas.fillStyle = theme.ok
      canvas.fillRect(left, y, right - left, BAND)
      return
    case 'connecting':
      dashes(canvas, theme.dim, left, right, y + BAND / 2)
      return
    case 'failed':
      canvas.fillStyle = theme.error
      canvas.fillRect(left, y, Math.min(4, right - left), BAND)
      dashes(canvas, theme.error, left, right, y + BAND / 2)
      return
    case 'waiting':
      drawWaiting(canvas, scene, box, span, left, right)
      return
    case 'closed':
      drawClosed(canvas, scene, box, left, right)
  }
}

/** A faint line, with a word if nothing else shows the state. */
function drawClosed(canvas: Canvas, { theme }: Scene, box: LaneBox, left: number, right: number): void {
  const y = box.top + box.height - BAND - 3
  canvas.fillStyle = theme.dim
  canvas.fillRect(left, y - 3, 1, BAND + 3)
  canvas.globalAlpha = 0.5
  for (let x = left; x < right; x += 6) canvas.fillRect(x, y + 1, 2, 1)
  canvas.globalAlpha = 1
  const start = Math.max(left, box.left) + 6
  if (right - start > 50) canvas.fillText('closed', start, box.top + box.height / 2 + 4)
}

function dashes(canvas: Canvas, color: string, left: number, right: number, y: number): void {
  canvas.strokeStyle = color
  canvas.lineWidth = 2
  canvas.setLineDash([4, 3])
  canvas.beginPath()
  canvas.moveTo(left, y)
  canvas.lineTo(right, y)
  canvas.stroke()
  canvas.setLineDash([])
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
  canvas.fillStyle = theme.bg
  canvas.fillRect(left, top, right - left, height)
  canvas.fillStyle = theme.warn
  canvas.globalAlpha = 0.13
  canvas.fillRect(left, top, right - left, height)
  canvas.globalAlpha = 1
  canvas.strokeStyle = theme.warn
  canvas.lineWidth = 1
  canvas.setLineDash([3, 3])
  canvas.strokeRect(left + 0.5, top + 0.5, Math.max(1, right - left - 1), height - 1)
  canvas.setLineDash([])
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
