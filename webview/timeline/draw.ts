/** Paints a scene, one layer over the other. To add a layer, write it in `layers` and call it here. */

import { gridOf, offsetOf, TICK } from '../state/timeline/densities.ts'
import type { Canvas } from './canvas/canvas.ts'
import type { Scene } from './canvas/scene.ts'
import { clipped } from './canvas/shapes.ts'
import { drawAxis } from './layers/axis.ts'
import { drawCursor, drawPlayhead, drawRange } from './layers/cursors.ts'
import { drawDropped } from './layers/dropped.ts'
import { drawExpectations } from './layers/expectations.ts'
import { drawFaults } from './layers/faults.ts'
import { drawFindings } from './layers/findings.ts'
import { drawLane } from './layers/lane.ts'
import { drawNotes } from './layers/notes.ts'
import { drawOverview } from './layers/overview.ts'

/** Paints the whole timeline; the context is scaled so that units are CSS pixels. */
export function draw(canvas: Canvas, scene: Scene): void {
  const { layout, theme } = scene
  canvas.clearRect(0, 0, layout.width, layout.height)
  canvas.font = `11px ${theme.font}`
  canvas.textBaseline = 'alphabetic'
  drawAxis(canvas, scene)
  const grid = gridOf(scene.view, layout.plotWidth / TICK)
  const connections = layout.lanes.map(({ connection }) => connection)
  const densities = scene.densities.update(grid, scene.model, scene.columns, connections)
  const offset = offsetOf(grid, scene.view)
  clipped(canvas, [0, layout.lanesTop, layout.width, layout.height - layout.lanesTop], () => {
    for (const lane of layout.lanes) {
      const density = densities.get(lane.connection)
      drawLane(canvas, scene, lane, density && { density, left: layout.left + offset, grid })
    }
    drawFaults(canvas, scene)
    drawExpectations(canvas, scene)
  })
  drawOverview(canvas, scene)
  drawDropped(canvas, scene)
  drawNotes(canvas, scene)
  drawFindings(canvas, scene)
  drawRange(canvas, scene)
  drawCursor(canvas, scene)
  drawPlayhead(canvas, scene)
}
