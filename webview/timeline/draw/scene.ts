/** The data of one painting of the timeline. */
import type { ColumnStore } from '../../state/events/column-store.ts'
import type { Densities } from '../../state/timeline/densities.ts'
import type { TimelineModel } from '../../state/timeline/model.ts'
import type { View } from '../../state/timeline/view.ts'
import type { Layout } from '../layout/layout.ts'

/** The color roles that the canvas uses. */
export const ROLES = [
  'in',
  'out',
  'control',
  'error',
  'warn',
  'ok',
  'dim',
  'line',
  'fg',
  'bg',
  'accent',
] as const
export type Role = (typeof ROLES)[number]

export type Theme = Readonly<Record<Role, string>> & {
  readonly font: string
  /** Whether lines and outlines are stronger. */
  readonly highContrast: boolean
}

export interface Scene {
  readonly layout: Layout
  readonly view: View
  /** End of the overview's time axis in milliseconds. */
  readonly whole: number
  /** The current session time, where open states and held requests end. */
  readonly now: number
  readonly model: TimelineModel
  readonly columns: ColumnStore
  /** Kept between paintings. */
  readonly densities: Densities
  readonly theme: Theme
  /** Name and state of a connection, for the head of its lane. */
  readonly head: (connection: number) => { readonly title: string; readonly subtitle: string }
  /** The text of a lifecycle event, if it is known already. */
  readonly says: (event: number) => string | undefined
  readonly selected: { readonly time: number; readonly connection: number } | undefined
  /** A time range that is being dragged, or is selected. */
  readonly range: { readonly from: number; readonly to: number } | undefined
  /** The time of a replay's position. */
  readonly playhead: number | undefined
  /** Time under the pointer. */
  readonly cursor: number | undefined
}
