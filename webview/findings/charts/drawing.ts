/** What a chart of a finding is drawn as, in pixels of its box. */
import type { ChartTone } from '../../../src/shared/finding-chart.ts'

export const CHART_WIDTH = 420

export interface ChartText {
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
  readonly text: string
  readonly tone: ChartTone
}

export interface ChartShape {
  /** The `d` of a path. */
  readonly path: string
  readonly tone: ChartTone
  readonly look: 'filled' | 'outlined' | 'dashed'
}

export interface ChartBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface ChartDrawing {
  readonly height: number
  /** The `d` of the quiet lines, and of the line that the marks stand on. */
  readonly grid: string
  readonly base: string
  /** Hatched. */
  readonly spans: readonly ChartBox[]
  readonly shapes: readonly ChartShape[]
  readonly texts: readonly ChartText[]
}
