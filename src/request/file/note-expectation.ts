/** Notes what is wrong with an expectation. */
import { FOREIGN_EXPECTATION, parseExpectation } from '../../shared/expectation.ts'
import { Failure } from '../../shared/failure.ts'
import type { Notes } from './notes.ts'
import type { Written } from './request-file.ts'

/** One with placeholders is checked when they are filled. */
export function noteExpectation({ text, start, end }: Written, notes: Notes): void {
  if (text.includes('{{')) return
  try {
    parseExpectation(text)
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    const severity = thrown.code === FOREIGN_EXPECTATION ? 'warning' : 'error'
    notes.add(severity, { start, end }, thrown.code, thrown.message)
  }
}
