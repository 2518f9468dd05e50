/** Numbers with units in filters. */

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

/** Bytes of `200`, `1k`, `1.5MB`, `4KiB`; undefined if the text is not a size. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit = 'b'] = SIZE.exec(text) ?? []
  return scaled(digits, BYTES[unit.toLowerCase()])
}

/** Milliseconds of `500ms`, `1.5s`, `2m`; a number without a unit is in milliseconds. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit = 'ms'] = DURATION.exec(text) ?? []
  return scaled(digits, MILLISECONDS[unit.toLowerCase()])
}

/** Milliseconds of a session time: `02:05`, `1:02:05.250`, or a duration. */
export function parseTime(text: string): number | undefined {
  const [, hours = '0', minutes, seconds] = CLOCK.exec(text) ?? []
  if (minutes === undefined || seconds === undefined) return parseDuration(text)
  return settled((Number(hours) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000)
}

/** The value of the last place of a time or duration in milliseconds: a second in `02:05`, 100 ms in `1.5s`. */
export function lastPlace(text: string): number {
  const [, decimals = '', unit = text.includes(':') ? 's' : 'ms'] =
    /\d(?:\.(\d+))?([a-zµ]+)?$/i.exec(text) ?? []
  return settled((MILLISECONDS[unit.toLowerCase()] ?? 1) / 10 ** decimals.length)
}

function scaled(digits: string | undefined, factor: number | undefined): number | undefined {
  return digits === undefined || factor === undefined ? undefined : settled(Number(digits) * factor)
}

/** Removes the rounding error of a product: 1.001 s are 1001 ms, not 1000.9999999999999. */
function settled(value: number): number {
  return Number(value.toPrecision(15))
}
