import picocolors from 'picocolors'
import type { Colors } from 'picocolors/types'

/**
 * Colours for standard output: as asked; else none where NO_COLOR is set (no-color.org); else as FORCE_COLOR
 * says where it is set; else where standard output is a terminal that is not dumb.
 */
export function chooseColors(asked: boolean | undefined): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  const byEnvironment =
    !NO_COLOR && (FORCE_COLOR ? FORCE_COLOR !== '0' : TERM !== 'dumb' && process.stdout.isTTY === true)
  return picocolors.createColors(asked ?? byEnvironment)
}
