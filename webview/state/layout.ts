/** How the user has arranged the page. Kept when the page is loaded again. */
import { type Signal, signal } from '@preact/signals'
import type { PagePort } from '../host/host.ts'
import { parseWidths, type Widths } from './list-columns.ts'
import { TIME_MODE_IDS, type TimeMode } from './time-column.ts'

/** The tabs of the details, in their order. */
export const TABS = ['payload', 'watch', 'hex', 'headers', 'timing'] as const
export type Tab = (typeof TABS)[number]

export interface Layout {
  /** Share of the width for details beside the list, 0 to 1. */
  readonly beside: number
  /** Share of the height for details below the list, 0 to 1. */
  readonly below: number
  readonly tab: Tab
  /** JSON as a tree, or as text. */
  readonly json: 'tree' | 'text'
  /** Whether long lines of text are wrapped. */
  readonly wrap: boolean
  /** Widths of the list's columns. */
  readonly columns: Widths
  /** What the list's time column counts from. */
  readonly time: TimeMode
}

export const DEFAULT_LAYOUT: Layout = {
  beside: 0.34,
  below: 0.42,
  tab: 'payload',
  json: 'tree',
  wrap: true,
  columns: {},
  time: 'session',
}

function share(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value >= 0.1 && value <= 0.9 ? value : otherwise
}

/** The layout kept earlier, with defaults in place of invalid values. */
export function parseLayout(state: unknown): Layout {
  if (typeof state !== 'object' || state === null) return DEFAULT_LAYOUT
  const { beside, below, tab, json, wrap, columns, time } = state as Readonly<Record<string, unknown>>
  return {
    beside: share(beside, DEFAULT_LAYOUT.beside),
    below: share(below, DEFAULT_LAYOUT.below),
    tab: TABS.find((known) => known === tab) ?? DEFAULT_LAYOUT.tab,
    json: json === 'text' ? 'text' : DEFAULT_LAYOUT.json,
    wrap: typeof wrap === 'boolean' ? wrap : DEFAULT_LAYOUT.wrap,
    columns: parseWidths(columns),
    time: TIME_MODE_IDS.find((known) => known === time) ?? DEFAULT_LAYOUT.time,
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
