/** The times that the seek bar of a player shows, in seconds. */
export interface Track {
  /** Earlier parts have been removed. */
  readonly from: number
  /** End of the downloaded part. */
  readonly loaded: number
  /** End of the stream if it is known, else of the downloaded part. */
  readonly end: number
}

/** `duration` is that of a media element: infinite or NaN if unknown. */
export function trackOf(buffered: readonly (readonly [number, number])[], duration: number): Track {
  const from = buffered[0]?.[0] ?? 0
  const loaded = buffered.at(-1)?.[1] ?? 0
  return { from, loaded, end: Number.isFinite(duration) ? Math.max(loaded, duration) : loaded }
}

/** A position in seconds as players show it: `0:07`, `12:30`, `1:02:03`. */
export function formatClockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0))
  const two = (value: number) => String(value).padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`
}
