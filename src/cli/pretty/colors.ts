import picocolors from 'picocolors'
import type { Colors } from 'picocolors/types'

/**
 * Colours for standard output: as asked; else none where NO_COLOR is set (no-color.org) or the terminal is
 * dumb; else where FORCE_COLOR is set or standard output is a terminal.
 */
export function chooseColors(asked: boolean | undefined): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  const byEnvironment =
    !NO_COLOR && TERM !== 'dumb' && (FORCE_COLOR ? FORCE_COLOR !== '0' : process.stdout.isTTY === true)
  return picocolors.createColors(asked ?? byEnvironment)
}
