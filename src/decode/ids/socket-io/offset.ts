/** Offsets of Socket.IO, by which a client recovers what it missed. */

/** Digits of base 64, in their order. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_'
/** Of the adapter in memory: a time in ms in base 64, and a number if several begin at the same time. */
const OFFSET = /^([\w-]{7})(?:\.[\w-]+)?$/
/** Of the adapters for Redis streams and MongoDB. */
const OTHER_OFFSET = /^(?:\d{13}-\d+|[0-9a-f]{24})$/
/** 2015 to 2100. */
const EARLIEST = Date.UTC(2015)
const LATEST = Date.UTC(2100)

/** Whether the last argument of an event is its offset, as the adapters write it. */
export function isOffset(value: unknown): boolean {
  if (typeof value !== 'string') return false
  if (OTHER_OFFSET.test(value)) return true
  const digits = OFFSET.exec(value)?.[1]
  if (digits === undefined) return false
  let time = 0
  for (const digit of digits) time = time * DIGITS.length + DIGITS.indexOf(digit)
  return time >= EARLIEST && time <= LATEST
}
