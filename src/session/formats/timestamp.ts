/** When an event was, as a date. */

/** ISO 8601 of that many milliseconds after the start; undefined beyond the years that a date can tell. */
export function timestamp(startedAt: Date, time: number): string | undefined {
  const at = new Date(startedAt.getTime() + Math.floor(time))
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
