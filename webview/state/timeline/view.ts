/** The time span that the timeline shows, and how it moves. All times are in milliseconds. */

export interface View {
  readonly from: number
  readonly to: number
  /** Whether the right edge stays at the current time. */
  readonly live: boolean
}

/** The shortest span that can be shown, unless the session is so long that its pixels would share a time. */
export const SHORTEST = 0.05
/** The shortest span as a share of the session: 12 of the 53 bits of a number are left for the pixels. */
const LEAST_SHARE = 2 ** -41

function shortest(now: number): number {
  return Math.max(SHORTEST, now * LEAST_SHARE)
}

const FIRST_SPAN = 10_000

/** The view of a new session: its first seconds, following the current time. */
export const FIRST_VIEW: View = { from: 0, to: FIRST_SPAN, live: true }

/** The view at session time `now`. A live view keeps its span and has its right edge there. */
export function follow(view: View, now: number): View {
  if (!view.live) return view
  const span = view.to - view.from
  const to = Math.max(span, now)
  return { from: to - span, to, live: true }
}

/** Zooms in (`factor` above 1) or out around a time that keeps its position. A live view keeps its right edge instead. */
export function zoom(view: View, factor: number, anchor: number, now: number): View {
  const span = Math.min(longest(now), Math.max(shortest(now), (view.to - view.from) / factor))
  if (view.live) return follow({ from: view.to - span, to: view.to, live: true }, now)
  const share = (anchor - view.from) / (view.to - view.from)
  return inside({ from: anchor - share * span, to: anchor + (1 - share) * span, live: false }, now)
}

function longest(now: number): number {
  return Math.max(FIRST_SPAN, now * 1.02)
}

/** Moves by `delta` milliseconds. Moving back stops following. Reaching the current time does not start it. */
export function pan(view: View, delta: number, now: number): View {
  return inside({ from: view.from + delta, to: view.to + delta, live: view.live && delta >= 0 }, now)
}

/** Shows the time between `from` and `to`, in any order. */
export function show(from: number, to: number, now: number): View {
  const [low, high] = from <= to ? [from, to] : [to, from]
  const middle = (low + high) / 2
  const half = Math.max(high - low, shortest(now)) / 2
  return inside({ from: middle - half, to: middle + half, live: false }, now)
}

/** Shows the whole session, from its first kept event. */
export function showAll(to: number, from = 0): View {
  return { from, to: Math.max(from + SHORTEST, to), live: false }
}

/** Follows the current time again, with the same span. */
export function goLive(view: View, now: number): View {
  return follow({ ...view, live: true }, now)
}

/** Shows everything from a time on, and follows the current time. */
export function followFrom(time: number, now: number): View {
  return follow({ from: Math.min(time, now - shortest(now)), to: now, live: true }, now)
}

/** A time, and the position that it is to have. */
export interface PinnedTime {
  readonly time: number
  readonly x: number
}

/** Moves two times to the positions of two fingers, on an axis that starts at `left`. */
export function stretch(
  { left, plotWidth }: { readonly left: number; readonly plotWidth: number },
  a: PinnedTime,
  b: PinnedTime,
  now: number,
): View {
  const pixels = b.x - a.x
  const perPixel = Math.abs(pixels) < 1 ? Number.POSITIVE_INFINITY : Math.abs((b.time - a.time) / pixels)
  const span = Math.min(longest(now), Math.max(shortest(now), perPixel * plotWidth))
  const middle = (a.time + b.time) / 2
  const share = ((a.x + b.x) / 2 - left) / plotWidth
  return inside({ from: middle - share * span, to: middle + (1 - share) * span, live: false }, now)
}

/** A view that contains `time`: the same view if it does, else one with the time in its middle. */
export function reveal(view: View, time: number, now: number): View {
  if (time >= view.from && time <= view.to) return view
  const half = (view.to - view.from) / 2
  return inside({ from: time - half, to: time + half, live: false }, now)
}

/** Keeps the time from 0 to now in view as far as the span allows. */
function inside(view: View, now: number): View {
  const span = view.to - view.from
  const from = Math.max(0, Math.min(view.from, Math.max(0, now - span * 0.5)))
  return { from, to: from + span, live: view.live }
}
