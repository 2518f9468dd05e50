/** All that one painting of the timeline shows. */
import type { ColumnStore } from '../../state/events/column-store.ts'
import type { Densities } from '../../state/timeline/densities.ts'
import type { TimelineModel } from '../../state/timeline/model.ts'
import type { View } from '../../state/timeline/view.ts'
import type { Layout } from '../layout/layout.ts'

/** The roles of colour that are painted with. */
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
  /** Lines and outlines are drawn stronger. */
  readonly highContrast: boolean
}

export interface Scene {
  readonly layout: Layout
  readonly view: View
  /** End of the overview's time axis, ms. */
  readonly whole: number
  /** Session time now: where open states and held requests end. */
  readonly now: number
  readonly model: TimelineModel
  readonly columns: ColumnStore
  /** Kept from one painting to the next. */
  readonly densities: Densities
  readonly theme: Theme
  /** Name and state of a connection, for its lane's head. */
  readonly head: (connection: number) => { readonly title: string; readonly subtitle: string }
  /** What a lifecycle event says, where it is known by now. */
  readonly says: (event: number) => string | undefined
  readonly selected: { readonly time: number; readonly connection: number } | undefined
  /** A range of time being dragged or chosen. */
  readonly range: { readonly from: number; readonly to: number } | undefined
  /** Time that a replay has reached. */
  readonly playhead: number | undefined
  /** Time under the pointer. */
  readonly cursor: number | undefined
}
