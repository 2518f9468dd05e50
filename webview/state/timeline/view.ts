/** The stretch of the session that the timeline shows, and how it moves. All times in milliseconds. */

export interface View {
  readonly from: number
  readonly to: number
  /** Whether the right edge follows now. */
  readonly live: boolean
}

/** Shortest stretch that can be shown of a session, unless that is so long that pixels of it have no time of their own. */
export const SHORTEST = 0.05
/** The share of a session that is its shortest stretch: of the 53 bits of a number, 12 are left for the pixels. */
const LEAST_SHARE = 2 ** -41

function shortest(now: number): number {
  return Math.max(SHORTEST, now * LEAST_SHARE)
}

const FIRST_SPAN = 10_000

/** What a new session shows: its first seconds, following now. */
export const FIRST_VIEW: View = { from: 0, to: FIRST_SPAN, live: true }

/** The view at session time `now`: one that follows has its right edge there, its span kept. */
export function follow(view: View, now: number): View {
  if (!view.live) return view
  const span = view.to - view.from
  const to = Math.max(span, now)
  return { from: to - span, to, live: true }
}

/** Zooms by `factor` (above 1: in) around a time that stays where it is; a live view keeps its right edge instead. */
export function zoom(view: View, factor: number, anchor: number, now: number): View {
  const span = Math.min(longest(now), Math.max(shortest(now), (view.to - view.from) / factor))
  if (view.live) return follow({ from: view.to - span, to: view.to, live: true }, now)
  const share = (anchor - view.from) / (view.to - view.from)
  return inside({ from: anchor - share * span, to: anchor + (1 - share) * span, live: false }, now)
}

function longest(now: number): number {
  return Math.max(FIRST_SPAN, now * 1.02)
}

/** Moves by `delta` milliseconds; moving back stops following, reaching now does not start it. */
export function pan(view: View, delta: number, now: number): View {
  return inside({ from: view.from + delta, to: view.to + delta, live: view.live && delta >= 0 }, now)
}

/** Shows [from, to], in whichever order they are given. */
export function show(from: number, to: number, now: number): View {
  const [low, high] = from <= to ? [from, to] : [to, from]
  const middle = (low + high) / 2
  const half = Math.max(high - low, shortest(now)) / 2
  return inside({ from: middle - half, to: middle + half, live: false }, now)
}

/** Shows the whole session. */
export function showAll(now: number): View {
  return { from: 0, to: Math.max(SHORTEST, now), live: false }
}

/** Follows now again, with the span there is. */
export function goLive(view: View, now: number): View {
  return follow({ ...view, live: true }, now)
}

/** Follows now, from a time on. */
export function followFrom(time: number, now: number): View {
  return follow({ from: Math.min(time, now - shortest(now)), to: now, live: true }, now)
}

/** A time, and where it is to stand. */
export interface PinnedTime {
  readonly time: number
  readonly x: number
}

/** Places two times where two fingers hold them, on an axis from `left` on. */
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

/** The view with `time` in it: unchanged where it is, else with the time in its middle. */
export function reveal(view: View, time: number, now: number): View {
  if (time >= view.from && time <= view.to) return view
  const half = (view.to - view.from) / 2
  return inside({ from: time - half, to: time + half, live: false }, now)
}

/** Keeps the session's time from 0 to now in view as far as the span allows. */
function inside(view: View, now: number): View {
  const span = view.to - view.from
  const from = Math.max(0, Math.min(view.from, Math.max(0, now - span * 0.5)))
  return { from, to: from + span, live: view.live }
}
