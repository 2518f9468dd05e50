/** What the bar under a player spans, in seconds. */
export interface Track {
  /** What is no longer kept lies before it. */
  readonly from: number
  /** What has been downloaded ends here. */
  readonly loaded: number
  /** The end of the stream where it says so itself, else of what has been downloaded. */
  readonly end: number
}

/** `duration` is as a media element has it: infinite or NaN where it is not known. */
export function trackOf(buffered: readonly (readonly [number, number])[], duration: number): Track {
  const from = buffered[0]?.[0] ?? 0
  const loaded = buffered.at(-1)?.[1] ?? 0
  return { from, loaded, end: Number.isFinite(duration) ? Math.max(loaded, duration) : loaded }
}

/** A position in a stream, given in seconds, as players say it: `0:07`, `12:30`, `1:02:03`. */
export function formatClockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0))
  const two = (value: number) => String(value).padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`
}
