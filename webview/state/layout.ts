/** How the user has arranged the page. Kept when the page is loaded again. */
import { type Signal, signal } from '@preact/signals'
import type { PagePort } from '../host/host.ts'
import { type Chosen, parseChosen, parsePaths, parseWidths, type Widths } from './list/widths.ts'
import { TIME_MODE_IDS, type TimeMode } from './time-column.ts'

/** In the order in which a button changes them. */
export const HEARTBEATS = ['shown', 'dimmed', 'hidden'] as const
export type Heartbeats = (typeof HEARTBEATS)[number]

export interface Layout {
  /** Share of the width for details beside the list, 0 to 1. */
  readonly beside: number
  /** Share of the height for details below the list, 0 to 1. */
  readonly below: number
  /** Whether the details of a selected event are shown. */
  readonly details: boolean
  /** The id of a tab of the details. */
  readonly tab: string
  /** JSON as a tree, or as text. */
  readonly json: 'tree' | 'text'
  /** What the list does with messages that only keep a connection alive. */
  readonly heartbeats: Heartbeats
  /** Whether long lines of text are wrapped. */
  readonly wrap: boolean
  /** Widths of the list's columns. */
  readonly columns: Widths
  /** Columns that the user has chosen to show or to hide. */
  readonly chosen: Chosen
  /** JSONPaths of the columns of values. */
  readonly paths: readonly string[]
  /** What the list's time column counts from. */
  readonly time: TimeMode
  /** Whether only the overview of the timeline is shown. */
  readonly folded: boolean
  /** Height of the timeline in pixels. Null for that of its lanes. */
  readonly timeline: number | null
}

export const DEFAULT_LAYOUT: Layout = {
  beside: 0.34,
  below: 0.42,
  details: true,
  tab: 'payload',
  json: 'tree',
  heartbeats: 'dimmed',
  wrap: true,
  columns: {},
  chosen: {},
  paths: [],
  time: 'session',
  folded: false,
  timeline: null,
}

function share(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value >= 0.1 && value <= 0.9 ? value : otherwise
}

/** The layout kept earlier, with defaults in place of invalid values. */
export function parseLayout(state: unknown): Layout {
  if (typeof state !== 'object' || state === null) return DEFAULT_LAYOUT
  const {
    beside,
    below,
    details,
    tab,
    json,
    heartbeats,
    wrap,
    columns,
    chosen,
    paths,
    time,
    folded,
    timeline,
  } = state as Readonly<Record<string, unknown>>
  return {
    beside: share(beside, DEFAULT_LAYOUT.beside),
    below: share(below, DEFAULT_LAYOUT.below),
    details: typeof details === 'boolean' ? details : DEFAULT_LAYOUT.details,
    tab: typeof tab === 'string' ? tab : DEFAULT_LAYOUT.tab,
    json: json === 'text' ? 'text' : DEFAULT_LAYOUT.json,
    heartbeats: HEARTBEATS.find((known) => known === heartbeats) ?? DEFAULT_LAYOUT.heartbeats,
    wrap: typeof wrap === 'boolean' ? wrap : DEFAULT_LAYOUT.wrap,
    columns: parseWidths(columns),
    chosen: parseChosen(chosen),
    paths: parsePaths(paths),
    time: TIME_MODE_IDS.find((known) => known === time) ?? DEFAULT_LAYOUT.time,
    folded: folded === true,
    timeline: typeof timeline === 'number' && timeline >= 60 && timeline <= 4000 ? timeline : null,
  }
}

export class LayoutStore {
  readonly current: Signal<Layout>
  readonly #port: Pick<PagePort, 'loadState' | 'saveState'>

  constructor(port: Pick<PagePort, 'loadState' | 'saveState'>) {
    this.#port = port
    this.current = signal(parseLayout(port.loadState()))
    // Overwrites the state of older versions, which had messages in it.
    port.saveState(this.current.value)
  }

  change(part: Partial<Layout>): void {
    this.current.value = { ...this.current.value, ...part }
    this.#port.saveState(this.current.value)
  }
}
