/** Writes to standard error: one line for each sentence, without secrets and without terminal control characters. */
import { Failure, sentenceOf } from '../shared/failure.ts'
import { KnownSecrets } from '../shared/secrets/known-secrets.ts'
import { maskText } from '../shared/secrets.ts'
import { printable } from './pretty/terminal-text.ts'

/** Values that are never written. */
let secrets = new KnownSecrets()

/** Masks these secrets, and those that are added later, in everything that is written from now on. */
export function maskInErrors(known: KnownSecrets): void {
  secrets = known
}

/** Writes one line to standard error. */
export function printNotice(sentence: string): void {
  const line = sentence
    .split('\n')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ')
  process.stderr.write(`${printable(maskText(secrets.mask(line)))}\n`)
}

/** Writes a part of a question, or of the answer that the user types, on the terminal. */
export function writeQuestion(part: string | Uint8Array): void {
  process.stderr.write(part)
}

/** Moves to the start of the line and clears it (ECMA-48, EL). */
const CLEAR = '\r\x1b[K'
const DEFAULT_COLUMNS = 80

/** Whether a line can be written again and again. */
export function isTerminal(): boolean {
  return process.stderr.isTTY === true
}

/** Shows a state in the current line of the terminal, in place of the one before. An empty text clears the line. */
export function showState(text: string): void {
  const width = process.stderr.columns ?? DEFAULT_COLUMNS
  process.stderr.write(`${CLEAR}${printable(maskText(secrets.mask(text))).slice(0, width - 1)}`)
}

/** Writes why something failed, without a stack trace. */
export function printFailure(thrown: unknown): void {
  const sentence = sentenceOf(thrown)
  printNotice(thrown instanceof Failure ? sentence : `Something unexpected failed: ${sentence}`)
}
