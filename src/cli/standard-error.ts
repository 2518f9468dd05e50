/** Writes to standard error: one line for each sentence, without secrets and without terminal control characters. */
import { Failure, sentenceOf } from '../shared/failure.ts'
import { maskText } from '../shared/secrets.ts'
import { printable } from './pretty/terminal-text.ts'

/** Writes one line to standard error. */
export function printNotice(sentence: string): void {
  const line = sentence
    .split('\n')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ')
  process.stderr.write(`${printable(maskText(line))}\n`)
}

/** Writes why something failed, without a stack trace. */
export function printFailure(thrown: unknown): void {
  const sentence = sentenceOf(thrown)
  printNotice(thrown instanceof Failure ? sentence : `Something unexpected failed: ${sentence}`)
}
