/** Paints over the time whose events were dropped. Only the amount of traffic is known for it. */
import { plural } from '../../format/count.ts'
import { xOf } from '../layout/layout.ts'
import type { Canvas } from './canvas.ts'
import type { Scene } from './scene.ts'
import { fitting } from './text.ts'

/** Distance between two lines of the hatching in pixels. */
const HATCH = 8

/** Hatches the lanes and the overview up to the oldest event kept. */
export function drawDropped(canvas: Canvas, scene: Scene): void {
  const { layout, view, whole, columns, theme } = scene
  const oldest = columns.at(columns.first)
  if (columns.first === 0 || oldest === undefined) return
  const time = oldest.segment.time[oldest.offset] ?? 0
  const right = Math.min(xOf(layout, view, time), layout.left + layout.plotWidth)
  hatch(canvas, scene, layout.lanesTop, layout.height - layout.lanesTop, right)
  const { top, height } = layout.overview
  hatch(canvas, scene, top, height, xOf(layout, { from: 0, to: whole }, time))
  const said = plural(columns.first, 'event')
  const room = right - layout.left - 16
  const text = room < 40 ? '' : fitting(canvas, [`${said} dropped`, 'dropped'], room)
  if (text === '') return
  const width = canvas.measureText(text).width + 12
  canvas.fillStyle = theme.bg
  canvas.fillRect(right - width - 2, layout.lanesTop + 2, width, 16)
  canvas.fillStyle = theme.warn
  canvas.fillText(text, right - width + 4, layout.lanesTop + 14)
}

function hatch(canvas: Canvas, { layout, theme }: Scene, top: number, height: number, right: number): void {
  const width = right - layout.left
  if (width <= 0) return
  canvas.save()
  canvas.beginPath()
  canvas.rect(layout.left, top, width, height)
  canvas.clip()
  canvas.fillStyle = theme.bg
  canvas.globalAlpha = 0.6
  canvas.fillRect(layout.left, top, width, height)
  canvas.globalAlpha = theme.highContrast ? 0.8 : 0.35
  canvas.strokeStyle = theme.warn
  canvas.lineWidth = 1
  canvas.beginPath()
  for (let x = layout.left - height; x < right; x += HATCH) {
    canvas.moveTo(x, top + height)
    canvas.lineTo(x + height, top)
  }
  canvas.stroke()
  canvas.restore()
}
