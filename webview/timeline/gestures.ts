/** Wheel, pointers and keys on the timeline. */
import type { TimeRange } from '../../src/shared/protocol/filtering.ts'
import type { Span } from '../state/timeline/density.ts'
import type { TimelineStore } from '../state/timeline/timeline.ts'
import * as views from '../state/timeline/view.ts'
import { brushOf, hit, type Layout, timeAt, xOf } from './layout/layout.ts'

/** The painting that gestures happen on. */
export interface Stage {
  readonly layout: Layout
  readonly view: views.View
  /** The session from its first kept event, which the overview shows. */
  readonly whole: Span
  readonly now: number
  /** Time of a replay's position. For a recording that is not played, `now`. Undefined for a live session. */
  readonly playhead?: number | undefined
}

export interface GestureTarget {
  readonly store: TimelineStore
  stage(): Stage
  /** Called on a click on the lanes or the axis, to select what is there. */
  pick(x: number, y: number): void
  /** Whether the flag of a note or the mark of a finding is at a point. */
  isMark(x: number, y: number): boolean
  /** Goes to a time of a recording. Undefined for a live session. */
  readonly seek: ((time: number) => void) | undefined
  /** Called on a click on a lane's name. */
  choose(connection: number): void
  /** Called on a click on the mark that folds the requests of a lane. */
  fold(connection: number): void
}

/** Distance in pixels at which a press grabs the playhead in the overview. */
const PLAYHEAD_REACH = 6
/** Distance in pixels at which a press grabs an edge of the brush. */
const EDGE_REACH = 5
/** Pixels that a pointer moves before a press becomes a drag. */
const SLACK = 4
const KEY_ZOOM = 1.5
const KEY_PAN = 0.15
/** Zoom per pixel of wheel movement. A notch of about 100 px zooms by a third. */
const WHEEL_ZOOM = 0.0028
const PINCH_ZOOM = 0.012

type Drag =
  | {
      readonly kind: 'range'
      readonly start: number
      readonly x: number
      readonly before: TimeRange | undefined
    }
  | { readonly kind: 'brush'; readonly start: number; readonly x: number }
  /** An edge of the brush. `other` is the time of the opposite edge. */
  | { readonly kind: 'edge'; readonly other: number; readonly follows: boolean; readonly x: number }
  | { readonly kind: 'pan' | 'move-brush'; x: number }
  /** Two fingers, each with the time at which it touched the screen. */
  | { readonly kind: 'pinch'; readonly fingers: readonly [Finger, Finger]; readonly x: number }
  | { readonly kind: 'mark'; readonly x: number }
  | {
      readonly kind: 'seek'
      readonly span: Span
      readonly follows: boolean
      readonly x: number
    }

interface Finger {
  readonly id: number
  readonly time: number
}

/** The relevant part of a pointer event. */
export interface Press {
  readonly button: number
  readonly shiftKey: boolean
  readonly pointerId: number
  readonly pointerType: string
}

/** The relevant part of a wheel event. */
export interface Turn {
  readonly deltaX: number
  readonly deltaY: number
  readonly deltaMode: number
  readonly ctrlKey: boolean
  readonly shiftKey: boolean
  preventDefault(): void
}

/** Whether an area can have marks, which are pressed and not dragged. */
function hasMarks(area: string | undefined): boolean {
  return area === 'axis' || area === 'findings'
}

/** `WheelEvent.DOM_DELTA_LINE`. */
const LINES = 1

export class Gestures {
  readonly #target: GestureTarget
  /** Positions of the fingers on a touch screen. */
  readonly #fingers = new Map<number, number>()
  #drag: Drag | undefined
  #moved = false

  constructor(target: GestureTarget) {
    this.#target = target
  }

  /** Over the names, the wheel scrolls the lanes. */
  wheel(event: Turn, x: number): void {
    const { store, stage } = this.#target
    const { layout, view, now } = stage()
    if (x < layout.left && !event.ctrlKey && layout.height < layout.whole) return
    event.preventDefault()
    const perPixel = (view.to - view.from) / layout.plotWidth
    if (!event.ctrlKey && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) {
      store.move((current) => views.pan(current, (event.deltaX || event.deltaY) * perPixel, now), now)
      return
    }
    const pixels = event.deltaMode === LINES ? event.deltaY * 33 : event.deltaY
    const factor = Math.exp(-pixels * (event.ctrlKey ? PINCH_ZOOM : WHEEL_ZOOM))
    store.move((current) => views.zoom(current, factor, timeAt(layout, view, x), now), now)
  }

  /** Handles a press. Returns whether to capture the pointer. */
  press(event: Press, x: number, y: number): boolean {
    if (event.button !== 0 && event.button !== 1) return false
    const { layout, view, whole } = this.#target.stage()
    const spot = hit(layout, view, whole, x, y)
    if (event.pointerType === 'touch' && this.#pinch(event.pointerId, x)) return true
    this.#moved = false
    if (spot === undefined || spot.area === 'name') {
      if (spot?.area === 'name' && event.button === 0 && spot.lane.shared === undefined)
        this.#target[spot.isFold ? 'fold' : 'choose'](spot.lane.connection)
      return false
    }
    if (spot.area === 'overview') this.#drag = this.#pressOverview(spot.time, x)
    else if (event.button === 1 || event.shiftKey) this.#drag = { kind: 'pan', x }
    else this.#drag = this.#pressLanes(spot.area, spot.time, x, y)
    return true
  }

  /** Cancels the drag. A range is restored. */
  cancel(): void {
    if (this.#drag?.kind === 'range') this.#target.store.range.value = this.#drag.before
    this.#drag = undefined
    this.#fingers.clear()
  }

  /** The cursor that shows what a press would do. */
  cursor(x: number, y: number): string {
    const { layout, view, whole } = this.#target.stage()
    const spot = hit(layout, view, whole, x, y)
    if (spot?.area === 'name' || (hasMarks(spot?.area) && this.#target.isMark(x, y))) return 'pointer'
    if (this.#drag?.kind === 'move-brush' || this.#drag?.kind === 'pan') return 'grabbing'
    if (spot === undefined || this.#drag?.kind === 'range') return 'crosshair'
    if (this.#seekable(spot.area, x) !== undefined) return 'ew-resize'
    if (spot.area !== 'overview') return 'crosshair'
    if (this.#drag?.kind === 'edge' || this.#edgeAt(x) !== undefined) return 'ew-resize'
    return this.#isInBrush(spot.time) ? 'grab' : 'crosshair'
  }

  #pressLanes(area: string, time: number, x: number, y: number): Drag {
    const { store } = this.#target
    if (hasMarks(area) && this.#target.isMark(x, y)) return { kind: 'mark', x }
    return this.#seek(area, x) ?? { kind: 'range', start: time, x, before: store.range.value }
  }

  #pressOverview(time: number, x: number): Drag {
    const seek = this.#seek('overview', x)
    if (seek !== undefined) return seek
    const { view } = this.#target.stage()
    const edge = this.#edgeAt(x)
    if (edge === 'from') return { kind: 'edge', other: view.to, follows: view.live, x }
    if (edge === 'to') return { kind: 'edge', other: view.from, follows: false, x }
    return this.#isInBrush(time) ? { kind: 'move-brush', x } : { kind: 'brush', start: time, x }
  }

  #isInBrush(time: number): boolean {
    const { view, whole } = this.#target.stage()
    return time >= view.from && time <= view.to && view.to - view.from < (whole.to - whole.from) * 0.9
  }

  /** The edge of the brush at a point of the overview. */
  #edgeAt(x: number): 'from' | 'to' | undefined {
    const { layout, view, whole } = this.#target.stage()
    const { left, width } = brushOf(layout, view, whole)
    // The middle of a narrow brush still moves it.
    const inner = Math.min(EDGE_REACH, width / 4)
    if (x >= left - EDGE_REACH && x <= left + inner) return 'from'
    return x <= left + width + EDGE_REACH && x >= left + width - inner ? 'to' : undefined
  }

  /** Seeks to a point of a recording and starts a drag there. Undefined if a press does not seek. */
  #seek(area: string, x: number): Drag | undefined {
    const span = this.#seekable(area, x)
    if (span === undefined) return undefined
    const { store, seek, stage } = this.#target
    const { layout, view, now } = stage()
    const drag: Drag = { kind: 'seek', span, follows: store.view.value.live, x }
    // A view that follows the playhead would move under the pointer.
    if (view.live) store.move((current) => ({ ...current, live: false }), now)
    seek?.(timeAt(layout, span, x))
    return drag
  }

  /** Handles a second finger on the screen: both together now move and zoom. */
  #pinch(id: number, x: number): boolean {
    this.#fingers.set(id, x)
    const [first, second] = [...this.#fingers]
    if (first === undefined || second === undefined) return false
    if (this.#fingers.size > 2) return true
    if (this.#drag?.kind === 'range') this.#target.store.range.value = this.#drag.before
    const { layout, view } = this.#target.stage()
    const finger = ([id, x]: readonly [number, number]) => ({ id, time: timeAt(layout, view, x) })
    this.#drag = { kind: 'pinch', fingers: [finger(first), finger(second)], x }
    this.#moved = true
    return true
  }

  /** The time axis on which a press at a point seeks: the axis, or the overview at its playhead. */
  #seekable(area: string, x: number): Span | undefined {
    const { layout, view, whole, playhead } = this.#target.stage()
    if (this.#target.seek === undefined) return undefined
    if (area === 'axis') return { from: view.from, to: view.to }
    if (area !== 'overview' || playhead === undefined) return undefined
    return Math.abs(xOf(layout, whole, playhead) - x) <= PLAYHEAD_REACH ? whole : undefined
  }

  drag({ pointerId }: Pick<Press, 'pointerId'>, x: number): void {
    if (this.#fingers.has(pointerId)) this.#fingers.set(pointerId, x)
    const drag = this.#drag
    if (drag === undefined) return
    if (!this.#moved && Math.abs(x - drag.x) < SLACK) return
    this.#moved = true
    const { store, stage } = this.#target
    const { layout, view, whole: overview, now } = stage()
    switch (drag.kind) {
      case 'mark':
        return
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
      case 'edge': {
        const time = Math.max(0, timeAt(layout, overview, x))
        store.move(
          () => (drag.follows ? views.followFrom(time, now) : views.show(drag.other, time, now)),
          now,
        )
        return
      }
      case 'pinch': {
        const [a, b] = drag.fingers.map(({ id, time }) => ({ x: this.#fingers.get(id) ?? x, time }))
        if (a === undefined || b === undefined) return
        store.move(() => views.stretch(layout, a, b, now), now)
        return
      }
      case 'move-brush':
      case 'pan': {
        const span = drag.kind === 'pan' ? view : overview
        const delta = timeAt(layout, span, x) - timeAt(layout, span, drag.x)
        drag.x = x
        store.move((current) => views.pan(current, drag.kind === 'pan' ? -delta : delta, now), now)
      }
    }
  }

  release({ pointerId }: Pick<Press, 'pointerId'>, x: number, y: number): void {
    this.#fingers.delete(pointerId)
    const drag = this.#drag
    this.#drag = undefined
    const { store, stage, pick } = this.#target
    const { layout, view, whole, now } = stage()
    if (drag?.kind === 'seek' && drag.follows) store.move(views.goLive, now)
    if (this.#moved) return
    switch (drag?.kind) {
      case 'brush':
      case 'move-brush': {
        const spot = hit(layout, view, whole, x, y)
        if (spot?.area !== 'overview') return
        const half = (view.to - view.from) / 2
        store.move(() => views.show(spot.time - half, spot.time + half, now), now)
        return
      }
      case 'range':
        store.range.value = undefined
        pick(x, y)
        return
      case 'mark':
        pick(x, y)
    }
  }

  /** Handles a key. Returns whether it does something. */
  key(key: string): boolean {
    const { store, stage } = this.#target
    const { view, now, whole } = stage()
    const middle = (view.from + view.to) / 2
    const step = (view.to - view.from) * KEY_PAN
    const movement = {
      ArrowLeft: () => views.pan(view, -step, now),
      ArrowRight: () => views.pan(view, step, now),
      ArrowUp: () => views.zoom(view, KEY_ZOOM, middle, now),
      '+': () => views.zoom(view, KEY_ZOOM, middle, now),
      // The same key as `+`, without Shift.
      '=': () => views.zoom(view, KEY_ZOOM, middle, now),
      ArrowDown: () => views.zoom(view, 1 / KEY_ZOOM, middle, now),
      '-': () => views.zoom(view, 1 / KEY_ZOOM, middle, now),
      '0': () => views.showAll(whole.to, whole.from),
      Home: () => views.show(whole.from, whole.from + view.to - view.from, now),
      End: () => views.goLive(view, now),
    }[key]
    if (movement !== undefined) store.move(movement, now)
    else if (key.toLowerCase() === 'r') store.range.value = { from: view.from, to: view.to }
    else if (key === 'Escape' && this.#drag !== undefined) this.cancel()
    else if (key === 'Escape' && store.range.value !== undefined) store.range.value = undefined
    else return false
    return true
  }
}
