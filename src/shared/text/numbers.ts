/** Writes numbers as the language groups digits and separates decimals: English, unless the editor has another one. */

interface Formats {
  readonly count: Intl.NumberFormat
  /** By number of decimals. */
  readonly decimals: readonly Intl.NumberFormat[]
}

const MOST_DECIMALS = 3

function formatsOf(language: string): Formats {
  const decimals = Array.from({ length: MOST_DECIMALS + 1 }, (_, digits) => {
    const fixed = { minimumFractionDigits: digits, maximumFractionDigits: digits }
    return new Intl.NumberFormat(language, { ...fixed, useGrouping: false })
  })
  return { count: new Intl.NumberFormat(language, { maximumFractionDigits: 0 }), decimals }
}

let language = 'en'
/** Made with the first number, because making it would take 10 ms of the start of a program. */
let made: Formats | undefined

function formats(): Formats {
  made ??= formatsOf(language)
  return made
}

/** Call once, before anything is written. A language that is not a valid tag changes nothing. */
export function setNumberLanguage(tag: string): void {
  try {
    Intl.getCanonicalLocales(tag)
  } catch {
    return
  }
  language = tag
  made = undefined
}

/** A whole number in groups: `48,226`. */
export function formatCount(value: number): string {
  return formats().count.format(Math.round(value))
}

/** A number with at most three decimals, which are always written: `16.4`. */
export function formatDecimal(value: number, decimals: number): string {
  const { count, decimals: fixed } = formats()
  return (fixed[decimals] ?? count).format(Number(value.toFixed(decimals)))
}

/** A date, given in milliseconds since 1970, with the parts in `options`. */
export function formatDateParts(at: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, options).format(at)
}
