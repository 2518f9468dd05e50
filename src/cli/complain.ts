import { Failure, sentenceOf } from '../shared/failure.ts'
import { printable } from './pretty/text.ts'

/** Says on standard error, in one line, why something failed; never a stack trace. */
export function complain(thrown: unknown): void {
  const message = sentenceOf(thrown)
  const line = printable(message.replaceAll(/\s*\n\s*/g, ' '))
  process.stderr.write(thrown instanceof Failure ? `${line}\n` : `Something unexpected failed: ${line}\n`)
}
