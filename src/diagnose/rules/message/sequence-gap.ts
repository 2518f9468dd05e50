/** Values of a counter never came. */
import { formatCount, plural, shortSpan } from '../../../shared/text/quantities.ts'
import { MAX_EVENTS } from '../latest.ts'
import type { OddStep, Seen, Sequence } from './sequence.ts'
import { type SequenceFound, sequenceRule } from './sequence-rule.ts'

/** Missing values that a chart shows for each gap. */
const MAX_SHOWN = 20

function find(sequence: Sequence, name: string, on: string): SequenceFound | undefined {
  const { gaps, missing } = sequence
  const [largest] = [...gaps].sort((one, other) => other.missing - one.missing)
  const first = gaps[0]?.step
  const last = gaps.at(-1)?.step
  if (largest === undefined || first === undefined || last === undefined) return undefined
  const overReconnect = gaps.filter(({ step }) => step.isOverReconnect)
  const isAllOver = overReconnect.length === gaps.length
  const { before, after } = largest.step
  const went = `from ${formatCount(before.value)} to ${formatCount(after.value)}`
  const down = downOf(largest.step)
  const times = gaps.length === 1 ? `went ${went}` : `jumped ${gaps.length} times, by most ${went}`
  const downtime = down === undefined ? '' : ` for ${shortSpan(down.to - down.from)}${down.label}`
  const why = isAllOver
    ? ` The connection was down${downtime} in between, and the server went on from where it was rather than from what the client had.`
    : overReconnect.length === 0
      ? ' The connection was open all the time.'
      : ''
  return {
    count: missing,
    from: first.before.time,
    to: last.after.time,
    events: gaps.flatMap(({ step }) => [step.before.number, step.after.number]).slice(0, MAX_EVENTS),
    title: `${plural(missing, 'message')} ${missing === 1 ? 'was' : 'were'} lost${isAllOver ? over(gaps.length) : ''}`,
    message: `The counter ${name} on ${on} ${times}: ${plural(missing, 'value')} never came.${why}`,
    advice: isAllOver
      ? `Send the last ${name} when you connect again and let the server resume there, or ask for what was missed after each reconnect.`
      : `Look for what drops messages between the one that counts and the client: a full queue, a filter, a publisher of its own for each server. Let clients compare ${name}, and ask again for what is missing.`,
    evidence: {
      missing,
      gaps: gaps.length,
      overReconnect: overReconnect.length,
      before: before.value,
      after: after.value,
    },
    wrong: gaps.flatMap(({ step }) => missingIn(step)),
    spans: overReconnect.flatMap(({ step }) => {
      const span = downOf(step)
      return span === undefined
        ? []
        : [{ from: span.from, to: span.to, label: `down ${shortSpan(span.to - span.from)}` }]
    }),
  }
}

const over = (count: number) => (count === 1 ? ' over a reconnect' : ` over ${count} reconnects`)

/** When the connection was down during a step, if that is known. */
function downOf({ before, after, isOverReconnect, attempt: { openedAt, ending } }: OddStep) {
  if (!isOverReconnect || ending === undefined) return undefined
  const { endedAt, code } = ending
  if (endedAt < before.time || openedAt < endedAt || openedAt > after.time) return undefined
  return { from: endedAt, to: openedAt, label: code === undefined ? '' : ` (${code})` }
}

/** The values between, at times between. */
function missingIn({ before, after }: OddStep): Seen[] {
  const count = after.value - before.value - 1
  return Array.from({ length: Math.min(Math.max(count, 0), MAX_SHOWN) }, (_, at) => ({
    value: before.value + 1 + at,
    time: before.time + ((after.time - before.time) * (at + 1)) / (count + 1),
    number: 0,
  }))
}

export const sequenceGap = sequenceRule({
  name: 'sequence-gap',
  about: 'Values of a counter in the messages that never came',
  severity: 'error',
  counts: 'Values that never came',
  find,
})
