/** What wheel, pointer and keys do to the timeline. */
import { hit, type Layout, timeAt, xOf } from './layout.ts'
import type { TimelineStore } from './store.ts'
import * as views from './view.ts'

/** What gestures need to know of the painting they happen on. */
export interface Stage {
  readonly layout: Layout
  readonly view: views.View
  readonly whole: number
  readonly now: number
  /** Time that a replay has reached; `now` too, where a recording is shown that can be played. */
  readonly playhead?: number | undefined
}

export interface GestureTarget {
  readonly store: TimelineStore
  stage(): Stage
  /** A click on a lane: select the event nearest to the time. */
  pick(connection: number, time: number): void
  /** Goes to a time of a recording; undefined where there is none. */
  readonly seek: ((time: number) => void) | undefined
  /** A click on a lane's name. */
  choose(connection: number): void
}

/** Pixels from the playhead in the overview at which it is taken hold of. */
const PLAYHEAD_REACH = 6
/** Pixels a pointer moves before a press is a drag. */
const SLACK = 4
const KEY_ZOOM = 1.5
const KEY_PAN = 0.15
/** Zoom per pixel of wheel movement; a notch of about 100 px is a third. */
const WHEEL_ZOOM = 0.0028
const PINCH_ZOOM = 0.012

type Drag =
  | { readonly kind: 'range' | 'brush'; readonly start: number; readonly x: number }
  | { readonly kind: 'pan' | 'move-brush'; x: number }
  | {
      readonly kind: 'seek'
      readonly span: { readonly from: number; readonly to: number }
      readonly follows: boolean
      readonly x: number
    }

export class Gestures {
  readonly #target: GestureTarget
  #drag: Drag | undefined
  #moved = false

  constructor(target: GestureTarget) {
    this.#target = target
  }

  wheel(event: WheelEvent, x: number): void {
    event.preventDefault()
    const { store, stage } = this.#target
    const { layout, view, now } = stage()
    const perPixel = (view.to - view.from) / layout.plotWidth
    if (!event.ctrlKey && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) {
      store.move((current) => views.pan(current, (event.deltaX || event.deltaY) * perPixel, now), now)
      return
    }
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 33 : event.deltaY
    const factor = Math.exp(-pixels * (event.ctrlKey ? PINCH_ZOOM : WHEEL_ZOOM))
    store.move((current) => views.zoom(current, factor, timeAt(layout, view, x), now), now)
  }

  /** A press; true where the pointer is to be captured. */
  press(event: PointerEvent, x: number, y: number): boolean {
    const { layout, view, whole } = this.#target.stage()
    const spot = hit(layout, view, whole, x, y)
    this.#moved = false
    if (spot === undefined || spot.area === 'name') {
      if (spot?.area === 'name') this.#target.choose(spot.lane.connection)
      return false
    }
    const seekable = this.#seekable(spot.area, x)
    if (seekable !== undefined) {
      const { store, seek } = this.#target
      this.#drag = { kind: 'seek', span: seekable, follows: store.view.value.live, x }
      // A view that follows the playhead would run away from the pointer.
      if (view.live) store.move((current) => ({ ...current, live: false }), this.#target.stage().now)
      seek?.(timeAt(layout, seekable, x))
      return true
    }
    if (spot.area === 'overview') {
      const isInside = spot.time >= view.from && spot.time <= view.to && view.to - view.from < whole * 0.9
      this.#drag = isInside ? { kind: 'move-brush', x } : { kind: 'brush', start: spot.time, x }
    } else if (event.button === 1 || event.shiftKey) this.#drag = { kind: 'pan', x }
    else this.#drag = { kind: 'range', start: spot.time, x }
    return true
  }

  /** The time axis to seek on from a point: the axis, or the playhead in the overview. */
  #seekable(area: string, x: number): { readonly from: number; readonly to: number } | undefined {
    const { layout, view, whole, playhead } = this.#target.stage()
    if (this.#target.seek === undefined) return undefined
    if (area === 'axis') return { from: view.from, to: view.to }
    if (area !== 'overview' || playhead === undefined) return undefined
    const span = { from: 0, to: whole }
    return Math.abs(xOf(layout, span, playhead) - x) <= PLAYHEAD_REACH ? span : undefined
  }

  drag(x: number): void {
    const drag = this.#drag
    if (drag === undefined) return
    if (!this.#moved && Math.abs(x - drag.x) < SLACK) return
    this.#moved = true
    const { store, stage } = this.#target
    const { layout, view, whole, now } = stage()
    const overview = { from: 0, to: whole }
    switch (drag.kind) {
      case 'range': {
        const end = Math.max(0, timeAt(layout, view, x))
        store.range.value = { from: Math.min(drag.start, end), to: Math.max(drag.start, end) }
        return
      }
      case 'seek':
        this.#target.seek?.(timeAt(layout, drag.span, x))
        return
      case 'brush':
        store.move(() => views.show(drag.start, Math.max(0, timeAt(layout, overview, x)), now), now)
        return
      case 'move-brush':
      case 'pan': {
        const span = drag.kind === 'pan' ? view : overview
        const delta = timeAt(layout, span, x) - timeAt(layout, span, drag.x)
        drag.x = x
        store.move((current) => views.pan(current, drag.kind === 'pan' ? -delta : delta, now), now)
      }
    }
  }

  release(x: number, y: number): void {
    const drag = this.#drag
    this.#drag = undefined
    const { store, stage, pick } = this.#target
    const { layout, view, whole, now } = stage()
    if (drag?.kind === 'seek' && drag.follows) store.move(views.goLive, now)
    if (drag === undefined || drag.kind === 'seek' || this.#moved) return
    const spot = hit(layout, view, whole, x, y)
    if (spot?.area === 'overview') {
      const half = (view.to - view.from) / 2
      store.move(() => views.show(spot.time - half, spot.time + half, now), now)
    } else {
      store.range.value = undefined
      if (spot?.area === 'lane') pick(spot.lane.connection, spot.time)
    }
  }

  /** True where the key meant something. */
  key(key: string): boolean {
    const { store, stage } = this.#target
    const { view, now } = stage()
    const middle = (view.from + view.to) / 2
    const step = (view.to - view.from) * KEY_PAN
    const movement = {
      ArrowLeft: () => views.pan(view, -step, now),
      ArrowRight: () => views.pan(view, step, now),
      ArrowUp: () => views.zoom(view, KEY_ZOOM, middle, now),
      '+': () => views.zoom(view, KEY_ZOOM, middle, now),
      ArrowDown: () => views.zoom(view, 1 / KEY_ZOOM, middle, now),
      '-': () => views.zoom(view, 1 / KEY_ZOOM, middle, now),
      '0': () => views.showAll(now),
      Home: () => views.show(0, view.to - view.from, now),
      End: () => views.goLive(view, now),
    }[key]
    if (movement !== undefined) store.move(movement, now)
    else if (key === 'r') store.range.value = { from: view.from, to: view.to }
    else if (key === 'Escape' && store.range.value !== undefined) store.range.value = undefined
    else return false
    return true
  }
}
