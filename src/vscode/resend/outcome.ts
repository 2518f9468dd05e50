/** What is said of a recording that is sent again. Imports nothing of `vscode`. */
import type { Resending, Resent } from '../../shared/protocol/resending.ts'

/** "40 messages" */
export function messagesOf(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'message' : 'messages'}`
}

/** "12 of 40 sent", and once all are, how many answers came. */
export function progressOf({ sent, of, answers, expected }: Resending): string {
  const [done, all, came, then] = [sent, of, answers, expected].map((count) => count.toLocaleString('en'))
  return sent < of ? `${done} of ${all} sent` : `all sent, ${came} of ${then} answers`
}

/** What came of it if it did not fail, and what of the recording could not be read, in sentences. */
export function outcomeOf({ problems = [], ...resent }: Resent): string {
  return [sentenceOf(resent), ...problems].join(' ')
}

function sentenceOf({ sent, of, answers, expected, cancelled }: Resent): string {
  if (cancelled) return `Cancelled after ${sent.toLocaleString('en')} of ${messagesOf(of)} were sent.`
  const [came, recorded] = [answers, expected].map((count) => count.toLocaleString('en'))
  const then = answers === expected ? 'as many as in the recording' : `${recorded} in the recording`
  return `Sent ${messagesOf(of)}; ${came} came back, ${then}.`
}
