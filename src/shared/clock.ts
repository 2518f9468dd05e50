/** The clock of a session: a wall-clock start, and monotonic milliseconds since then. */
export interface Clock {
  readonly startedAt: Date
  /** Milliseconds since `startedAt`, monotonic, with fractions. */
  now(): number
}

/** Starts a clock now. */
export function startClock(): Clock {
  const startedAt = new Date()
  const origin = performance.now()
  return { startedAt, now: () => performance.now() - origin }
}

/** A date in ISO 8601; undefined if it is not known, which is an invalid date. */
export function isoDate(date: Date): string | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
