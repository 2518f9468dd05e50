/** Paints the strip of findings: a mark for each, and a line through the lanes for the one that is marked. */
import * as l10n from '@vscode/l10n'
import type { Severity } from '../../../src/shared/finding.ts'
import type { Canvas } from '../canvas/canvas.ts'
import type { Role, Scene } from '../canvas/scene.ts'
import { block, line, trace } from '../canvas/shapes.ts'
import type { PlacedMark } from '../layout/finding-marks.ts'
import { type Layout, xOf } from '../layout/layout.ts'

const NAME_LEFT = 16
const TITLE = l10n.t('Findings')

export const SEVERITY_ROLES: Readonly<Record<Severity, Role>> = {
  error: 'error',
  warning: 'warn',
  info: 'info',
}

/** Half the width of a mark, and of the line under it. */
const HALF = 5.5
const UNDERLINE = { half: 6, height: 2, gap: 1 }
/** Connections whose colors share the line under a mark. */
const MOST_COLORS = 3

export function drawFindings(canvas: Canvas, scene: Scene): void {
  const { layout, theme, findings } = scene
  const { top, height } = layout.strip
  if (height === 0) return
  canvas.fillStyle = theme.dim
  canvas.fillText(TITLE, NAME_LEFT, top + 13)
  block(canvas, theme.line, [layout.left, top + height - 1, layout.plotWidth, 1])
  if (findings.marked !== undefined) drawMarked(canvas, scene, findings.marked)
  for (const mark of findings.placed) drawMark(canvas, scene, mark)
}

/** The background of a mark, the time of its finding on the strip and in the lane of its connection, and a line down through the lanes. */
function drawMarked(canvas: Canvas, scene: Scene, { x, severity }: PlacedMark): void {
  const { layout, view, theme, findings } = scene
  const { top, height } = layout.strip
  const color = theme[SEVERITY_ROLES[severity]]
  block(canvas, color, [x - HALF - 3, top + 1, 2 * HALF + 6, height - 4], theme.highContrast ? 0.45 : 0.25)
  const { from, to, connection } = findings.finding?.finding ?? {}
  if (from !== undefined && to !== undefined) {
    const left = Math.max(layout.left, xOf(layout, view, from))
    const right = Math.min(layout.left + layout.plotWidth, xOf(layout, view, to))
    if (right > left) {
      block(canvas, color, [left, top + height - 3, right - left, 2], 0.6)
      const lane = laneOf(layout, connection)
      if (lane !== undefined) block(canvas, color, [left, lane.top, right - left, lane.height], 0.07)
    }
  }
  const at = Math.round(x) + 0.5
  line(canvas, color, 1, [
    [at, top + height],
    [at, layout.height],
  ])
}

/** The lane of a connection, as far as it is in view. */
function laneOf({ lanes, lanesTop, height }: Layout, connection: number | undefined) {
  if (connection === undefined) return undefined
  const box = lanes.find((each) => each.connection === connection || each.shared?.includes(connection))
  if (box === undefined) return undefined
  const top = Math.max(lanesTop, box.top)
  return { top, height: Math.min(height, box.top + box.height) - top }
}

function drawMark(canvas: Canvas, scene: Scene, { x, findings, severity }: PlacedMark): void {
  const { layout, theme } = scene
  const { top, height } = layout.strip
  const middle = top + 8
  canvas.strokeStyle = theme[SEVERITY_ROLES[severity]]
  canvas.lineWidth = theme.highContrast ? 1.5 : 1.2
  SIGNS[severity](canvas, x, middle)
  if (findings.length > 1) {
    canvas.fillStyle = theme.fg
    canvas.fillText(String(findings.length), x + HALF + 2, middle + 4)
  }
  const colors = [...new Set(findings.map(({ finding }) => colorOf(scene, finding.connection)))]
  const shown = colors.slice(0, MOST_COLORS)
  const width = (2 * UNDERLINE.half) / shown.length
  for (const [at, color] of shown.entries())
    block(canvas, theme[color], [
      x - UNDERLINE.half + at * width,
      top + height - UNDERLINE.height - UNDERLINE.gap - 1,
      width,
      UNDERLINE.height,
    ])
}

function colorOf(scene: Scene, connection: number | undefined): Role {
  return connection === undefined ? 'dim' : scene.head(connection).color
}

/** The outline of each severity around a point, with its sign. */
const SIGNS: Readonly<Record<Severity, (canvas: Canvas, x: number, y: number) => void>> = {
  error: (canvas, x, y) => {
    ring(canvas, x, y)
    canvas.moveTo(x - 2, y - 2)
    canvas.lineTo(x + 2, y + 2)
    canvas.moveTo(x + 2, y - 2)
    canvas.lineTo(x - 2, y + 2)
    canvas.stroke()
  },
  warning: (canvas, x, y) => {
    trace(canvas, [
      [x, y - HALF],
      [x + HALF + 0.5, y + HALF - 0.5],
      [x - HALF - 0.5, y + HALF - 0.5],
      [x, y - HALF],
    ])
    canvas.moveTo(x, y - 1.5)
    canvas.lineTo(x, y + 1.5)
    canvas.moveTo(x, y + 2.6)
    canvas.lineTo(x, y + 3.6)
    canvas.stroke()
  },
  info: (canvas, x, y) => {
    ring(canvas, x, y)
    canvas.moveTo(x, y - 0.8)
    canvas.lineTo(x, y + 3)
    canvas.moveTo(x, y - 3)
    canvas.lineTo(x, y - 2)
    canvas.stroke()
  },
}

/** Begins a path with a circle. */
function ring(canvas: Canvas, x: number, y: number): void {
  canvas.beginPath()
  canvas.moveTo(x + HALF, y)
  canvas.arc(x, y, HALF, 0, 2 * Math.PI)
}
