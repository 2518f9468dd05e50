/** Paints over the time whose events were dropped. Only the amount of traffic is known for it. */
import * as l10n from '@vscode/l10n'
import { eventCount } from '../../format/count.ts'
import type { Canvas } from '../canvas/canvas.ts'
import type { Scene } from '../canvas/scene.ts'
import { block, clipped } from '../canvas/shapes.ts'
import { fitting } from '../canvas/text.ts'
import { xOf } from '../layout/layout.ts'

/** Distance between two lines of the hatching in pixels. */
const HATCH = 8

/** Hatches the lanes up to the oldest event kept. */
export function drawDropped(canvas: Canvas, scene: Scene): void {
  const { layout, view, columns, theme } = scene
  if (columns.first === 0) return
  const time = columns.heldFrom
  const right = Math.min(xOf(layout, view, time), layout.left + layout.plotWidth)
  hatch(canvas, scene, layout.lanesTop, layout.height - layout.lanesTop, right)
  const room = right - layout.left - 16
  const text =
    room < 40
      ? ''
      : fitting(canvas, [l10n.t('{0} dropped', eventCount(columns.first)), l10n.t('dropped')], room)
  if (text === '') return
  const width = canvas.measureText(text).width + 12
  block(canvas, theme.bg, [right - width - 2, layout.lanesTop + 2, width, 16])
  canvas.fillStyle = theme.warn
  canvas.fillText(text, right - width + 4, layout.lanesTop + 14)
}

function hatch(canvas: Canvas, { layout, theme }: Scene, top: number, height: number, right: number): void {
  const width = right - layout.left
  if (width <= 0) return
  const whole = [layout.left, top, width, height] as const
  clipped(canvas, whole, () => {
    block(canvas, theme.bg, whole, 0.6)
    canvas.globalAlpha = theme.highContrast ? 0.8 : 0.35
    canvas.strokeStyle = theme.warn
    canvas.lineWidth = 1
    canvas.beginPath()
    for (let x = layout.left - height; x < right; x += HATCH) {
      canvas.moveTo(x, top + height)
      canvas.lineTo(x + height, top)
    }
    canvas.stroke()
  })
}
