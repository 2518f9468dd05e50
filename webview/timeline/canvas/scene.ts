/** The data of one painting of the timeline. */
import type { LaneExchanges } from '../../../src/shared/protocol/exchanges.ts'
import type { LaneLatency } from '../../../src/shared/protocol/latency.ts'
import type { ColumnStore } from '../../state/events/column-store.ts'
import type { ExpectationMark } from '../../state/expectation-marks.ts'
import type { Densities } from '../../state/timeline/densities.ts'
import type { Span } from '../../state/timeline/density.ts'
import type { TimelineModel } from '../../state/timeline/model.ts'
import type { View } from '../../state/timeline/view.ts'
import type { MarkedFindings } from '../layout/finding-marks.ts'
import type { Layout } from '../layout/layout.ts'

/** The color roles that the canvas uses. */
export const ROLES = [
  'error',
  'warn',
  'info',
  'dim',
  'line',
  'fg',
  'bg',
  'accent',
  'c1',
  'c2',
  'c3',
  'c4',
  'c5',
] as const
export type Role = (typeof ROLES)[number]

export type Theme = Readonly<Record<Role, string>> & {
  readonly font: string
  /** Whether lines and outlines are stronger. */
  readonly highContrast: boolean
}

export interface LaneHead {
  readonly title: string
  /** Lines below the title, each with shorter texts after it. Where the lane is too low, the last ones are left out. */
  readonly lines: readonly (readonly string[])[]
  readonly color: Role
  /** The sub-protocol, if its messages are decoded. */
  readonly protocol?: string | undefined
}

export interface Scene {
  readonly layout: Layout
  readonly view: View
  /** What the overview shows: the session from its first kept event, in milliseconds. */
  readonly whole: Span
  /** The current session time, where open states and held requests end. */
  readonly now: number
  readonly model: TimelineModel
  readonly columns: ColumnStore
  /** Kept between paintings. */
  readonly densities: Densities
  readonly theme: Theme
  /** Name, state and color of a connection, for the head of its lane. */
  readonly head: (connection: number) => LaneHead
  /** What a connection asked and was answered around the view, as far as it is known. */
  readonly exchanges: (connection: number) => LaneExchanges | undefined
  /** How long its messages took to arrive, if they carry a time. */
  readonly latency: (connection: number) => LaneLatency | undefined
  /** The text of a lifecycle event, if it is known already. */
  readonly says: (event: number) => string | undefined
  readonly selected: { readonly time: number; readonly connection: number } | undefined
  /** Where what was expected came, or failed. */
  readonly expectations: readonly ExpectationMark[]
  readonly findings: MarkedFindings
  /** A time range that is being dragged, or is selected. */
  readonly range: { readonly from: number; readonly to: number } | undefined
  /** The time of a replay's position. */
  readonly playhead: number | undefined
  /** Time under the pointer. */
  readonly cursor: number | undefined
}
