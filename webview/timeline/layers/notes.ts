/** Paints the notes of the user. */
import type { Canvas } from '../canvas/canvas.ts'
import type { Scene } from '../canvas/scene.ts'
import { block, line } from '../canvas/shapes.ts'
import { ellipsize } from '../canvas/text.ts'
import { fullHeight, xOf } from '../layout/layout.ts'

/** Height of the axis' line of text. */
const AXIS_TEXT = 16
/** Width of a note's flag, and largest and smallest width of the text beside it. */
const FLAG = 7
const MOST_WORDS = 180
const LEAST_WORDS = 20

/** A line across the lanes, a flag on the axis, and as much of the text as fits before the next flag. */
export function drawNotes(canvas: Canvas, { layout, view, model, theme, says }: Scene): void {
  const inView = model.notes.filter(({ time }) => time >= view.from && time <= view.to)
  const places = inView.map(({ time }) => Math.round(xOf(layout, view, time)) + 0.5)
  inView.forEach(({ event }, i) => {
    const x = places[i] ?? 0
    line(canvas, theme.accent, 1, fullHeight(layout, x), [2, 2])
    block(canvas, theme.accent, [x - 0.5, layout.axisTop, FLAG, 9])
    const start = x + FLAG + 3
    const room = Math.min(MOST_WORDS, (places[i + 1] ?? layout.left + layout.plotWidth) - start - 4)
    const text = room < LEAST_WORDS ? '' : ellipsize(canvas, says(event) ?? '', room)
    if (text === '') return
    // The text is on the axis: it must not cover the times there.
    const width = canvas.measureText(text).width + 8
    block(canvas, theme.bg, [x + FLAG - 0.5, layout.axisTop, width, AXIS_TEXT])
    canvas.fillStyle = theme.fg
    canvas.fillText(text, start, layout.axisTop + 10)
  })
}
