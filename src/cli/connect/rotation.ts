/** What `--rotate` says: when a new file begins, and how many are kept. */
import { Failure } from '../../shared/failure.ts'
import { parseDuration, parseSize } from '../../shared/filter/units.ts'
import { MAX_TIMER_DELAY } from '../../shared/timer-delay.ts'
import { UsageError } from '../command-line.ts'

export interface Rotation {
  /** Bytes of a file after which the next one begins. */
  readonly size?: number
  /** Milliseconds after which the next file begins. */
  readonly time?: number
  /** Files that are kept. */
  readonly keep: number
}

export const MAX_KEPT_FILES = 100_000
const DEFAULT_KEEP = 10
const MIN_SIZE = 4096
const MIN_TIME = 1000

/** Reads `100MB` or `1h`. Throws a `Failure`. */
export function readRotation(text: string): Omit<Rotation, 'keep'> {
  const typed = text.trim()
  const size = /b$/i.test(typed) ? parseSize(typed) : undefined
  if (size !== undefined && size >= MIN_SIZE) return { size }
  const time = /[a-z]$/i.test(typed) ? parseDuration(typed) : undefined
  if (time !== undefined && time >= MIN_TIME && time <= MAX_TIMER_DELAY) return { time }
  throw new Failure(
    'BAD_VALUE',
    'It must be a size of at least 4 kB or a time from 1 s to 24 days, with its unit, such as 100MB or 1h.',
  )
}

/** The rotation of the options. Throws a `UsageError` if they lack the file. */
export function rotationOf({
  save,
  rotate,
  rotateKeep,
}: {
  readonly save?: string
  readonly rotate?: Omit<Rotation, 'keep'>
  readonly rotateKeep?: number
}): Rotation | undefined {
  if (rotate === undefined) {
    if (rotateKeep !== undefined)
      throw new UsageError('--rotate-keep says how many files to keep; add --rotate.')
    return undefined
  }
  if (save === undefined)
    throw new UsageError('--rotate divides the saved session into files; add --save FILE.')
  return { ...rotate, keep: rotateKeep ?? DEFAULT_KEEP }
}
