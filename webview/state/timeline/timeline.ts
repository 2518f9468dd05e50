/** The timeline's state: the model of what came, the view of it, and a chosen range of time. */
import { signal } from '@preact/signals'
import type { ColumnBatch } from '../../../src/shared/columns.ts'
import type { TimeRange } from '../../../src/shared/protocol/filtering.ts'
import type { ColumnStore } from '../events/column-store.ts'
import { Densities } from './densities.ts'
import { TimelineModel } from './model.ts'
import * as views from './view.ts'

/** Milliseconds of the session that are forgotten at once: a little, seldom. */
const FORGETTING = 10_000

export class TimelineStore {
  model = new TimelineModel()
  readonly densities = new Densities()
  readonly view = signal<views.View>(views.FIRST_VIEW)
  /** Chosen by dragging; narrows the list. */
  readonly range = signal<TimeRange | undefined>(undefined)
  /** Whether the view takes in the whole session, however it grows, until it is moved. */
  readonly fits = signal(false)
  /** Changes when there is something new to paint. */
  readonly version = signal(0)
  /** How many batches have come, and when the last one did, on the page's own clock. */
  readonly batches = signal(0)
  lastBatch = Number.NEGATIVE_INFINITY
  #heldFrom = 0

  append(batch: ColumnBatch, eventName: (index: number) => string): void {
    this.model.append(batch, eventName)
    this.batches.value++
    this.lastBatch = performance.now()
  }

  /** Forgets what is not held any more but for how it was from afar. */
  forget(columns: ColumnStore): void {
    const oldest = columns.first === 0 ? undefined : columns.at(columns.first)
    const time = oldest?.segment.time[oldest.offset] ?? 0
    if (time < this.#heldFrom + FORGETTING) return
    this.#heldFrom = time
    this.model.forget(time)
  }

  /** Takes in anew what is held: some of it is gone. */
  rebuild(columns: ColumnStore, eventName: (index: number) => string): void {
    this.model = new TimelineModel()
    this.#heldFrom = 0
    columns.batches((batch) => this.model.append(batch, eventName))
    this.touch()
  }

  /** Has the timeline painted in the next frame. */
  touch(): void {
    this.version.value++
  }

  reset(): void {
    this.model = new TimelineModel()
    this.#heldFrom = 0
    this.view.value = views.FIRST_VIEW
    this.range.value = undefined
    this.touch()
  }

  /** Has the view take in the whole session until it is moved. */
  fit(): void {
    this.fits.value = true
    this.view.value = { ...this.view.value, live: false }
  }

  /** The view at session time `now`, of a session that takes `whole` milliseconds. */
  viewAt(now: number, whole = now): views.View {
    return this.fits.value ? views.showAll(whole) : views.follow(this.view.value, now)
  }

  /** Applies one of the view's movements. */
  move(movement: (view: views.View, now: number) => views.View, now: number): void {
    const before = this.viewAt(now)
    const after = movement(before, now)
    if (after === before) return
    this.fits.value = false
    this.view.value = after
  }
}
