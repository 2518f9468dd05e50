/** The state of the timeline: the model of the events, the view, and the selected time range. */
import { signal } from '@preact/signals'
import type { ColumnBatch } from '../../../src/shared/event-columns.ts'
import type { TimeRange } from '../../../src/shared/protocol/filtering.ts'
import type { ColumnStore } from '../events/column-store.ts'
import { Densities } from './densities.ts'
import type { Span } from './density.ts'
import { TimelineModel } from './model.ts'
import * as views from './view.ts'

/** Milliseconds of the session that are dropped at a time, so that dropping is rare. */
const FORGETTING = 10_000

export class TimelineStore {
  model = new TimelineModel()
  readonly densities = new Densities()
  readonly view = signal<views.View>(views.FIRST_VIEW)
  /** Selected by dragging. Narrows the list. */
  readonly range = signal<TimeRange | undefined>(undefined)
  /** Whether the view shows the whole session as it grows, until the user moves the view. */
  readonly fits = signal(false)
  /** Changes if there is something new to paint. */
  readonly version = signal(0)
  /** How many batches have arrived. The last one arrived at `lastBatch`, a time of the page's clock. */
  readonly batches = signal(0)
  lastBatch = Number.NEGATIVE_INFINITY
  #heldFrom = 0
  #without: ReadonlySet<number> = new Set()

  append(batch: ColumnBatch, eventName: (index: number) => string): void {
    this.model.append(batch, eventName)
    this.batches.value++
    this.lastBatch = performance.now()
  }

  /** Drops the details of events that are no longer held. Their totals stay. */
  forget(columns: ColumnStore): void {
    const time = columns.heldFrom
    if (time < this.#heldFrom + FORGETTING) return
    this.#heldFrom = time
    this.model.forget(time)
  }

  /** Builds the model again from the events that are held. */
  rebuild(columns: ColumnStore, eventName: (index: number) => string): void {
    this.#empty()
    columns.batches((batch) => this.model.append(batch, eventName))
  }

  /** Paints the timeline in the next frame. */
  touch(): void {
    this.version.value++
  }

  reset(): void {
    this.#empty()
    this.view.value = views.FIRST_VIEW
    this.range.value = undefined
  }

  /** Leaves out the events of connections, from the next `rebuild` on. */
  leaveOut(connections: ReadonlySet<number>): void {
    this.#without = connections
  }

  #empty(): void {
    this.model = new TimelineModel(this.#without)
    this.#heldFrom = 0
    this.touch()
  }

  /** Shows the whole session until the user moves the view. */
  fit(): void {
    this.fits.value = true
    this.view.value = { ...this.view.value, live: false }
  }

  /** The view at session time `now`. `whole` is the session from its first kept event. */
  viewAt(now: number, whole: Span = { from: 0, to: now }): views.View {
    return this.fits.value ? views.showAll(whole.to, whole.from) : views.follow(this.view.value, now)
  }

  /** Brings a time into view. */
  reveal(time: number, now: number): void {
    this.move((view) => views.reveal(view, time, now), now)
  }

  /** Applies a movement to the view. */
  move(movement: (view: views.View, now: number) => views.View, now: number): void {
    const before = this.viewAt(now)
    const after = movement(before, now)
    if (after === before) return
    this.fits.value = false
    this.view.value = after
  }
}
