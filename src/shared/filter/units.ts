/** Numbers with units, as filters write them. */

const SIZE = /^(\d+(?:\.\d+)?)(b|k|kb|kib|m|mb|mib|g|gb|gib)?$/i
const DURATION = /^(\d+(?:\.\d+)?)(us|µs|ms|s|m|h)?$/i
const CLOCK = /^(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)$/

const BYTES: Readonly<Record<string, number>> = {
  b: 1,
  k: 1000,
  kb: 1000,
  kib: 1024,
  m: 1e6,
  mb: 1e6,
  mib: 1024 ** 2,
  g: 1e9,
  gb: 1e9,
  gib: 1024 ** 3,
}

const MILLISECONDS: Readonly<Record<string, number>> = {
  us: 0.001,
  µs: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** Bytes from `200`, `1k`, `1.5 MB` without the space, `4KiB`; undefined where it is none. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit = 'b'] = SIZE.exec(text) ?? []
  const factor = BYTES[unit.toLowerCase()]
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor
}

/** Milliseconds from `500ms`, `1.5s`, `2m`; a bare number is milliseconds. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit = 'ms'] = DURATION.exec(text) ?? []
  const factor = MILLISECONDS[unit.toLowerCase()]
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor
}

/** Milliseconds from a time of the session: `02:05`, `1:02:05.250`, or a duration. */
export function parseTime(text: string): number | undefined {
  const [, hours = '0', minutes, seconds] = CLOCK.exec(text) ?? []
  if (minutes === undefined || seconds === undefined) return parseDuration(text)
  return (Number(hours) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000
}
