import * as v from 'valibot'

/** How many times as fast as recorded commands may be told to go; null does not wait. */
export const SPEED = v.nullable(v.pipe(v.number(), v.minValue(0.01), v.maxValue(10_000)))
