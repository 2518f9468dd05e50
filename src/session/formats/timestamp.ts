/** ISO 8601 for a session time in milliseconds. Undefined if it is outside the range of `Date`. */
export function timestamp(startedAt: Date, time: number): string | undefined {
  const at = new Date(startedAt.getTime() + Math.floor(time))
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
